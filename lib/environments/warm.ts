import { readdir } from "node:fs/promises";
import path from "node:path";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { localDriver } from "./drivers/local";

const LOCK = "package-lock.json";

/** Installs the dependencies of the golden paths that ship with this build, so that the first environment is as quick as the next. A failure is logged: the environment itself would tell it again. */
export async function warmShippedPaths(): Promise<void> {
  const root = path.join(/*turbopackIgnore: true*/ env().appRoot, "golden-paths");
  for (const { name } of (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
    const folders = (await readdir(path.join(root, name), { withFileTypes: true })).filter((entry) => entry.isDirectory());
    for (const folder of folders.map((entry) => path.join(root, name, entry.name))) {
      if (!(await readdir(folder)).includes(LOCK)) continue;
      await localDriver.warm(folder, () => {}).catch((error: unknown) => log().warn({ err: error, goldenPath: name }, "the dependencies of a golden path could not be prepared"));
    }
  }
}
