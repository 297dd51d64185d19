import { createHash } from "node:crypto";
import { chown, lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import picomatch from "picomatch";
import { z } from "zod";
import { accountOf, giveTo } from "./account";
import { makeReadOnly } from "./dependencies";
import { isCode } from "./home";
import { Kept } from "./kept";
import { MadeOnce, type Reporter } from "./made-once";
import { type BuildWish, type Grounds, runBuild } from "./run-build";

// What a build makes depends only on what it sees: the sources that .dockerignore does not leave out, the installed packages, and
// package.json without the app's own name. It sees no variables and no network. So everybody with the same sources may have the result.

const MARKER = "complete";
const OWN_NAME = ["name", "version", "description"];

/** Which files take no part, by the rules of a .dockerignore: the last line that fits counts, `!` takes back. */
export function ignoredBy(text: string): (file: string) => boolean {
  const rules = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => ({ isIgnored: !line.startsWith("!"), matches: picomatch(line.replace(/^!/, "").replace(/^\/|\/$/g, ""), { dot: true }) }));
  return (file) => {
    const parents = file.split("/").map((_, index, all) => all.slice(0, index + 1).join("/"));
    return rules.reduce((ignored, { isIgnored, matches }) => (parents.some((part) => matches(part)) ? isIgnored : ignored), false);
  };
}

/** The sources by path. Links take no part: followed, they could show the build another's files. */
async function sourcesOf({ app, build }: BuildWish): Promise<Map<string, Buffer>> {
  const isIgnored = ignoredBy(await readFile(path.join(app, ".dockerignore"), "utf8").catch(() => ""));
  const files = new Map<string, Buffer>();
  const walk = async (folder: string): Promise<void> => {
    for (const entry of (await readdir(path.join(app, folder), { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = folder ? `${folder}/${entry.name}` : entry.name;
      if (["node_modules", ".git", build.output].includes(name) || isIgnored(name)) continue;
      if (entry.isDirectory()) await walk(name);
      else if (entry.isFile()) files.set(name, await readFile(path.join(app, name)));
    }
  };
  await walk("");
  const manifest = z.record(z.string(), z.unknown()).safeParse(JSON.parse(files.get("package.json")?.toString("utf8") ?? "{}")).data ?? {};
  files.set("package.json", Buffer.from(JSON.stringify(Object.fromEntries(Object.entries(manifest).filter(([key]) => !OWN_NAME.includes(key))))));
  return files;
}

function keyOf({ build, modules }: BuildWish, sources: Map<string, Buffer>): string {
  const hash = createHash("sha256").update(JSON.stringify([build, modules?.key ?? null, process.version, process.platform, process.arch]));
  for (const [name, content] of sources) hash.update(JSON.stringify([name, createHash("sha256").update(content).digest("hex")]));
  return hash.digest("hex").slice(0, 32);
}

const isComplete = async (place: string) => (await stat(path.join(place, MARKER)).catch(() => null)) !== null;

/** Results of builds, each made once and then shared read-only. */
export class BuildCache {
  private readonly builds: MadeOnce;

  constructor(
    private readonly root: string,
    private readonly kept = new Kept(root),
  ) {
    this.builds = new MadeOnce(isComplete, kept);
  }

  private readonly placeFor = (wish: BuildWish, sources: Map<string, Buffer>) => path.join(this.root, `build-${keyOf(wish, sources)}`);

  /** Notes the use of a build by sources that run already. */
  async note(wish: BuildWish): Promise<void> {
    await this.kept.use(this.placeFor(wish, await sourcesOf(wish)), wish.app);
  }

  /** The folder that the build makes, made if nobody did before; `tookMs` is null then. Throws StepFailure with the build's last lines. */
  async ensure(on: Grounds, wish: BuildWish, report: Reporter): Promise<{ folder: string; tookMs: number | null }> {
    const sources = await sourcesOf(wish);
    const place = this.placeFor(wish, sources);
    const startedAt = performance.now();
    const wasMade = await this.builds.ensure(place, wish.app, report, "Waiting for the build that another run began.", (part) => make(on, part, wish, sources, report.log));
    return { folder: path.join(place, "output"), tookMs: wasMade ? performance.now() - startedAt : null };
  }
}

async function make(on: Grounds, part: string, wish: BuildWish, sources: Map<string, Buffer>, log: (text: string) => void): Promise<void> {
  const [app, output, sockets] = ["app", "output", "sockets"].map((name) => path.join(/*turbopackIgnore: true*/ part, name)) as [string, string, string];
  for (const folder of [app, output, sockets]) await mkdir(folder, { mode: 0o755 });
  for (const [name, content] of sources) {
    await mkdir(path.dirname(path.join(app, name)), { recursive: true });
    await writeFile(path.join(app, name), content);
  }
  const { accounts } = on.machine;
  const uid = accounts && accountOf(path.basename(part), accounts);
  if (uid !== null) for (const folder of [app, output]) await giveTo(folder, uid);
  await runBuild(on, { ...wish, uid, app, output, sockets }, log);
  await keepOutput(app, output, wish.build.output);
  await rm(app, { recursive: true, force: true });
  await writeFile(path.join(part, MARKER), "", { mode: 0o444 });
}

/** Outside a sandbox the result lies beside the sources. It belongs to nobody's account from now on. */
async function keepOutput(app: string, output: string, name: string): Promise<void> {
  const beside = await lstat(path.join(app, name)).catch((error) => {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  });
  if (beside?.isDirectory() && (await readdir(output)).length === 0) {
    await rm(output, { recursive: true });
    await rename(path.join(app, name), output);
  }
  if (process.getuid?.() === 0) {
    await giveTo(output, 0);
    await chown(output, 0, 0);
  }
  await makeReadOnly(output);
}
