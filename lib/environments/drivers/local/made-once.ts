import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { identify } from "./process-identity";
import { claimRun } from "./run-record";

const POLL_MS = 100;

export interface Reporter {
  signal: AbortSignal;
  log(text: string): void;
}

/** Makes folders that environments share, each once per machine however many runs and processes want it. */
export class MadeOnce {
  private readonly underway = new Map<string, Promise<void>>();

  constructor(private readonly isComplete: (place: string) => Promise<boolean>) {}

  /** True if it had to be made. Runs of this process share the work, which goes on when one of them is cancelled. */
  async ensure(place: string, report: Reporter, waiting: string, make: () => Promise<void>): Promise<boolean> {
    if (await this.isComplete(place)) return false;
    let work = this.underway.get(place);
    if (!work) {
      work = this.exclusively(place, make).finally(() => this.underway.delete(place));
      this.underway.set(place, work);
    } else report.log(waiting);
    const aborted = new Promise<never>((_, reject) => report.signal.addEventListener("abort", () => reject(report.signal.reason), { once: true }));
    report.signal.throwIfAborted();
    await Promise.race([work, aborted]);
    return true;
  }

  /** One process of the machine works; the others wait for it, and take over if it dies. */
  private async exclusively(place: string, make: () => Promise<void>): Promise<void> {
    const self = await identify(process.pid);
    if (!self) throw new Error("this process cannot identify itself");
    const lock = `${place}.lock`;
    while (await claimRun(lock, { ...self, environmentId: place })) {
      if (await this.isComplete(place)) return;
      await delay(POLL_MS);
    }
    try {
      if (!(await this.isComplete(place))) await make();
    } finally {
      await rm(lock, { force: true });
    }
  }
}
