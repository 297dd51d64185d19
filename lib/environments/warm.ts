import { readdir } from "node:fs/promises";
import path from "node:path";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { localDriver } from "./drivers/local";

const LOCK = "package-lock.json";

/** Installs the dependencies of the golden paths that ship with this build, so that the first environment is as quick as the next. A failure is logged: the environment itself would tell it again. */
export async function warmShippedPaths(): Promise<void> {
  const root = path.join(/*turbopackIgnore: true*/ env().appRoot, "golden-paths");
  for (const name of await readdir(root)) {
    const skeleton = path.join(root, name, "skeleton");
    const files: string[] = await readdir(skeleton).catch(() => []);
    if (!files.includes(LOCK)) continue;
    await localDriver.warm(skeleton, () => {}).catch((error: unknown) => log().warn({ err: error, goldenPath: name }, "the dependencies of a golden path could not be prepared"));
  }
}
