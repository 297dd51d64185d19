// @ts-nocheck
import { execSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sendToCatalog } from "../lib/cli/catalog-import";
import { openClient } from "../lib/cli/client";
import { importFloor } from "./floor/catalog";
import { writeCatalog } from "./setup/catalog-entities";
import { openDatabase } from "./setup/database";
import { timed } from "./setup/measure";
import { benchPortal } from "./setup/portal";

const n = Number(process.env.N ?? 10000);
const folder = mkdtempSync(path.join(tmpdir(), "wm-bench-catalog-"));
writeCatalog(folder, n);
const cpu = () => {
  const out = execSync("ps -eo pid,ppid,comm,args --no-headers", { encoding: "utf8" }).split("\n");
  const sums: Record<string, number> = {};
  for (const line of out) {
    const m = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line);
    if (!m) continue;
    const key = /postgres/.test(m[3]) ? "pg" : /next-server|server/.test(m[4]) ? "server" : null;
    if (!key) continue;
    try {
      const st = readFileSync(`/proc/${m[1]}/stat`, "utf8").split(") ")[1].split(" ");
      sums[key] = (sums[key] ?? 0) + (Number(st[11]) + Number(st[12])) / 100;
    } catch {}
  }
  return sums;
};
for (let i = 0; i < Number(process.env.TIMES ?? 2); i++) {
  const portal = await benchPortal();
  const token = portal.token("pat", "read,catalog:write");
  const sql = openDatabase(portal);
  const before = portal.memoryMiB();
  const c0 = cpu();
  const me0 = process.cpuUsage();
  const ms = await timed(async () => {
    const { refused } = await sendToCatalog(openClient(portal.url, token), [folder], { isCheck: false, json: true, team: undefined });
    if (refused.length) throw new Error(`${refused.length} refused`);
  });
  const c1 = cpu();
  const me = process.cpuUsage(me0);
  const mem = portal.memoryMiB();
  await new Promise((r) => setTimeout(r, 5000));
  console.log(JSON.stringify({ ms, pg: c1.pg - c0.pg, server: c1.server - c0.server, client: (me.user + me.system) / 1e6, before, mem, settled: portal.memoryMiB(), floor: n <= 10000 ? await importFloor(sql, folder) : 0 }));
  await sql.end();
  await portal.stop();
}
