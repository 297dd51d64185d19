import { setTimeout as wait } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { db, openDatabase } from "@/db/client";
import { runs } from "@/db/schema";
import { executeRun } from "@/lib/runs/engine/execute";
import { readRun } from "@/lib/runs/read";
import { runKinds } from "@/lib/worker/run-kinds";

// One worker process for one run and the runs that it begins, to be killed by WAYMARK_FAIL_AT. Usage: run-worker.ts <app url> <run id> <worker id>
const [, , appUrl = "", runId = "", workerId = ""] = process.argv;
openDatabase(appUrl, { max: 4 });
await db().execute(sql`insert into workers (id, host, pid) values (${workerId}, 'test', ${process.pid}) on conflict (id) do update set heartbeat_at = now()`);
const begun = async () => (await db().select({ id: runs.id }).from(runs).where(sql`status in ('queued', 'running') and worker_id is null and id > ${runId}`)).map((run) => run.id);
while (["queued", "running"].includes((await readRun(db(), runId)).status)) {
  await Promise.all([runId, ...(await begun())].map((id) => executeRun(id, workerId, runKinds, new Map())));
  await wait(50);
}
process.exit(0);
