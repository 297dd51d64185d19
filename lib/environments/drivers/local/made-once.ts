import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Kept, REMOVAL } from "./kept";
import { identify } from "./process-identity";
import { claimRun, livingRun } from "./run-record";

const POLL_MS = 100;

export interface Reporter {
  signal: AbortSignal;
  log(text: string): void;
}

/**
 * Makes folders that environments share, each once per machine however many runs and processes want it; half of one is never seen.
 * Who wants one marks it as used before looking for it, so that no removal takes it away meanwhile.
 */
export class MadeOnce {
  private readonly underway = new Map<string, Promise<void>>();

  constructor(
    private readonly isComplete: (place: string) => Promise<boolean>,
    private readonly kept: Kept,
  ) {}

  /** True if it had to be made. `app`: the sources that need it. Runs of this process share the work, which goes on when one of them is cancelled. */
  async ensure(place: string, app: string, report: Reporter, waiting: string, make: (part: string) => Promise<void>): Promise<boolean> {
    await this.kept.use(place, app);
    if (!(await livingRun(`${place}.lock`)) && (await this.isComplete(place))) return false;
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
  private async exclusively(place: string, make: (part: string) => Promise<void>): Promise<void> {
    const self = await identify(process.pid);
    if (!self) throw new Error("this process cannot identify itself");
    const lock = `${place}.lock`;
    for (;;) {
      const other = await claimRun(lock, { ...self, environmentId: place });
      if (!other) break;
      // Behind a removal's lock it may still be whole, and go the next moment.
      if (other.environmentId !== REMOVAL && (await this.isComplete(place))) return;
      await delay(POLL_MS);
    }
    try {
      if (!(await this.isComplete(place))) await inPart(place, make);
    } finally {
      await rm(lock, { force: true });
    }
  }
}

/** Makes it in a folder beside its place, which it takes when it is whole. Parts that a dead process left are removed. */
async function inPart(place: string, make: (part: string) => Promise<void>): Promise<void> {
  const [root, name] = [path.dirname(place), path.basename(place)];
  for (const other of await readdir(root)) {
    if (other.startsWith(`${name}.part-`)) await rm(path.join(root, other), { recursive: true, force: true });
  }
  const part = `${place}.part-${randomBytes(6).toString("hex")}`;
  await mkdir(part, { mode: 0o755 });
  try {
    await make(part);
    // What is there now was incomplete, or this would not have begun.
    await rm(place, { recursive: true, force: true });
    await rename(part, place);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}
