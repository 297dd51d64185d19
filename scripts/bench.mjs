import { readdirSync } from "node:fs";
import path from "node:path";
import { runTypeScript } from "./launcher/foreground.mjs";
import { ROOT } from "./launcher/paths.mjs";
import { fail } from "./launcher/say.mjs";

const wanted = process.argv[2];
const all = readdirSync(path.join(ROOT, "bench"))
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.slice(0, -3))
  .sort();
if (wanted && !all.includes(wanted)) fail(`There is no benchmark "${wanted}". Known: ${all.join(", ")}.`, 2);
let failed = 0;
for (const name of wanted ? [wanted] : all) failed += (await runTypeScript(`bench/${name}.ts`, [])) === 0 ? 0 : 1;
process.exit(failed ? 1 : 0);
