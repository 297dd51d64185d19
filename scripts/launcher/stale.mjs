import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./paths.mjs";

const APP_FOLDERS = ["app", "components", "db", "lib", "public", "scripts/otel"];
const APP = [
  ...APP_FOLDERS,
  "next.config.ts",
  "tailwind.config.ts",
  "postcss.config.mjs",
  "tsconfig.json",
  "proxy.ts",
  "instrumentation.ts",
  "scripts/build-parts.mjs",
  "scripts/launcher/bundle.mjs",
];
const COMMANDS = ["lib", "db", "tsconfig.json", "scripts/build-cli.mjs", "scripts/build-host.mjs", "scripts/launcher/bundle.mjs"];
// Read when they are needed, not built in: migrations, and what only tests or the command line use.
const NOT_IN_APP = /\.(test|spec|suite)\.tsx?$|^db\/migrations\/|^lib\/cli\//;
const NOT_IN_COMMANDS = /\.(test|spec|suite)\.tsx?$|^db\/migrations\//;

function* filesIn(root, name) {
  const at = path.join(root, name);
  if (!existsSync(at)) return;
  const entries = readdirSync(at, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.isDirectory()) yield* filesIn(root, `${name}/${entry.name}`);
    else if (entry.isFile()) yield `${name}/${entry.name}`;
  }
}

/** Sizes and times would miss a checkout that sets both alike, so contents count. */
function hashOf(root, names, left) {
  const hash = createHash("sha256").update(process.version);
  const files = ["package-lock.json", ...names].flatMap((name) => (path.extname(name) ? [name] : [...filesIn(root, name)]));
  for (const file of files) {
    if (left.test(file) || !existsSync(path.join(root, file))) continue;
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(path.join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/** Hash of everything that goes into the app's build. */
export const appHash = (root = ROOT) => hashOf(root, APP, NOT_IN_APP);

/** Hash of everything that goes into the bundled commands. */
export const commandsHash = (root = ROOT) => hashOf(root, COMMANDS, NOT_IN_COMMANDS);

/** Hash of the lock file. */
export const lockHash = (root = ROOT) =>
  createHash("sha256")
    .update(readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");

/** A stamp file that says from what something was made. */
function stamp(file) {
  return {
    is: (hash) => existsSync(file) && readFileSync(file, "utf8") === hash,
    set(hash) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, hash);
    },
    clear: () => rmSync(file, { force: true }),
  };
}

export const dependencyStamp = (root = ROOT) => stamp(path.join(root, "node_modules/.waymark-lock"));
export const buildStamp = (root = ROOT) => stamp(path.join(root, ".next/waymark-source"));
export const cliStamp = (root = ROOT) => stamp(path.join(root, "dist/cli/.waymark-source"));
