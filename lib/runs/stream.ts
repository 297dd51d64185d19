import "server-only";
import { setTimeout as wait } from "node:timers/promises";
import type { Ctx } from "@/lib/core/ctx";
import type { EventSink } from "@/lib/core/http/event-stream";
import { onRunChange } from "@/lib/core/live";
import type { Run } from "./contract";
import { getRun, readRunLog } from "./queries";

/** Re-checks permission and state at least this often, also when nothing happens. */
const RECHECK_MS = 10_000;
const PAGE = 1_000;

/**
 * Follows a run: `log` events (id = sequence number, for Last-Event-ID), `run` whenever it changed, `end` when it is over.
 * `refresh` authenticates the caller again; the stream closes when they may no longer read the run.
 */
export async function followRun(sink: EventSink, id: string, after: number, refresh: () => Promise<Ctx>): Promise<void> {
  let changed = true;
  let wake = new AbortController();
  const stop = await onRunChange(id, () => {
    changed = true;
    wake.abort();
  });
  const leave = () => wake.abort();
  sink.signal.addEventListener("abort", leave, { once: true });
  let last = after;
  let shown = "";
  try {
    while (!sink.signal.aborted) {
      changed = false;
      wake = new AbortController();
      const ctx = await refresh();
      const run = await getRun(ctx, { id });
      last = await sendLines(sink, ctx, id, last);
      const text = JSON.stringify(run);
      if (text !== shown) sink.send("run", run);
      shown = text;
      if (run.finishedAt && run.status !== "queued" && last >= run.logLines) {
        sink.send("end", { status: run.status });
        return;
      }
      if (!changed) await sleep(RECHECK_MS, wake);
    }
  } finally {
    stop();
    sink.signal.removeEventListener("abort", leave);
  }
}

/** Waits so long, or until woken. */
const sleep = (ms: number, { signal }: AbortController) => wait(ms, undefined, { signal }).catch(() => {});

/**
 * The run when it has ended, or as it is after `waitMs`. `refresh` authenticates the caller again before each look:
 * it throws once they may no longer read the run.
 */
export async function waitForRun(id: string, waitMs: number, signal: AbortSignal, refresh: () => Promise<Ctx>): Promise<Run> {
  const until = performance.now() + waitMs;
  let wake = new AbortController();
  const stop = await onRunChange(id, (isOver) => {
    if (isOver) wake.abort();
  });
  const end = () => wake.abort();
  signal.addEventListener("abort", end, { once: true });
  try {
    for (;;) {
      wake = new AbortController();
      const run = await getRun(await refresh(), { id });
      const left = until - performance.now();
      if (run.finishedAt || left <= 0 || signal.aborted) return run;
      await sleep(Math.min(left, RECHECK_MS), wake);
    }
  } finally {
    stop();
    signal.removeEventListener("abort", end);
  }
}

async function sendLines(sink: EventSink, ctx: Ctx, id: string, after: number): Promise<number> {
  let last = after;
  for (;;) {
    const { items } = await readRunLog(ctx, { id, after: last, limit: PAGE });
    for (const line of items) sink.send("log", line, line.seq);
    last = items.at(-1)?.seq ?? last;
    if (items.length < PAGE) return last;
  }
}
