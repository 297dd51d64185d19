import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sendToCatalog } from "../lib/cli/catalog-import";
import { openClient } from "../lib/cli/client";
import { backstagePeer } from "./setup/backstage";
import { writeCatalog } from "./setup/catalog-entities";
import { databaseMiB, openDatabase } from "./setup/database";
import { askHttp, type HttpCase, type HttpFigures, measureHttp } from "./setup/http-load";
import { report, timed } from "./setup/measure";
import { benchPortal } from "./setup/portal";

// The same 10,000 entities in Backstage and in Waymark, each alone on the machine, one after the other, on a Postgres started the same
// way; the same requests to both, as a client of Backstage sends them. Ratios are Waymark's against Backstage's.

const N = 10_000;
const SETTLED_MS = 5_000;
const IMPORT_DEADLINE_MS = 20 * 60_000;
// Nothing is read again while it is measured; with its own default Backstage does so every two minutes.
const REFRESH = { hours: 24 };

const page = "/api/catalog/entities/by-query?";
const list = "limit=50&orderField=metadata.name,asc";
const CASES: HttpCase[] = [
  { name: "list-50", path: `${page}limit=50` },
  { name: "list-50-ordered", path: `${page}${list}` },
  { name: "list-kind", path: `${page}${list}&filter=kind=component` },
  { name: "list-three-filters", path: `${page}${list}&filter=kind=component,spec.type=service,spec.lifecycle=production` },
  { name: "list-owner", path: `${page}${list}&filter=kind=component,relations.ownedBy=group:default/team-00001` },
  { name: "full-text", path: `${page}${list}&filter=kind=component&fullTextFilterTerm=checkout&fullTextFilterFields=metadata.name,metadata.title,spec.profile.displayName` },
  { name: "full-text-all-kinds", path: `${page}${list}&fullTextFilterTerm=checkout&fullTextFilterFields=metadata.name,metadata.title,metadata.description` },
  { name: "full-text-rare", path: `${page}${list}&fullTextFilterTerm=component-0123&fullTextFilterFields=metadata.name,metadata.title` },
  { name: "three-facets", path: "/api/catalog/entity-facets?facet=spec.type&facet=spec.lifecycle&facet=metadata.tags&filter=kind=component" },
  { name: "by-name", path: "/api/catalog/entities/by-name/component/default/component-01234" },
  { name: "ancestry", path: "/api/catalog/entities/by-name/component/default/component-01234/ancestry" },
  {
    name: "by-refs-20",
    method: "POST",
    path: "/api/catalog/entities/by-refs",
    body: { entityRefs: Array.from({ length: 20 }, (_, index) => `component:default/component-${String(index * 37).padStart(5, "0")}`) },
  },
];

interface Figures {
  importMs: number;
  memoryMiB: number;
  databaseMiB: number;
  cases: Map<string, HttpFigures>;
}

const named = (name: string) => `catalog-peer-${name}`;
const folder = mkdtempSync(path.join(tmpdir(), "wm-bench-peer-"));

async function measureBackstage(): Promise<Figures> {
  const peer = await backstagePeer(path.join(folder, "*.yaml"), REFRESH);
  try {
    const importMs = await peer.untilListed(N, IMPORT_DEADLINE_MS);
    await wait(SETTLED_MS);
    const memoryMiB = peer.memoryMiB();
    const cases = new Map<string, HttpFigures>();
    for (const one of CASES) cases.set(one.name, await askHttp(peer.url, null, one));
    return { importMs, memoryMiB, databaseMiB: await peer.databaseMiB(), cases };
  } finally {
    await peer.stop();
  }
}

async function measureWaymark(peer: Figures): Promise<void> {
  const portal = await benchPortal();
  try {
    const token = portal.token("pat", "read,catalog:write");
    const client = openClient(portal.url, token);
    const importMs = await timed(() => sendToCatalog(client, [folder], { isCheck: false, json: true, team: undefined }));
    report(named("import"), "ms", [importMs], { floor: peer.importMs });
    await wait(SETTLED_MS);
    report(named("memory"), "MiB", [portal.memoryMiB()], { floor: peer.memoryMiB });
    const sql = openDatabase(portal);
    report(named("database"), "MiB", [await databaseMiB(sql)], { floor: peer.databaseMiB });
    await sql.end();
    for (const one of CASES) await measureHttp(portal.url, token, { ...one, name: named(one.name) }, peer.cases.get(one.name));
  } finally {
    await portal.stop();
  }
}

try {
  writeCatalog(folder, N);
  await measureWaymark(await measureBackstage());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
