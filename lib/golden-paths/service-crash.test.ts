import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { db } from "@/db/client";
import { entities, repositories, repositoryPushes } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { readRun } from "@/lib/runs/read";
import { forgetWorker, workAndDie } from "@/tests/setup/killed-worker";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, type SignedIn, signedIn } from "@/tests/setup/people";
import { createService } from "./create-service";
import { renderer } from "./engine/renderer";
import { readPathFolder } from "./engine/template-folder";
import { publishFiles } from "./publish";

const own = useOwnDatabase();
const run = promisify(execFile);
const parent = mkdtempSync(path.join(tmpdir(), "crash-"));
let ada: SignedIn;

beforeAll(async () => {
  env().dataDir = parent;
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  const files = await readPathFolder("golden-paths/node-express");
  const now = await databaseNow();
  await db().transaction((tx) => publishFiles(tx, files, { note: "test", publishedBy: null, now }));
});
afterAll(async () => {
  await renderer().close();
  rmSync(parent, { recursive: true, force: true });
});

it("a service is made once, whole, and visible only then, wherever its worker is killed", async () => {
  const deaths = ["repository:after", "commit:after", "register:after"];
  const made = [];
  for (const [index, death] of deaths.entries()) {
    made.push({ death, ...(await createService({ ...ada, now: await databaseNow() }, { goldenPath: "node-express", values: { name: `svc-${index}` } })) });
  }
  await Promise.all(
    made.map(async ({ death, run: { id }, service }) => {
      expect(await workAndDie(own.current().appUrl, id, `wrk_${death}`, death), death).toBe("SIGKILL");
      const [row] = await db().select().from(repositories).where(eq(repositories.id, service.repository.id));
      const known = await db().select().from(entities).where(eq(entities.ref, service.entityRef));
      expect([death, row?.status, known.length]).toEqual([death, death === "register:after" ? "ready" : "creating", death === "register:after" ? 1 : 0]);
      await forgetWorker(`wrk_${death}`);
      expect(await workAndDie(own.current().appUrl, id, `wrk_next_${death}`, ""), death).toBeNull();
      expect(await readRun(db(), id), death).toMatchObject({ status: "succeeded", outcome: { summary: `${service.name} is ready to be cloned` } });
      const pushes = await db().select().from(repositoryPushes).where(eq(repositoryPushes.repositoryId, service.repository.id));
      expect([death, pushes.length]).toEqual([death, 1]);
      const { stdout } = await run("git", ["--git-dir", path.join(parent, "git", `${service.repository.id}.git`), "rev-list", "--all"]);
      expect(stdout.trim()).toBe(pushes[0]?.after);
    }),
  );
  expect(readdirSync(path.join(parent, "git"))).toHaveLength(deaths.length);
  expect(await db().select().from(entities).where(eq(entities.kind, "component"))).toHaveLength(deaths.length);
});
