import { setTimeout as wait } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { db, openDatabase } from "@/db/client";
import { serviceCreateRun } from "@/lib/golden-paths/jobs";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { readRun } from "@/lib/runs/read";

// One worker process for one run of service.create, to be killed by WAYMARK_FAIL_AT. Usage: service-worker.ts <app url> <run id> <worker id>
const [, , appUrl = "", runId = "", workerId = ""] = process.argv;
openDatabase(appUrl, { max: 4 });
await db().execute(sql`insert into workers (id, host, pid) values (${workerId}, 'test', ${process.pid}) on conflict (id) do update set heartbeat_at = now()`);
const kinds = new Map([[serviceCreateRun.kind, serviceCreateRun as unknown as RunKind]]);
while (["queued", "running"].includes((await readRun(db(), runId)).status)) {
  await executeRun(runId, workerId, kinds, new Map());
  await wait(50);
}
process.exit(0);
