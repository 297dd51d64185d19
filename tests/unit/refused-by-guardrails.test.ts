import { and, eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { db } from "@/db/client";
import { auditEvents, guardrailDecisions } from "@/db/schema";
import { runAction } from "@/lib/actions/mutations";
import { type Ctx, databaseNow } from "@/lib/core/ctx";
import { createEnvironment } from "@/lib/environments/mutations";
import { createService, publishFiles, runGoldenPath } from "@/lib/golden-paths/mutations";
import type { Ability } from "@/lib/guardrails/contract";
import { createGuardrail } from "@/lib/guardrails/mutations";
import { type Cast, publish, theCast, webhookDefinition } from "../setup/action-world";
import { useOwnDatabase } from "../setup/own-database";

process.env.WAYMARK_PRIVATE_HOSTS = "127.0.0.1";
useOwnDatabase();
const SECRET = "s3cret-k3y";
let cast: Cast;

const template = (name: string, steps: object[]) => ({
  apiVersion: "scaffolder.backstage.io/v1beta3",
  kind: "Template",
  metadata: { name, title: name },
  spec: { type: "service", parameters: [{ properties: { name: { type: "string" }, key: { type: "string", "ui:field": "Secret" } } }], steps },
});
const MAKES = template("makes", [{ id: "files", action: "fetch:template", input: { url: "./skeleton" } }]);
const CHANGES = template("changes", [...MAKES.spec.steps, { id: "zip", action: "publish:zip", input: {} }]);
const MANIFEST = { run: { command: ["node", "server.js"] } };

const now = async (ctx: Ctx): Promise<Ctx> => ({ ...ctx, now: await databaseNow() });

beforeAll(async () => {
  cast = await theCast();
  for (const path of [MAKES, CHANGES]) {
    const files = Object.entries({ "template.yaml": stringify(path), "skeleton/a.txt": "a\n", "waymark.yaml": stringify(MANIFEST) });
    const map = new Map(files.map(([name, text]) => [name, { content: Buffer.from(text), mode: 0o644 }]));
    const at = await databaseNow();
    await db().transaction((tx) => publishFiles(tx, map, { note: "test", publishedBy: null, now: at }));
  }
  await publish(cast.pat, "purge-cache", webhookDefinition("http://127.0.0.1:9/hook"));
  for (const [name, condition] of [
    ["never", 'channel == "nobody"'],
    ["not-now", "now.hour > 24"],
    ["fine", 'channel != "nobody"'],
  ] as const) {
    const definition = {
      title: `Guardrail ${name}`,
      why: "So.",
      abilities: ["environment.create", "service.create", "golden-path.run", "action.run"] as Ability[],
      condition,
      effect: "refuse" as const,
      message: "It is not to be.",
      fix: "Leave it.",
      examples: [
        { title: "Passes", expect: "pass" as const, facts: { channel: name === "never" ? "nobody" : "web", "now.hour": 25 } },
        { title: "Does not", expect: "fail" as const, facts: { channel: name === "never" ? "web" : "nobody", "now.hour": 3 } },
      ],
    };
    await createGuardrail(await now(cast.pat), { name, definition });
  }
});

const values = { name: "basket", key: SECRET };
const secrets = { TOKEN: SECRET };
const REQUESTS: [Ability, (ctx: Ctx) => Promise<unknown>][] = [
  ["environment.create", (ctx) => createEnvironment(ctx, { goldenPath: "makes", name: "basket", values })],
  ["service.create", (ctx) => createService(ctx, { goldenPath: "makes", values, secrets })],
  ["golden-path.run", (ctx) => runGoldenPath(ctx, { name: "changes", values, secrets })],
  ["action.run", (ctx) => runAction(ctx, { name: "purge-cache", entityRef: "component:default/checkout-api", values: { region: "eu", key: SECRET } })],
];

test.each(REQUESTS)("%s that guardrails refuse is in the audit log with their names, and no secret of it is kept", async (name, request) => {
  await expect(request(await now(cast.ada))).rejects.toMatchObject({ code: "forbidden", fields: [{ guardrail: "never" }, { guardrail: "not-now" }] });
  const rows = await db()
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.name, name), eq(auditEvents.result, "refused")));
  expect(rows).toMatchObject([{ actorLabel: "ada", teamId: "tea_checkout", detail: { reason: "guardrail", guardrails: ["never", "not-now"] } }]);
  const decisions = await db().select().from(guardrailDecisions).where(eq(guardrailDecisions.ability, name));
  expect(decisions).toMatchObject([{ outcome: "refused", actorLabel: "ada" }]);
  expect(JSON.stringify([rows, decisions])).not.toContain(SECRET);
});
