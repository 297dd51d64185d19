"use client";

import { useEffect, useRef } from "react";

const ROOM = 24;

/** Scrolls the list that it stands in so far that its current item can be seen; `current` names that item. */
export function CurrentInView({ current }: { current: string }) {
  const here = useRef<HTMLSpanElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another current item is the reason to scroll
  useEffect(() => {
    const list = here.current?.parentElement;
    const item = list?.querySelector("[aria-current]");
    if (!list || !item) return;
    const [seen, wanted] = [list.getBoundingClientRect(), item.getBoundingClientRect()];
    const missing = (from: number, to: number, first: number, last: number) => (to > last ? to - last + ROOM : from < first ? from - first - ROOM : 0);
    list.scrollBy({ left: missing(wanted.left, wanted.right, seen.left, seen.right), top: missing(wanted.top, wanted.bottom, seen.top, seen.bottom) });
  }, [current]);
  return <span ref={here} hidden />;
}
