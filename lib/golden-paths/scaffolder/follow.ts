import { setTimeout as wait } from "node:timers/promises";
import type { Ctx } from "@/lib/core/ctx";
import type { EventSink } from "@/lib/core/http/event-stream";
import { onRunChange } from "@/lib/core/live";
import { readTaskEvents, type TaskEvent } from "./tasks";

const RECHECK_MS = 5_000;
/** Backstage's client asks again at once, so an empty answer is held back this long. */
const HELD_MS = 20_000;

/** Waits until something happened after the line, at most 20 s. */
export async function nextTaskEvents(ctx: Ctx, id: string, after: number, signal: AbortSignal): Promise<TaskEvent[]> {
  let found: TaskEvent[] = [];
  await watch(id, AbortSignal.any([signal, AbortSignal.timeout(HELD_MS)]), async () => {
    const { events } = await readTaskEvents(ctx, { id, after });
    found = events;
    return events.length > 0;
  });
  return found;
}

/** Sends `log` events as they happen and `completion` at the end. `refresh` authenticates the caller again. */
export async function followTask(sink: EventSink, id: string, after: number, refresh: () => Promise<Ctx>): Promise<void> {
  let last = after;
  const shown = new Set<string>();
  await watch(id, sink.signal, async () => {
    const { events, after: next, isOver } = await readTaskEvents(await refresh(), { id, after: last });
    last = next;
    for (const event of events) {
      const isRepeat = "status" in event.body && shown.has(`${event.body.stepId}|${event.body.status}`);
      if ("status" in event.body) shown.add(`${event.body.stepId}|${event.body.status}`);
      if (!isRepeat) sink.send(event.type, event, event.id);
    }
    return isOver;
  });
}

/** Looks at every change of the run, and every few seconds, until it has seen enough or the signal ends it. */
async function watch(id: string, signal: AbortSignal, look: () => Promise<boolean>): Promise<void> {
  let wake = new AbortController();
  const stop = await onRunChange(id, () => wake.abort());
  signal.addEventListener("abort", () => wake.abort(), { once: true });
  try {
    while (!signal.aborted) {
      wake = new AbortController();
      if (await look()) return;
      if (!signal.aborted) await wait(RECHECK_MS, undefined, { signal: wake.signal }).catch(() => {});
    }
  } finally {
    stop();
  }
}
