import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { db } from "@/db/client";
import { guardrails, repositories, workers } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { bareRepositoryDir } from "@/lib/git/bare";
import { createGuardrail } from "@/lib/guardrails/mutations";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { retryRun } from "@/lib/runs/mutations";
import { readRun } from "@/lib/runs/read";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, type SignedIn, signedIn } from "@/tests/setup/people";
import { type Receiver, startReceiver } from "@/tests/setup/receiver";
import { createService } from "./create-service";
import { renderer } from "./engine/renderer";
import { publishFiles } from "./publish";
import { serviceCreateRun } from "./run-service-create";
import { createStepAction } from "./step-actions/mutations";

process.env.WAYMARK_PRIVATE_HOSTS = "127.0.0.1";
useOwnDatabase();
const parent = mkdtempSync(path.join(tmpdir(), "services-"));
// What the run leaves in the folder for temporary files is seen here, apart from that of other tests.
process.env.TMPDIR = parent;
const kinds = new Map([[serviceCreateRun.kind, serviceCreateRun as unknown as RunKind]]);
let ada: SignedIn;
let pat: SignedIn;
let receiver: Receiver;

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the code of templates
const TEMPLATE = {
  apiVersion: "scaffolder.backstage.io/v1beta3",
  kind: "Template",
  metadata: { name: "ticketed", title: "With a ticket" },
  spec: {
    type: "service",
    parameters: [{ required: ["name"], properties: { name: { type: "string" } } }],
    steps: [
      { id: "ticket", name: "Open a ticket", action: "acme:ticket:open", input: { title: "For ${{ parameters.name }}" } },
      { id: "files", action: "fetch:template", input: { url: "./skeleton", values: { number: "${{ steps.ticket.output.number }}" } } },
      { id: "publish", action: "publish:github", input: { repoUrl: "git.example.com?repo=${{ parameters.name }}&owner=x" } },
    ],
  },
};
const SKELETON = "ticket ${{ values.number }}\n";
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the code of templates

beforeAll(async () => {
  env().dataDir = path.join(parent, "data");
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
  receiver = await startReceiver();
  const object = { type: "object" };
  await createStepAction(pat, {
    id: "acme:ticket:open",
    definition: { title: "Open a ticket", inputs: object, outputs: object, back: { type: "http", url: receiver.url } },
  });
  const files = Object.entries({ "template.yaml": stringify(TEMPLATE), "skeleton/ticket.txt": SKELETON });
  const map = new Map(files.map(([name, text]) => [name, { content: Buffer.from(text), mode: 0o644 }]));
  const now = await databaseNow();
  await db().transaction((tx) => publishFiles(tx, map, { note: "test", publishedBy: null, now }));
});
afterAll(async () => {
  await renderer().close();
  rmSync(parent, { recursive: true, force: true });
});

const execute = async (id: string) => {
  await executeRun(id, "wrk_test", kinds, new Map());
  return readRun(db(), id);
};
const folders = () => readdirSync(parent).filter((name) => name.startsWith("waymark-service-"));

test("a guardrail that was switched on after the request stops a service before its path reaches outside; without it a retry makes it", async () => {
  const { run, service } = await createService({ ...ada, now: await databaseNow() }, { goldenPath: "ticketed", values: { name: "basket" } });
  await createGuardrail(
    { ...pat, now: await databaseNow() },
    {
      name: "freeze",
      definition: {
        title: "No new baskets",
        why: "So.",
        abilities: ["service.create"],
        condition: 'request.name != "basket"',
        effect: "refuse",
        message: "There are baskets enough.",
        fix: "Make something else.",
        examples: [
          { title: "Other", expect: "pass", facts: { "request.name": "shop" } },
          { title: "Basket", expect: "fail", facts: { "request.name": "basket" } },
        ],
      },
    },
  );
  expect(await execute(run.id)).toMatchObject({ status: "failed", outcome: { causeCode: "guardrail", failingStep: "check" } });
  expect(receiver.calls).toEqual([]);
  expect(existsSync(bareRepositoryDir(service.repository.id))).toBe(false);
  expect(folders()).toEqual([]);

  await db().delete(guardrails);
  receiver.answers = [{ status: 200, body: { outputs: { number: 7 } } }];
  await retryRun({ ...ada, now: await databaseNow() }, { id: run.id });
  expect(await execute(run.id)).toMatchObject({ status: "succeeded" });
  expect(receiver.calls).toHaveLength(1);
  const [row] = await db().select().from(repositories).where(eq(repositories.id, service.repository.id));
  expect(row).toMatchObject({ status: "ready", entityRef: "component:default/basket" });
  expect(folders()).toEqual([]);
});
