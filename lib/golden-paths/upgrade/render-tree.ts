import { mkdtemp, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TreeFiles, writeBlobs } from "@/lib/git/trees";
import { removeFolder } from "../engine/remove-folder";
import { CATALOG_FILE } from "../engine/session";
import type { MaterializeContext } from "../engine/step-action";
import type { loadGoldenPathVersion } from "../load-version";
import { PROVENANCE_FILE } from "../provenance";
import { catalogFileFor } from "../service-catalog-file";

export interface RenderInput {
  goldenPath: Awaited<ReturnType<typeof loadGoldenPathVersion>>;
  values: Record<string, unknown>;
  context: MaterializeContext;
  /** For the catalog file that Waymark adds where the path brings none. */
  service: { name: string; description: string; owner: string };
}

/** What a version makes of the answers, kept as objects of the repository at `dir`; the record of its origin is left out. */
export async function renderTree(dir: string, { goldenPath, values, context, service }: RenderInput, signal: AbortSignal): Promise<TreeFiles> {
  const folder = await mkdtemp(path.join(tmpdir(), "waymark-upgrade-"));
  try {
    const { files: names } = await goldenPath.materialize({ values, context, targetDir: folder, scope: "workspace", signal, log: () => {} });
    const files = await Promise.all(
      names
        .filter((name) => name !== PROVENANCE_FILE)
        .map(async (name) => {
          const at = path.join(folder, name);
          const [content, { mode }] = await Promise.all([readFile(at), stat(at)]);
          return { name, content, mode: mode & 0o111 ? "100755" : "100644" };
        }),
    );
    const registers = goldenPath.definition.spec.steps.some((step) => step.action === "catalog:register");
    if (!registers && !names.includes(CATALOG_FILE)) files.push({ name: CATALOG_FILE, content: Buffer.from(catalogFileFor(service)), mode: "100644" });
    const shas = await writeBlobs(
      dir,
      files.map(({ content }) => content),
      signal,
    );
    return new Map(files.map(({ name, mode }, index) => [name, { mode, sha: shas[index] ?? "" }]));
  } finally {
    await removeFolder(folder);
  }
}
