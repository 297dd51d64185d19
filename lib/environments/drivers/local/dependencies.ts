import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { badTemplate, failure } from "./failures";
import { isCode } from "./home";
import { Kept } from "./kept";
import { MadeOnce, type Reporter } from "./made-once";
import { npmInstall } from "./npm-install";

// Installed once per lock file, Node version and platform, then shared read-only by every environment.

const FIELDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "peerDependenciesMeta", "bundleDependencies", "overrides", "workspaces"] as const;
const MARKER = "complete.json";

const LockFile = z.looseObject({ packages: z.record(z.string(), z.looseObject({ resolved: z.string().optional(), link: z.boolean().optional() })) });
const Manifest = z.record(z.string(), z.unknown());
type Json = z.infer<typeof Manifest>;

interface Wanted {
  key: string;
  manifest: Json;
  lock: Json;
}

async function readJson(folder: string, name: string): Promise<unknown> {
  const text = await readFile(path.join(folder, name), "utf8").catch((error) => {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badTemplate(`${name} of the golden path is not JSON: ${error instanceof Error ? error.message : error}.`, error);
  }
}

function refuseForeignSources(lock: z.infer<typeof LockFile>): void {
  for (const [name, { resolved, link }] of Object.entries(lock.packages)) {
    if (!link && (!resolved || /^https?:/.test(resolved))) continue;
    throw badTemplate(`package-lock.json installs ${name || "the package itself"} from ${link ? "a local folder" : resolved}; environments install from a registry only.`);
  }
}

/** What has to be installed for a folder, or null when it needs nothing. The name and version of the app itself do not count. */
export async function wantedFor(folder: string): Promise<Wanted | null> {
  const found = Manifest.nullable().safeParse(await readJson(folder, "package.json"));
  if (!found.success) throw badTemplate("package.json of the golden path is not an object.");
  const fields = Object.fromEntries(FIELDS.flatMap((name) => (found.data?.[name] === undefined ? [] : [[name, found.data[name]]])));
  if (!["dependencies", "optionalDependencies"].some((name) => Object.keys(Object(fields[name])).length > 0)) return null;
  const parsed = LockFile.safeParse(await readJson(folder, "package-lock.json"));
  if (!parsed.success) {
    throw failure("dependencies-failed", {
      cause: "The golden path has dependencies and no readable package-lock.json (version 2 or 3).",
      whoCanFix: "platform-team",
      nextAction: "Run `npm install` in the golden path, commit package-lock.json, and publish it again.",
    });
  }
  refuseForeignSources(parsed.data);
  const self = { name: "app", version: "0.0.0" };
  const lock = { ...parsed.data, ...self, packages: { ...parsed.data.packages, "": { ...parsed.data.packages[""], ...self } } };
  const manifest = { ...fields, ...self };
  const key = createHash("sha256")
    .update(JSON.stringify([manifest, lock, process.version, process.platform, process.arch]))
    .digest("hex")
    .slice(0, 32);
  return { key, manifest, lock };
}

async function installedHash(folder: string): Promise<string | null> {
  const text = await readFile(path.join(folder, "node_modules/.package-lock.json")).catch(() => null);
  return text && createHash("sha256").update(text).digest("hex");
}

async function isComplete(folder: string): Promise<boolean> {
  const marker = await readFile(path.join(folder, MARKER), "utf8").catch(() => null);
  return marker !== null && marker === (await installedHash(folder));
}

/** Every account may read, and nobody changes a file by accident. */
export async function makeReadOnly(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) await makeReadOnly(at);
    else if (entry.isFile()) await chmod(at, 0o444 | ((await stat(at)).mode & 0o111));
  }
}

export class DependencyCache {
  private readonly installations: MadeOnce;

  constructor(
    private readonly root: string,
    private readonly kept = new Kept(root),
  ) {
    this.installations = new MadeOnce(isComplete, kept);
  }

  /** Notes the use of packages by sources that run already. Returns where they lie; null when it needs none. */
  async note(app: string): Promise<{ folder: string; key: string } | null> {
    const wanted = await wantedFor(app);
    if (!wanted) return null;
    const place = path.join(this.root, wanted.key);
    await this.kept.use(place, app);
    return { folder: path.join(place, "node_modules"), key: wanted.key };
  }

  /** The folder `node_modules` for an app, installed if it is not there yet; null when it needs none. Throws StepFailure. */
  async ensure(app: string, report: Reporter): Promise<{ folder: string; key: string; installed: boolean } | null> {
    const wanted = await wantedFor(app);
    if (!wanted) return null;
    const place = path.join(this.root, wanted.key);
    const installed = await this.installations.ensure(place, app, report, "Waiting for the installation that another run began.", (part) => install(part, wanted, report.log));
    return { folder: path.join(place, "node_modules"), key: wanted.key, installed };
  }
}

async function install(part: string, { manifest, lock }: Wanted, log: (text: string) => void): Promise<void> {
  await writeFile(path.join(part, "package.json"), JSON.stringify(manifest));
  await writeFile(path.join(part, "package-lock.json"), JSON.stringify(lock));
  await npmInstall(part, log);
  await mkdir(path.join(part, "node_modules"), { recursive: true });
  await makeReadOnly(part);
  const hash = await installedHash(part);
  if (!hash) throw new Error("npm ci ended well and installed nothing");
  await writeFile(path.join(part, MARKER), hash, { mode: 0o444 });
}
