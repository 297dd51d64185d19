"use client";

import { useEffect, useState } from "react";
import { absoluteTime, relativeTime } from "@/lib/core/format";

/** A moment: relative, with the absolute time on hover. The first paint is the server's; then it keeps itself fresh, also when the moment moves. */
export function Time({ at, now }: { at: string; now?: string }) {
  const [current, setCurrent] = useState(() => (now ? Date.parse(now) : Date.parse(at)));
  useEffect(() => {
    const tick = () => setCurrent(performance.timeOrigin + performance.now());
    tick();
    const timer = setInterval(tick, 30_000);
    return () => clearInterval(timer);
  }, [at]);
  return (
    <time dateTime={at} title={absoluteTime(at)} className="nowrap" suppressHydrationWarning>
      {relativeTime(Date.parse(at), current)}
    </time>
  );
}
