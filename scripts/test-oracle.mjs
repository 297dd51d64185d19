import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./launcher/paths.mjs";

// Compares tests/oracle/expected.json with what Backstage's own template engine makes of the corpus today, then our engine with the same.
// `--write` records anew. The engine (about 200 MB) is installed beside the corpus on the first run and is no part of the product.

const FOLDER = path.join(ROOT, "tests/oracle");
const EXPECTED = path.join(FOLDER, "expected.json");

function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: FOLDER, encoding: "utf8", maxBuffer: 64 * 1024 * 1024, ...options });
  if (done.status === 0) return done.stdout;
  process.stderr.write(done.stderr ?? "");
  console.error(`${command} ${args.join(" ")} failed.`);
  process.exit(1);
}

if (!existsSync(path.join(FOLDER, "node_modules/@backstage/plugin-scaffolder-backend"))) {
  console.log("Installing Backstage's template engine for comparison; this takes a minute or two.");
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps"]);
}
const recorded = run(process.execPath, ["record.mjs"]);
if (process.argv.includes("--write")) {
  writeFileSync(EXPECTED, recorded);
  console.log("Recorded tests/oracle/expected.json.");
} else if (recorded !== readFileSync(EXPECTED, "utf8")) {
  console.error(
    "Backstage's engine makes something else of the corpus than tests/oracle/expected.json says. Record it with npm run test:oracle -- --write and look at the difference.",
  );
  process.exit(1);
} else console.log("Backstage's engine agrees with tests/oracle/expected.json.");
const { status } = spawnSync("npx", ["vitest", "run", "--project", "unit", "lib/golden-paths/engine/oracle.test.ts"], {
  cwd: ROOT,
  stdio: "inherit",
});
process.exit(status ?? 1);
