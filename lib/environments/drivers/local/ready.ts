import { type FSWatcher, watch } from "node:fs";
import { lstat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { EnvironmentManifest } from "../../manifest";
import type { Place } from "./place";
import { probe } from "./probe";
import { livingRun } from "./run-record";
import { neverReady, processExited } from "./start-failures";

interface Waiting {
  signal: AbortSignal;
  timeoutMs: number;
  groups: string[];
  log(text: string, level?: "error"): void;
}

const PROBE_TIMEOUT_MS = 5_000;
const FAST_MS = 10;
const FAST_PHASE_MS = 3_000;
const SLOW_MS = 100;

type Spec = EnvironmentManifest["spec"];

async function look({ socket }: Place, { health, ready }: Spec) {
  const first = await probe(socket, ready, PROBE_TIMEOUT_MS);
  if (!first.ok || health === ready) return { ...first, path: ready };
  return { ...(await probe(socket, health, PROBE_TIMEOUT_MS)), path: health };
}

/** Wakes its one waiter when something happens in a folder; without inotify it only lets time pass. */
class FolderBell {
  private readonly watcher: FSWatcher | null;
  private wake: () => void = () => {};
  private rung = false;

  constructor(folder: string) {
    this.watcher = FolderBell.open(folder, () => {
      this.rung = true;
      this.wake();
    });
  }

  private static open(folder: string, ring: () => void): FSWatcher | null {
    try {
      return watch(folder, { persistent: false }, ring).on("error", ring);
    } catch {
      // The machine's limit of watches is reached: the caller looks again and again instead.
      return null;
    }
  }

  /** Resolves at the next event, or one since the last wait, or after `ms`. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    const ringing = new Promise<void>((resolve) => {
      this.wake = resolve;
      if (this.rung) resolve();
    });
    await Promise.race([ringing, delay(this.watcher ? ms : FAST_MS, undefined, { signal })]);
    this.rung = false;
  }

  close(): void {
    this.watcher?.close();
  }
}

async function pause(place: Place, bell: FolderBell, isSilent: boolean, waited: number, signal: AbortSignal): Promise<void> {
  const isThere = !isSilent || (await lstat(place.socket).catch(() => null)) !== null;
  if (isThere) await delay(waited < FAST_PHASE_MS ? FAST_MS : SLOW_MS, undefined, { signal });
  else await bell.wait(SLOW_MS, signal);
}

/**
 * Waits until readiness (which includes the service's database) and health are both good; returns milliseconds.
 * Throws StepFailure at once when the process ends, or after the time-out with what was last seen.
 */
export async function untilReady(place: Place, spec: Spec, { signal, timeoutMs, groups, log }: Waiting): Promise<number> {
  const begun = performance.now();
  const bell = new FolderBell(place.socketDir);
  try {
    for (;;) {
      const seen = await look(place, spec);
      const waited = performance.now() - begun;
      if (seen.ok) return Math.round(waited);
      if (!(await livingRun(place.run))) throw await processExited(place, groups, waited, log);
      if (waited > timeoutMs) throw neverReady(Math.round(timeoutMs / 1000), seen, seen.isSilent);
      await pause(place, bell, seen.isSilent, waited, signal);
    }
  } finally {
    bell.close();
  }
}
