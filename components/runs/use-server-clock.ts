import { useEffect, useState } from "react";

const TICK_MS = 200;

/** The server's time in milliseconds, going on from when the page was made; it stands still once `stopped`. */
export function useServerClock(serverNow: string, stopped: boolean): number {
  const [now, setNow] = useState(Date.parse(serverNow));
  useEffect(() => {
    if (stopped) return;
    const skew = Date.parse(serverNow) - (performance.timeOrigin + performance.now());
    const timer = setInterval(() => setNow(performance.timeOrigin + performance.now() + skew), TICK_MS);
    return () => clearInterval(timer);
  }, [stopped, serverNow]);
  return now;
}
