import { runChecks } from "./launcher/checks.mjs";
import { dependenciesAreStale, installDependencies } from "./launcher/install.mjs";

if (dependenciesAreStale()) await installDependencies();
const { passed, failed } = await runChecks();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
