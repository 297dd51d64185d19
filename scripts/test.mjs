import { runChecks } from "./launcher/checks.mjs";
import { endChildren, killChildren } from "./launcher/child.mjs";
import { onEnd } from "./launcher/ends.mjs";
import { buildApp, buildCli, buildIsStale, cliIsStale, dependenciesAreStale, installDependencies } from "./launcher/install.mjs";
import { speaker } from "./launcher/say.mjs";
import { BROWSER_PROJECTS, runVitest } from "./launcher/test-run.mjs";
import { browserPath, ensureTestTools } from "./launcher/test-tools.mjs";

const onCi = Boolean(process.env.CI || process.env.WAYMARK_CI);
const say = speaker(null);
const total = { passed: 0, leftOut: 0, failures: [] };

function count({ passed = 0, leftOut = 0, failures = [] }) {
  total.failures.push(...failures);
  total.passed += passed;
  total.leftOut += leftOut;
}

/** One step of the whole that either works or fails. */
async function counted(step) {
  try {
    await step();
    count({ passed: 1 });
    return true;
  } catch (error) {
    count({ failures: [error.message] });
    return false;
  }
}

const buildCommands = async () => cliIsStale() && (await buildCli());
const build = async () => buildIsStale() && (await buildApp());

async function main() {
  if (dependenciesAreStale()) {
    say.step("Installing dependencies (npm ci)");
    await installDependencies();
  }
  const missing = ensureTestTools();
  say.step("Types, lint, boundaries, dead code, lock file");
  count(await runChecks());
  await counted(buildCommands);
  say.step("Unit and integration tests on real Postgres");
  count(await runVitest(["unit", "launcher"]));
  say.step("Building");
  if ((await counted(build)) && browserPath()) {
    say.step("End-to-end tests in a real browser");
    for (const counts of await Promise.all(BROWSER_PROJECTS.map((name) => runVitest([name])))) count(counts);
  }
  if (total.leftOut) missing.push(`${total.leftOut} skipped tests`);
  for (const line of missing) console.log(`\nLEFT OUT: ${line}.`);
  if (onCi) count({ failures: missing.map((what) => `left out: ${what}`) });
  say.step("Done");
}

process.once("exit", killChildren);
onEnd(() => endChildren().then(() => process.exit(130)));
try {
  await main();
} catch (error) {
  count({ failures: [error.message] });
}
for (const failure of total.failures) console.log(`FAILED: ${failure}`);
console.log(`${total.passed} passed, ${total.failures.length} failed`);
process.exit(total.failures.length ? 1 : 0);
