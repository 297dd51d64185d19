import { sqlClient } from "@/db/client";

/** `isOver`: the run has ended, so that there is no more to wait for. */
type Listener = (isOver: boolean) => void;

interface Hub {
  listeners: Map<string, Set<Listener>>;
  ready: Promise<unknown>;
}

const store = globalThis as typeof globalThis & { __waymarkLive?: Hub };

// One LISTEN connection per process serves every open stream; postgres.js reconnects it by itself.
function hub(): Hub {
  if (store.__waymarkLive) return store.__waymarkLive;
  const listeners = new Map<string, Set<Listener>>();
  const notify = (payload: string) => {
    const [runId = "", what] = payload.split(" ");
    for (const listener of listeners.get(runId) ?? []) listener(what === "over");
  };
  const everything = () => {
    for (const set of listeners.values()) for (const listener of set) listener(true);
  };
  const opened: Hub = { listeners, ready: sqlClient().listen("waymark_run", notify, everything) };
  store.__waymarkLive = opened;
  return opened;
}

/** A run under way says many times a second that it changed, and each look costs its reader several queries. */
const REST_MS = 50;

/** Passes on one change in 50 ms, the last one at the latest then; the end at once. */
function paced(listener: Listener): { hear: Listener; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = (isOver: boolean) => {
    clearTimeout(timer);
    timer = undefined;
    toldAt = performance.now();
    listener(isOver);
  };
  const hear = (isOver: boolean) => {
    const left = toldAt + REST_MS - performance.now();
    if (isOver || left <= 0) tell(isOver);
    else timer ??= setTimeout(tell, left, false);
  };
  return { hear, stop: () => clearTimeout(timer) };
}

/** Calls back when something of the run changed, and after a reconnect; 20 times a second at most. Returns the way to stop. */
export async function onRunChange(runId: string, listener: Listener): Promise<() => void> {
  const { listeners, ready } = hub();
  const { hear, stop } = paced(listener);
  const set = listeners.get(runId) ?? new Set();
  listeners.set(runId, set.add(hear));
  await ready;
  return () => {
    stop();
    set.delete(hear);
    if (set.size === 0) listeners.delete(runId);
  };
}
