import { setTimeout as wait } from "node:timers/promises";

/** Asks again every 20 ms until the answer is there. Throws after `deadlineMs` with what was waited for. */
export async function until<T>(what: string, ask: () => Promise<T | null | undefined | false>, deadlineMs = 60_000): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms in vain for ${what}`);
    await wait(20);
  }
}
