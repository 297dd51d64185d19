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

/** Calls back whenever something of the run changed (and after a reconnect). Returns the way to stop. */
export async function onRunChange(runId: string, listener: Listener): Promise<() => void> {
  const { listeners, ready } = hub();
  const set = listeners.get(runId) ?? new Set();
  listeners.set(runId, set.add(listener));
  await ready;
  return () => {
    set.delete(listener);
    if (set.size === 0) listeners.delete(runId);
  };
}
