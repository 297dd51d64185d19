import { existsSync } from "node:fs";
import path from "node:path";
import { EMBEDDED } from "../postgres/binaries.mjs";
import { runToEnd } from "./child.mjs";
import { readJson } from "./json-file.mjs";
import { HOST_COMMAND, ROOT } from "./paths.mjs";
import { appHash, buildStamp, cliStamp, commandsHash, dependencyStamp, lockHash } from "./stale.mjs";

const NEXT = path.join(ROOT, "node_modules/next/dist/bin/next");

/** True if npm itself says that it installed what the lock file says, as after `npm ci` by hand. */
function installedByHand(root) {
  const { packages: wanted } = readJson(path.join(root, "package-lock.json"));
  const installed = readJson(path.join(root, "node_modules/.package-lock.json"))?.packages;
  if (!installed) return false;
  const mayLack = (name, entry) => entry.optional && name !== `node_modules/${EMBEDDED}`;
  // The list alone can be wrong: a copy of the folder made with hard links shares it with the original.
  const isThere = (name, entry) => installed[name].version === entry.version && existsSync(path.join(root, name));
  return Object.entries(wanted).every(([name, entry]) => !name || (installed[name] ? isThere(name, entry) : mayLack(name, entry)));
}

/** True if the installed packages are not those of the lock file. */
export function dependenciesAreStale(root = ROOT) {
  const stamp = dependencyStamp(root);
  if (stamp.is(lockHash(root))) return false;
  if (!installedByHand(root)) return true;
  stamp.set(lockHash(root));
  return false;
}

/** How to run npm: by its own file, so that it can end with us, or else as the shell would find it. */
function npmCommand() {
  const ours = process.env.npm_execpath;
  return ours?.endsWith("npm-cli.js") && existsSync(ours) ? [process.execPath, ours] : ["npm"];
}

/** Installs exactly what the lock file says. Install scripts of packages are not needed and not run. */
export async function installDependencies(output) {
  const env = { ...process.env, NODE_ENV: "" };
  await runToEnd([...npmCommand(), "ci", "--ignore-scripts", "--include=dev", "--include=optional", "--no-audit", "--no-fund"], { cwd: ROOT, env, output });
  dependencyStamp().set(lockHash());
}

const BUILT = [".next/BUILD_ID", "dist/otel/preload.cjs", "dist/catalog/reader.mjs"];

export const buildIsStale = () => !buildStamp().is(appHash()) || BUILT.some((name) => !existsSync(path.join(ROOT, name)));

/** Builds the app, and what runs beside it, and notes from which sources. */
export async function buildApp(output) {
  const hash = appHash();
  buildStamp().clear();
  await runToEnd([process.execPath, path.join(ROOT, "scripts/build-parts.mjs")], { cwd: ROOT, output });
  await runToEnd([process.execPath, NEXT, "build"], { cwd: ROOT, env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" }, output });
  buildStamp().set(hash);
}

export const cliIsStale = () => !cliStamp().is(commandsHash()) || !existsSync(path.join(ROOT, HOST_COMMAND));

/** Bundles the command line, and what it starts on the server's own machine. */
export async function buildCli(output) {
  const hash = commandsHash();
  await Promise.all(["build-cli", "build-host"].map((name) => runToEnd([process.execPath, path.join(ROOT, `scripts/${name}.mjs`)], { cwd: ROOT, output })));
  cliStamp().set(hash);
}

/** Installs and bundles what a command needs, telling of it on stderr so that stdout stays the command's own. */
export async function prepareCommands() {
  if (dependenciesAreStale()) {
    process.stderr.write("Installing dependencies (npm ci)\n");
    await installDependencies("stderr");
  }
  if (cliIsStale()) await buildCli("stderr");
}
