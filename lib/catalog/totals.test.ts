import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "@/db/client";
import { entities } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { countEntities } from "./totals";

useOwnDatabase();

const add = (kind: string, from: number, to: number) =>
  db().execute(sql`
    insert into entities (ref, kind, namespace, name, title, description, definition, content_hash, source, label, words)
    select ${kind} || ':default/n' || n, ${kind}, 'default', 'n' || n, '', '', '{}', '', '{"type": "ui"}', '', '' from generate_series(${from}::int, ${to}::int) n`);
const total = (kind: string) => countEntities(db(), eq(entities.kind, kind));

test("a total of thousands is at most a second late, a smaller one never", async () => {
  await add("component", 1, 4_999);
  expect(await total("component")).toBe(4_999);
  await add("component", 5_000, 6_000);
  expect(await total("component")).toBe(6_000);
  await add("component", 6_001, 6_001);
  await add("api", 1, 3);
  expect(await total("api")).toBe(3);
  await expect.poll(() => total("component"), { timeout: 3_000 }).toBe(6_001);
});
