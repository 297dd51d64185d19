// biome-ignore-all lint/suspicious/noTemplateCurlyInString: template code under test
import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { db } from "@/db/client";
import { environments } from "@/db/schema";
import { publishFiles } from "@/lib/golden-paths/mutations";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, type SignedIn, signedIn } from "@/tests/setup/people";
import { openAnswers } from "./answers";
import { createEnvironment } from "./mutations";

useOwnDatabase();
const SECRET = "s3cr3t-of-the-registry";
const text = (content: string) => ({ content: Buffer.from(content), mode: 0o644 });
let ada: SignedIn;

beforeAll(async () => {
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  const parameters = [
    {
      title: "About",
      properties: {
        region: { type: "string" },
        key: { type: "string", "ui:field": "Secret" },
        login: { type: "object", properties: { password: { type: "string", "ui:widget": "password" } } },
      },
    },
  ];
  const template = {
    apiVersion: "scaffolder.backstage.io/v1beta3",
    kind: "Template",
    metadata: { name: "sealed", title: "Sealed", description: "Asks for secrets." },
    spec: { owner: "group:default/checkout", type: "service", parameters, steps: [{ id: "sources", name: "Copy", action: "fetch:template", input: { url: "./skeleton" } }] },
  };
  const files = new Map([
    ["template.yaml", text(stringify(template))],
    ["skeleton/waymark.yaml", text("start: node server.mjs\n")],
  ]);
  await db().transaction((tx) => publishFiles(tx, files, { note: "", publishedBy: null, now: new Date() }));
});

test("secret answers of a sandbox are nowhere in the database in the open, and are whole and masked where it is made", async () => {
  const values = { region: "eu-1", key: SECRET, login: { password: `${SECRET}-2` } };
  const { environment } = await createEnvironment(ada, { goldenPath: "sealed", name: "sealed-one", values });
  const [row] = await db().select().from(environments).where(eq(environments.id, environment.id));
  if (!row) throw new Error("no environment");
  expect(row.values).toEqual({ region: "eu-1" });
  const tables = await db().execute<{ name: string }>(sql`select tablename as name from pg_tables where schemaname = current_schema()`);
  for (const { name } of tables) {
    const [found] = await db().execute<{ n: number }>(sql`select count(*)::int as n from ${sql.identifier(name)} t where t::text like ${`%${SECRET}%`}`);
    expect([name, found?.n]).toEqual([name, 0]);
  }
  const masked: string[] = [];
  expect(openAnswers(row, (one) => masked.push(one))).toEqual(values);
  expect(masked.sort()).toEqual([SECRET, `${SECRET}-2`]);
});

test("sealed answers are bound to their environment", async () => {
  const { environment } = await createEnvironment(ada, { goldenPath: "sealed", name: "sealed-two", values: { key: SECRET } });
  const [row] = await db().select().from(environments).where(eq(environments.id, environment.id));
  if (!row) throw new Error("no environment");
  expect(() => openAnswers({ ...row, id: "env_another" }, () => {})).toThrow("cannot be read");
});
