// @ts-nocheck
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readDocument } from "../lib/catalog/import/read";
import { splitDocuments } from "../lib/catalog/import/split";
import { writeCatalog } from "./setup/catalog-entities";
const folder = mkdtempSync(path.join(tmpdir(), "wm-prof-"));
writeCatalog(folder, 10000);
const all = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), "utf8")).flatMap((x) => splitDocuments(x));
for (let k = 0; k < 3; k++) { const b = process.cpuUsage(); let n = 0; for (const d of all) n += readDocument("f", d).length; const c = process.cpuUsage(b); console.log(n, ((c.user + c.system) / 1e6).toFixed(2)); }
