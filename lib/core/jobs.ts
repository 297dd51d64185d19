import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";

/** Enqueues a job in the caller's transaction; with `jobKey` at most one such job waits. Executed by lib/worker. */
export async function enqueue(on: Connection, task: string, payload: Record<string, unknown>, options: { jobKey?: string; runAt?: Date } = {}): Promise<void> {
  await on.execute(sql`select enqueue_job(${task}, ${JSON.stringify(payload)}::json, ${options.jobKey ?? null}, ${options.runAt?.toISOString() ?? null}::timestamptz)`);
}
