import { EventEmitter } from "node:events";
import { Logger, run, type TaskList, type WorkerEvents } from "graphile-worker";
import { log } from "@/lib/core/log";

const CONCURRENCY = 12;

export interface Queue {
  /** The names under which this process locks jobs. */
  ids: string[];
  /** Resolves when the jobs under way have ended. */
  stop(): Promise<void>;
}

/** Takes jobs from the queue and does them; `connectionString` is the role that owns the queue. */
export async function openQueue(connectionString: string, taskList: TaskList): Promise<Queue> {
  const ids: string[] = [];
  const events = new EventEmitter() as WorkerEvents;
  events.on("worker:create", ({ worker }) => ids.push(worker.workerId));
  const runner = await run({
    connectionString,
    concurrency: CONCURRENCY,
    maxPoolSize: CONCURRENCY + 3,
    pollInterval: 2_000,
    noHandleSignals: true,
    logger: new Logger(() => (level, message) => {
      if (level === "error" || level === "warning") log().warn({ queue: message }, "queue");
    }),
    events,
    taskList,
  });
  return { ids, stop: () => runner.stop() };
}
