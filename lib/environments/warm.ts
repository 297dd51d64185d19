import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { renderDefaults } from "@/lib/golden-paths/queries";
import { localDriver } from "./drivers/local";
import { parseManifest } from "./manifest";

/**
 * Installs and builds what the golden paths that ship with this build need with their own defaults, so that the first environment
 * is as quick as the next. A failure is logged: the environment itself would tell it again.
 */
export async function warmShippedPaths(): Promise<void> {
  const root = path.join(/*turbopackIgnore: true*/ env().appRoot, "golden-paths");
  for (const { name } of (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
    if (!(await readdir(path.join(root, name))).includes("template.yaml")) continue;
    await warm(path.join(root, name)).catch((error: unknown) => log().warn({ err: error, goldenPath: name }, "what a golden path needs could not be prepared"));
  }
}

async function warm(folder: string): Promise<void> {
  const dir = await mkdtemp(path.join(tmpdir(), "waymark-warm-"));
  try {
    await renderDefaults(folder, dir);
    await localDriver.warm(dir, parseManifest(await readFile(path.join(dir, "waymark.yaml"), "utf8")));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
