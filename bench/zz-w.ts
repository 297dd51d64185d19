// @ts-nocheck
import { readdirSync, readFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { splitDocuments } from "../lib/catalog/import/split";
import { writeCatalog } from "./setup/catalog-entities";
const folder = mkdtempSync(path.join(tmpdir(), "wm-prof-"));
writeCatalog(folder, 10000);
const texts = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), "utf8"));
const docs = texts.flatMap((x) => splitDocuments(x));
for (const young of [8, 16, 32, 48, 96]) for (const per of [100]) {
  const w = new Worker("/work/main/dist/catalog/reader.mjs", { env: {}, resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: young } });
  const ask = (part: unknown[]) => new Promise((r) => { w.once("message", r); w.postMessage({ file: "f", documents: part }); });
  await ask(docs.slice(0, 10));
  const b = process.cpuUsage(); const t0 = performance.now();
  for (let i = 0; i < docs.length; i += per) await ask(docs.slice(i, i + per));
  const c = process.cpuUsage(b);
  console.log(young, per, ((c.user + c.system) / 1e6).toFixed(2), (performance.now() - t0).toFixed(0), (process.memoryUsage().rss / 1e6).toFixed(0));
  await w.terminate();
}
