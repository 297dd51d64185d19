import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, inject } from "vitest";
import { stringify } from "yaml";
import { db } from "@/db/client";
import { environments, runs } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { databaseNow } from "@/lib/core/ctx";
import { localDriver } from "@/lib/environments/drivers/local";
import { livingRun } from "@/lib/environments/drivers/local/run-record";
import { createRun, deleteRun, restartRun } from "@/lib/environments/jobs";
import { createEnvironment } from "@/lib/environments/mutations";
import { publishFiles } from "@/lib/golden-paths/mutations";
import type { Run } from "@/lib/runs/contract";
import { executeRun } from "@/lib/runs/engine/execute";
import { endOverdue } from "@/lib/runs/engine/sweep";
import type { RunKind } from "@/lib/runs/engine/types";
import { readRun } from "@/lib/runs/read";
import { removeSandboxHome } from "../../scripts/launcher/sandbox-home.mjs";
import { askSocket } from "./local-driver";
import { useOwnDatabase } from "./own-database";
import { writeSampleApp } from "./sample-app";
import { until } from "./until";

const WORKER = "wrk_sampleworld";

export interface SampleWorld {
  /** Where worker processes of their own find the database. */
  appUrl(): string;
  /** Does a run to its end as a worker would, also one that waits for the outside. */
  settle(runId: string): Promise<Run>;
  /** Claims a run once: returns when it ended or was set aside. */
  claim(runId: string): Promise<void>;
  /** A ready environment of the sample service. */
  environment(ctx: Ctx, options?: { name?: string; entityRef?: string; tier?: "development" | "staging" }): Promise<{ id: string; name: string }>;
  /** Asks the service of an environment. */
  ask(environmentId: string, target: string): Promise<string>;
}

/** A database of the test file's own with the local driver on a throw-away data directory. */
export function useSampleWorld(more: RunKind<never>[] = []): SampleWorld {
  let dataDir = "";
  const kinds = new Map([createRun, restartRun, deleteRun, ...more].map((kind) => [kind.kind, kind as unknown as RunKind]));
  beforeAll(async () => {
    const { sandboxAdminUrl, socketDir } = inject("postgres");
    dataDir = await mkdtemp(path.join(tmpdir(), "wm-world-"));
    Object.assign(process.env, { WAYMARK_DATA_DIR: dataDir, WAYMARK_SANDBOX_DATABASE_URL: sandboxAdminUrl, WAYMARK_SANDBOX_SOCKET_DIR: socketDir });
  });
  const own = useOwnDatabase();
  beforeAll(async () => {
    await db().transaction(async (tx) => publishFiles(tx, await sampleFiles(dataDir), { note: "", publishedBy: null, now: new Date() }));
  });
  afterAll(async () => {
    const left = await db().select().from(environments);
    for (const row of left) await localDriver.removeOrphan(row.id);
    for (const name of await readdir(path.join(dataDir, "sandboxes")).catch(() => [])) {
      const relay = await livingRun(path.join(dataDir, "sandboxes", name, "run.json"));
      if (relay) process.kill(-relay.pid, "SIGKILL");
    }
    await localDriver.close();
    removeSandboxHome(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  });

  const claim = (runId: string) => executeRun(runId, WORKER, kinds, new Map());
  // Other runs that it begins, such as removals, are done beside it.
  const open = async () => (await db().select({ id: runs.id }).from(runs).where(sql`status in ('queued', 'running') and worker_id is null`)).map((run) => run.id);
  const settle = (runId: string) =>
    until(`run ${runId} to end`, async () => {
      await Promise.all([...new Set([runId, ...(await open())])].map(claim));
      await endOverdue(kinds);
      const run = await readRun(db(), runId);
      return run.finishedAt ? run : null;
    });
  return {
    appUrl: () => own.current().appUrl,
    claim,
    settle,
    async environment(ctx, options = {}) {
      const { environment, run } = await createEnvironment({ ...ctx, now: await databaseNow() }, { goldenPath: "sample", ...(options.name ? { name: options.name } : {}) });
      const ended = await settle(run.id);
      if (ended.status !== "succeeded") throw new Error(JSON.stringify(ended.outcome));
      const { entityRef, tier } = options;
      if (entityRef)
        await db()
          .update(environments)
          .set({ entityRef, tier: tier ?? "development", lifetime: "permanent" })
          .where(eq(environments.id, environment.id));
      return { id: environment.id, name: environment.name };
    },
    async ask(environmentId, target) {
      const [row] = await db().select({ handle: environments.handle }).from(environments).where(eq(environments.id, environmentId));
      return (await askSocket(String(row?.handle?.socketPath), target)).body;
    },
  };
}

/** The sample service as a golden path. */
async function sampleFiles(dataDir: string) {
  const folder = await mkdtemp(path.join(dataDir, "sample-"));
  const manifest = await writeSampleApp(folder);
  const template = {
    apiVersion: "scaffolder.backstage.io/v1beta3",
    kind: "Template",
    metadata: { name: "sample", title: "Sample", description: "A service for tests." },
    spec: { owner: "group:default/platform", type: "service", parameters: [], steps: [{ id: "sources", name: "Copy", action: "fetch:plain", input: { url: "./skeleton" } }] },
  };
  const text = (content: string) => ({ content: Buffer.from(content), mode: 0o644 });
  return new Map([
    ["template.yaml", text(stringify(template))],
    ["skeleton/waymark.yaml", text(stringify(manifest))],
    ["skeleton/server.mjs", text(await readFile(path.join(folder, "server.mjs"), "utf8"))],
  ]);
}
