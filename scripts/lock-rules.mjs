import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { missingEntries } from "./complete-lock.mjs";
import { ROOT } from "./launcher/paths.mjs";

/** Lowest version of each package without a known hole that matters here. */
const MINIMUM = {
  next: "16.3.3",
  react: "19.2.8",
  "react-dom": "19.2.8",
  "next-auth": "4.24.15",
  nodemailer: "7.0.7",
  "@modelcontextprotocol/sdk": "1.24.0",
  "@node-saml/node-saml": "5.1.0",
  "xml-crypto": "6.0.1",
  "brace-expansion": "5.0.8",
  ws: "8.21.0",
  undici: "7.28.0",
  tmp: "0.2.7",
  "form-data": "4.0.6",
};

/** What must not get in, with the reason. */
const FORBIDDEN = {
  vm2: "it is no sandbox",
  "scim-patch": "it pollutes Object.prototype",
  nunjucks: "its templates run code",
  axios: "fetch is built in",
  lodash: "the language has it",
};

/** What may come along with a tool of the tests, and never with what we ship. */
const ONLY_IN_TESTS = {
  lodash: "@backstage/catalog-model, by which the catalog's tests judge",
};

const nameOf = (place) => place.split("node_modules/").at(-1);
const numbers = (version) => version.split("-")[0].split(".").map(Number);

function isBelow(version, minimum) {
  const [a, b] = [numbers(version), numbers(minimum)];
  const at = a.findIndex((part, i) => part !== b[i]);
  return at >= 0 && a[at] < (b[at] ?? 0);
}

/** What is wrong with a parsed package-lock.json, in one line each. */
export function lockProblems(lock) {
  const problems = Object.keys(missingEntries(lock)).map((place) => `${nameOf(place)} is missing, so npm refuses the lock file: run \`node scripts/complete-lock.mjs\`.`);
  for (const [place, entry] of Object.entries(lock.packages)) {
    if (!place) continue;
    const name = nameOf(place);
    const minimum = MINIMUM[name];
    if (minimum && isBelow(entry.version, minimum)) problems.push(`${name} ${entry.version} is below ${minimum}.`);
    if (FORBIDDEN[name] && !(entry.dev && ONLY_IN_TESTS[name])) problems.push(`${name} must not be used: ${FORBIDDEN[name]}.`);
    if (entry.resolved) problems.push(`${name} names the registry it came from; npm finds it anyway (see .npmrc).`);
    if (!entry.integrity && !entry.inBundle && !entry.optional) problems.push(`${name} has no integrity hash.`);
  }
  return problems;
}

/** Dependencies of a package.json that are a range instead of one version. */
export function versionRanges(manifest) {
  const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  return Object.entries(all).flatMap(([name, version]) => (/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version) ? [] : [`${name} is ${version}; expected one exact version.`]));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const read = (name) => JSON.parse(readFileSync(path.join(ROOT, name), "utf8"));
  const problems = [...lockProblems(read("package-lock.json")), ...versionRanges(read("package.json"))];
  for (const problem of problems) console.log(problem);
  process.exit(problems.length ? 1 : 0);
}
