import { runChecks } from "./launcher/checks.mjs";
import { dependenciesAreStale, installDependencies } from "./launcher/install.mjs";

if (dependenciesAreStale()) await installDependencies();
const { passed, failures } = await runChecks();
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
