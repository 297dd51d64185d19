import { fileURLToPath } from "node:url";
import { readRepository } from "./repository.js";
import { check, RULES } from "./rules.js";

const findings = check(readRepository(process.argv[2] ?? fileURLToPath(new URL("../", import.meta.url))));
for (const { file, rule, message } of findings) console.error(`${file}: ${rule}: ${message}`);
if (findings.length === 0) console.log(`${RULES.length} rules obeyed.`);
process.exitCode = findings.length === 0 ? 0 : 1;
