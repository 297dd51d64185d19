import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type postgres from "postgres";
import { sendToCatalog } from "../lib/cli/catalog-import";
import { openClient } from "../lib/cli/client";
import { importFloor, statementFloor } from "./floor/catalog";
import { writeCatalog } from "./setup/catalog-entities";
import { databaseMiB, openDatabase, untilEvaluated } from "./setup/database";
import { type HttpCase, measureHttp } from "./setup/http-load";
import { report, timed } from "./setup/measure";
import { type BenchPortal, benchPortal } from "./setup/portal";

// 10,000 and 100,000 entities: import as `waymark catalog import` does it, the same again, then what pages and clients ask.

const MEMORY_EVERY_MS = 200;
// What an import needed is given back by then, or stays.
const SETTLED_MS = 5_000;
const IN_GRAPH = "('partOf', 'providesApi', 'consumesApi', 'dependsOn', 'childOf')";

async function measureImport(portal: BenchPortal, token: string, folder: string, name: string, floor?: () => Promise<number>): Promise<void> {
  const before = portal.memoryMiB();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, portal.memoryMiB());
  }, MEMORY_EVERY_MS);
  const ms = await timed(async () => {
    const { refused } = await sendToCatalog(openClient(portal.url, token), [folder], { isCheck: false, json: true, team: undefined });
    if (refused.length) throw new Error(`${refused.length} documents were refused`);
  });
  clearInterval(timer);
  report(name, "ms", [ms], floor ? { floor: await floor() } : {});
  report(`${name}-memory-growth`, "MiB", [peak - before]);
}

async function casesOf(sql: postgres.Sql): Promise<HttpCase[]> {
  const floor = (statement: string) => statementFloor(sql, statement);
  const rows = "select ref, kind, name, title, description, owner_ref";
  const [hub] = await sql<
    { ref: string }[]
  >`select to_ref as ref from entity_relations where type in ${sql.unsafe(IN_GRAPH)} and to_ref in (select ref from entities) group by 1 order by count(*) desc limit 1`;
  const [kind = "", name = ""] = (hub?.ref ?? "").split(/:default\//);
  const refs = (await sql<{ ref: string }[]>`select ref from entities order by md5(ref) limit 20`).map(({ ref }) => ref);
  const list = await floor(`${rows} from entities order by lower(name), ref limit 50`);
  const byRef = await floor(`select definition from entities where ref = '${hub?.ref}'`);
  return [
    { name: "request", path: "/api/v1/me" },
    { name: "list-50", path: "/api/v1/entities?limit=50", floor: list },
    {
      name: "list-kind",
      path: "/api/v1/entities?kind=component&limit=50",
      floor: await floor(`${rows} from entities where kind = 'component' order by lower(name), ref limit 50`),
    },
    { name: "list-three-filters", path: "/api/v1/entities?kind=component&type=service&lifecycle=production&limit=50", floor: list },
    { name: "search", path: "/api/v1/entities?q=checkout&limit=50", floor: await floor(`${rows} from entities where words @@ to_tsquery('simple', 'checkout:*') limit 50`) },
    { name: "search-typo", path: "/api/v1/entities?q=chekcout&limit=50" },
    { name: "search-name", path: "/api/v1/entities?q=component-00500&limit=50" },
    { name: "search-two-words", path: "/api/v1/entities?q=amber+ledger&limit=50" },
    { name: "command-menu", path: "/api/v1/search?q=checkout" },
    { name: "facets", path: "/api/v1/entity-facets?facet=kind,type,lifecycle", floor: await floor("select kind, type, lifecycle, count(*) from entities group by 1, 2, 3") },
    { name: "facets-with-owner", path: "/api/v1/entity-facets" },
    { name: "graph-depth-3", path: `/api/v1/entities/${kind}/default/${name}/graph?depth=3` },
    { name: "backstage-by-name", path: `/api/catalog/entities/by-name/${kind}/default/${name}`, floor: byRef },
    { name: "backstage-ancestry", path: `/api/catalog/entities/by-name/${kind}/default/${name}/ancestry`, floor: byRef },
    { name: "backstage-by-refs-20", method: "POST", path: "/api/catalog/entities/by-refs", body: { entityRefs: refs } },
    { name: "backstage-by-query-50", path: "/api/catalog/entities/by-query?limit=50&orderField=metadata.name,asc&filter=kind%3Dcomponent" },
    {
      name: "backstage-full-text",
      path: "/api/catalog/entities/by-query?limit=50&orderField=metadata.name,asc&fullTextFilterTerm=checkout&fullTextFilterFields=metadata.name,metadata.title",
    },
    { name: "backstage-three-facets", path: "/api/catalog/entity-facets?facet=spec.type&facet=spec.lifecycle&facet=metadata.namespace&filter=kind%3Dcomponent" },
  ];
}

for (const n of [10_000, 100_000]) {
  const folder = mkdtempSync(path.join(tmpdir(), "wm-bench-catalog-"));
  writeCatalog(folder, n);
  const portal = await benchPortal();
  const token = portal.token("pat", "read,catalog:write");
  const sql = openDatabase(portal);
  const named = (name: string) => `catalog-${n}-${name}`;
  await measureImport(portal, token, folder, named("import"), n === 10_000 ? () => importFloor(sql, folder) : undefined);
  await untilEvaluated(sql);
  await wait(SETTLED_MS);
  report(named("memory"), "MiB", [portal.memoryMiB()]);
  await measureImport(portal, token, folder, named("import-unchanged"));
  await sql`vacuum analyze entities, entity_relations`;
  report(named("database"), "MiB", [await databaseMiB(sql)]);
  for (const one of await casesOf(sql)) await measureHttp(portal.url, token, { ...one, name: named(one.name) });
  await sql.end();
  await portal.stop();
  rmSync(folder, { recursive: true, force: true });
}
