import { log } from "@/lib/core/log";

/** Repeats the work, first at once and then `ms` after each end; a failure is logged and the next turn comes all the same. */
export function every(ms: number, name: string, work: () => Promise<unknown>): { stop(): void } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const turn = async () => {
    try {
      await work();
    } catch (error) {
      log().warn({ err: error, loop: name }, "a periodic task failed");
    }
    if (!stopped) timer = setTimeout(turn, ms);
  };
  void turn();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
