import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureBareRepository } from "@/lib/git/bare";
import { mergeCommits } from "@/lib/git/merge";
import { commitTree, readTreeFiles, writeBlobs, writeTree } from "@/lib/git/trees";
import { parseDefinition } from "@/lib/golden-paths/definition";
import { materialize } from "@/lib/golden-paths/engine/materialize";
import { readPathFolder } from "@/lib/golden-paths/engine/template-folder";
import { PROVENANCE_FILE, provenanceText, readProvenance } from "@/lib/golden-paths/provenance";
import { computeUpgrade, type UpgradeSpec } from "@/lib/golden-paths/upgrade/compute";
import { type RenderInput, renderTree } from "@/lib/golden-paths/upgrade/render-tree";
import { report } from "./setup/measure";

// An upgrade of a service of node-express that its team changed, computed whole: both versions rendered, three trees written,
// merged, committed. The floor is git's merge of the same three trees alone.

const ROUNDS = 30;
const dir = await mkdtemp(path.join(tmpdir(), "wm-upgrade-bench-"));
const repository = path.join(dir, "r.git");
const signal = new AbortController().signal;
const author = { name: "Bench", email: "bench@example.com" };
const at = new Date(0);

const files = await readPathFolder("golden-paths/node-express");
const definition = parseDefinition(files.get("template.yaml")?.content.toString("utf8") ?? "");
const newer = new Map(files);
for (const [name, file] of files) if (/\.(js|md)$/.test(name)) newer.set(name, { ...file, content: Buffer.concat([file.content, Buffer.from("\n")]) });

function input(version: string, from: typeof files): RenderInput {
  const goldenPath = {
    name: "node-express",
    version,
    definition,
    materialize: (args: object) => materialize({ ...args, definition, files: from } as Parameters<typeof materialize>[0]),
  };
  const values = { name: "bench", description: "", owner: "group:default/checkout", database: true, exposure: "internal", logLevel: "info" };
  return {
    goldenPath: goldenPath as unknown as RenderInput["goldenPath"],
    values,
    context: { runId: "run_bench", user: { ref: "user:default/ada", name: "Ada" } },
    service: { name: "bench", description: "", owner: "group:default/checkout" },
  };
}

try {
  await ensureBareRepository(repository, "main");
  const [from, to] = [input("1.0.0", files), input("1.1.0", newer)];
  const base = await renderTree(repository, from, signal);
  const text = provenanceText({ goldenPath: { name: "node-express", version: "1.0.0" }, answers: from.values, createdBy: "user:default/ada", createdAt: at.toISOString() });
  const [record = "", own = ""] = await writeBlobs(repository, [Buffer.from(text), Buffer.from("ours\n")]);
  const ours = new Map(base).set(PROVENANCE_FILE, { mode: "100644", sha: record }).set("own.txt", { mode: "100644", sha: own });
  const commit = async (tree: string, parents: string[]) => commitTree(repository, { tree, parents, author, message: "bench", at });
  const root = await commit(await writeTree(repository, base), []);
  const head = await commit(await writeTree(repository, ours), [root]);
  const theirs = await commit(await writeTree(repository, await renderTree(repository, to, signal)), [root]);
  const provenance = readProvenance(text);
  if (!provenance) throw new Error("the record cannot be read");
  const spec: UpgradeSpec = { dir: repository, branch: "main", head, provenance, from, to, publishedAt: at, ejected: [], rejoined: [] };
  const first = await computeUpgrade(spec, signal);
  if (first.conflicts.length > 0 || !(await readTreeFiles(repository, first.commit)).has("own.txt")) throw new Error("the upgrade is wrong");
  const product: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    let begun = performance.now();
    await computeUpgrade(spec, signal);
    product.push(performance.now() - begun);
    begun = performance.now();
    await mergeCommits(repository, head, theirs);
    bare.push(performance.now() - begun);
  }
  report("upgrade-computed", "ms", product, { floor: [...bare].sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0 });
} finally {
  await rm(dir, { recursive: true, force: true });
}
process.exit(0);
