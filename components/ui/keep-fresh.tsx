"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const BUSY_MS = 2_000;
const AWAKE_MS = 4_000;
const CALM_MS = 30_000;
/** So long after arriving, coming back to the tab, or the end of work a reader is likely to wait for something. */
const AWAKE_FOR_MS = 60_000;

/** Reads the page again by itself: often while something on it is at work or has just been, seldom later. A hidden tab asks nothing. */
export function KeepFresh({ busy }: { busy: boolean }) {
  const router = useRouter();
  useEffect(() => {
    let awakeUntil = performance.now() + AWAKE_FOR_MS;
    let timer: ReturnType<typeof setTimeout>;
    const next = () => {
      timer = setTimeout(read, busy ? BUSY_MS : performance.now() < awakeUntil ? AWAKE_MS : CALM_MS);
    };
    const read = () => {
      if (document.visibilityState === "visible") router.refresh();
      next();
    };
    const onVisible = () => {
      if (document.visibilityState !== "visible") return;
      awakeUntil = performance.now() + AWAKE_FOR_MS;
      clearTimeout(timer);
      read();
    };
    next();
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [busy, router]);
  return null;
}
