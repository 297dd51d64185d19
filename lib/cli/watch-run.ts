import { setTimeout as wait } from "node:timers/promises";
import type { LogLine, Run } from "@/lib/runs/contract";
import type { Client } from "./client";
import { EXIT, Exit } from "./exit";
import { readEvents } from "./sse";

// A run is watched over the portal's event stream. When the stream is cut, it is opened again after the last line seen; when none opens,
// or something between buffers it, the run is asked for every half second instead. A portal that restarts is waited for.

export type Sighting = { run: Run } | { line: LogLine };

const POLL_MS = 500;
const REOPEN_MS = 500;
/** The portal sends a sign of life every 10 s. */
const SILENCE_MS = 25_000;
const FIRST_SIGN_MS = 5_000;
const AWAY_MS = 60_000;
const PAGE = 1_000;

export const runPath = (id: string) => `/api/v1/runs/${encodeURIComponent(id)}`;

/** True once nothing more will happen to a run. */
export const isOver = (run: Run) => Boolean(run.finishedAt) && run.status !== "queued" && run.status !== "running";

/** Yields every state and every log line of a run, each line once, until it is over. Throws Exit when the portal refuses or stays away for a minute. */
export async function* watchRun(client: Client, id: string, signal: AbortSignal): AsyncGenerator<Sighting> {
  const seen = { seq: 0, isOver: false };
  for (let heard = true; heard; ) {
    heard = false;
    for await (const sighting of streamOnce(client, id, seen, signal)) {
      heard = true;
      yield sighting;
    }
    if (seen.isOver) return;
    if (heard) await wait(REOPEN_MS, undefined, { signal });
  }
  yield* poll(client, id, seen, signal);
}

/** One opening of the stream; ends when it is over, cut, silent or not offered. */
async function* streamOnce(client: Client, id: string, seen: { seq: number; isOver: boolean }, signal: AbortSignal): AsyncGenerator<Sighting> {
  const silent = new AbortController();
  let alarm = setTimeout(() => silent.abort(), FIRST_SIGN_MS);
  try {
    const answer = await client.stream(`${runPath(id)}/events`, AbortSignal.any([signal, silent.signal]), seen.seq);
    if (!answer.ok || !answer.body || !answer.headers.get("content-type")?.startsWith("text/event-stream")) return void (await answer.body?.cancel());
    const alive = async function* (body: AsyncIterable<Uint8Array>) {
      for await (const chunk of body) {
        clearTimeout(alarm);
        alarm = setTimeout(() => silent.abort(), SILENCE_MS);
        yield chunk;
      }
    };
    for await (const { event, data } of readEvents(alive(answer.body))) {
      if (event === "run") {
        const run = JSON.parse(data) as Run;
        yield { run };
        // The stream may be cut before it says `end`.
        seen.isOver = isOver(run) && seen.seq >= run.logLines;
      }
      if (event === "end") seen.isOver = true;
      if (seen.isOver) return;
      if (event !== "log") continue;
      const line = JSON.parse(data) as LogLine;
      if (line.seq <= seen.seq) continue;
      seen.seq = line.seq;
      yield { line };
    }
  } catch (error) {
    // Cut, silent or unreadable: the caller opens it again or asks instead. Only Ctrl-C ends the watch here.
    if (signal.aborted) throw error;
  } finally {
    clearTimeout(alarm);
  }
}

async function* poll(client: Client, id: string, seen: { seq: number }, signal: AbortSignal): AsyncGenerator<Sighting> {
  for (let lastAnswer = performance.now(); ; await wait(POLL_MS, undefined, { signal })) {
    try {
      const run = await client.call<Run>("GET", runPath(id), undefined, signal);
      for await (const line of linesAfter(client, id, seen.seq, signal)) {
        seen.seq = line.seq;
        yield { line };
      }
      yield { run };
      if (isOver(run)) return;
      lastAnswer = performance.now();
    } catch (error) {
      const isAway = error instanceof Exit && error.code === EXIT.unreachable && performance.now() - lastAnswer < AWAY_MS;
      if (!isAway) throw error;
    }
  }
}

/** The log lines of a run after a sequence number, as far as they are written now. */
export async function* linesAfter(client: Client, id: string, after: number, signal?: AbortSignal): AsyncGenerator<LogLine> {
  for (let last = after; ; ) {
    const { items } = await client.call<{ items: LogLine[] }>("GET", `${runPath(id)}/logs?after=${last}&limit=${PAGE}`, undefined, signal);
    yield* items;
    last = items.at(-1)?.seq ?? last;
    if (items.length < PAGE) return;
  }
}
