// @ts-nocheck
import { openDatabase } from "../db/client";
import { db, closeDatabase } from "../db/client";
import { readPage, readByRefs } from "../lib/catalog/backstage/page";
import { hostEnv } from "../scripts/launcher/host-env.mjs";
import { readFileSync } from "node:fs";
const { dir } = JSON.parse(readFileSync("/tmp/m/page.out", "utf8").split("\n").find((l) => l.includes('"url"')));
const h = openDatabase(hostEnv(dir).DATABASE_URL);
const t = async (name, f, n = 60) => { for (let i = 0; i < 10; i++) await f(); const s = []; const c0 = process.cpuUsage(); for (let i = 0; i < n; i++) { const b = performance.now(); await f(); s.push(performance.now() - b); } const c = process.cpuUsage(c0); s.sort((a, b) => a - b); console.log(name.padEnd(30), "min", s[0].toFixed(1), "p50", s[n >> 1].toFixed(1), "cpu/req", ((c.user + c.system) / 1000 / n).toFixed(2)); };
const name = [{ field: "metadata.name", order: "asc" }];
await t("unordered", () => readPage(db(), { limit: 50 }));
await t("unordered no total", () => readPage(db(), { limit: 50, totalItems: "exclude" }));
await t("ordered", () => readPage(db(), { limit: 50, orderFields: name }));
await t("ordered kind", () => readPage(db(), { limit: 50, orderFields: name, filter: ["kind=component"] }));
await t("owner", () => readPage(db(), { limit: 50, orderFields: name, filter: ["kind=component,relations.ownedBy=group:default/team-00001"] }));
await t("three", () => readPage(db(), { limit: 50, orderFields: name, filter: ["kind=component,spec.type=service,spec.lifecycle=production"] }));
await t("text", () => readPage(db(), { limit: 50, orderFields: name, fullTextFilter: { term: "checkout", fields: ["metadata.name", "metadata.title"] } }));
const refs = Array.from({ length: 20 }, (_, i) => `component:default/component-${String(i * 37).padStart(5, "0")}`);
await t("by refs", () => readByRefs(db(), refs, undefined));
await t("select 1", () => db().execute("select 1"));

import { backstageFacets } from "../lib/catalog/backstage/queries";
import { readEntityPage } from "../lib/catalog/list";
console.log(Object.keys(backstageFacets));
const ctx = { actor: { type: "system", name: "x" }, now: new Date() };
await t("facets", () => backstageFacets({ ...ctx, actor: { type: "user", id: "x", handle: "x", teams: [], roles: ["engineer"] } }, { facets: ["spec.type", "spec.lifecycle", "metadata.tags"], filter: ["kind=component"] }));
await t("own list", () => readEntityPage(db(), ctx, {}, { limit: 50 }));
await t("own search", () => readEntityPage(db(), ctx, { q: "checkout" }, { limit: 50 }));
await closeDatabase();
