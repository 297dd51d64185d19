// @ts-nocheck
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sendToCatalog } from "../lib/cli/catalog-import";
import { openClient } from "../lib/cli/client";
import { writeCatalog } from "./setup/catalog-entities";
import { openDatabase } from "./setup/database";
import { timed } from "./setup/measure";
import { benchPortal } from "./setup/portal";
const folder = mkdtempSync(path.join(tmpdir(), "wm-bench-catalog-"));
writeCatalog(folder, 10000);
const portal = await benchPortal();
const token = portal.token("pat", "read,catalog:write");
const sql = openDatabase(portal);
await sendToCatalog(openClient(portal.url, token), [folder], { isCheck: false, json: true, team: undefined });
const t = async (name: string, q: string) => console.log(name, (await timed(() => sql.unsafe(q))).toFixed(0));
await sql.unsafe("create table src as select *, (select string_agg(lexeme, ' ') from unnest(words)) as rest, words::text as wt from entities");
for (let i = 0; i < 2; i++) {
  await t("to_tsvector", "select sum(length(to_tsvector('simple', rest))) from src");
  await t("3 to_tsvector", "select sum(length(setweight(to_tsvector('simple', name),'A') || setweight(to_tsvector('simple', title),'B') || setweight(to_tsvector('simple', rest),'C'))) from src");
  await t("cast", "select sum(length(wt::tsvector)) from src");
}
const cols = (await sql`select column_name from information_schema.columns where table_name='entities' and is_generated='NEVER' order by ordinal_position`).map((c) => c.column_name).join(",");
await sql.unsafe("create table b1 (like entities including defaults including generated)");
await t("insert no index", `insert into b1 (${cols}) select ${cols} from src`);
const idx = await sql`select indexname, indexdef from pg_indexes where tablename='entities'`;
for (const { indexdef, indexname } of idx) {
  await sql.unsafe("create table b2 (like entities including defaults including generated)");
  await sql.unsafe(indexdef.replace(indexname, `x_${indexname}`).replace("public.entities", "public.b2"));
  await t(indexname, `insert into b2 (${cols}) select ${cols} from src`);
  await sql.unsafe("drop table b2");
}
await sql.unsafe("create table b3 (like entities including all)");
await t("all", `insert into b3 (${cols}) select ${cols} from src`);
const rel = await sql`select indexname, indexdef from pg_indexes where tablename='entity_relations'`;
console.log(rel.map((r) => r.indexdef), await sql`select count(*) from entity_relations`, await sql`select tgname, tgrelid::regclass from pg_trigger where tgrelid in ('entities'::regclass,'entity_relations'::regclass)`);
const rcols = (await sql`select column_name from information_schema.columns where table_name='entity_relations' and is_generated='NEVER' and is_identity='NO' order by ordinal_position`).map((c) => c.column_name).join(",");
await sql.unsafe("create table b4 (like entity_relations including all)");
await t("relations", `insert into b4 (${rcols}) select ${rcols} from entity_relations`);
await t("rel json", "select count(*) from entity_relations, json_array_elements('[1]'::json)");
await t("settle", "select settle_catalog_index()");
await sql.end();
await portal.stop();
