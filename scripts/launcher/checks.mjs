import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./paths.mjs";

const bin = (name) => path.join(ROOT, "node_modules/.bin", name);
const folders = ["app", "components", "lib", "db"].filter((name) => existsSync(path.join(ROOT, name)));

/** The checks that need no running part, each one command. */
export const CHECKS = [
  { name: "types", command: [bin("tsc"), "--noEmit", "-p", "."] },
  { name: "lint and format", command: [bin("biome"), "check", ".", "--diagnostic-level=error"] },
  { name: "boundaries", command: [bin("depcruise"), ...folders] },
  { name: "dead code", command: [bin("knip")] },
  { name: "lock file", command: [process.execPath, "scripts/lock-rules.mjs"] },
  { name: "house rules", command: [process.execPath, "scripts/house-rules.mjs"] },
];

function run([command, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.once("error", (error) => resolve({ ok: false, output: error.message }));
    child.once("exit", (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }));
  });
}

/** Runs all checks side by side and tells of each. Returns how many passed, and what failed. */
export async function runChecks() {
  const results = await Promise.all(
    CHECKS.map(async (check) => {
      const begun = performance.now();
      const { ok, output } = await run(check.command);
      console.log(`${ok ? "ok  " : "FAIL"} ${check.name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
      if (!ok) console.log(output.split("\n").slice(0, 120).join("\n"));
      return ok;
    }),
  );
  const failures = CHECKS.filter((_, at) => !results[at]).map(({ name }) => `the check of ${name}`);
  return { passed: results.length - failures.length, failures };
}
