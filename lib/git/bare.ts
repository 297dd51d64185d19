import { randomBytes } from "node:crypto";
import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { env } from "@/lib/core/env";

/** Where the bare repository of this id is or will be. */
export function bareRepositoryDir(repositoryId: string): string {
  if (!/^rep_[0-9a-z]{6,40}$/.test(repositoryId)) throw new Error("not the id of a repository");
  return path.join(bareRepositoriesRoot(), `${repositoryId}.git`);
}

/** The folder that holds all of them. */
export const bareRepositoriesRoot = (): string => path.join(env().dataDir, "git");

/** Makes an empty bare repository, as `git init --bare` does, unless it is there; can be repeated after a crash at any instant. Layout: gitrepository-layout(5). */
export async function ensureBareRepository(dir: string, defaultBranch: string, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  if (await isBareRepository(dir)) return;
  await mkdir(path.dirname(dir), { recursive: true, mode: 0o700 });
  for (const folder of ["objects/info", "objects/pack", "refs/heads", "refs/tags"]) await mkdir(path.join(/*turbopackIgnore: true*/ dir, folder), { recursive: true });
  await writeFile(path.join(dir, "config"), "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n");
  // The last file is the mark of a whole repository, and whole itself.
  const scratch = path.join(dir, `HEAD.${randomBytes(6).toString("hex")}`);
  await writeFile(scratch, `ref: refs/heads/${defaultBranch}\n`);
  await rename(scratch, path.join(dir, "HEAD"));
}

/** True once there is a repository in the folder. */
export async function isBareRepository(dir: string): Promise<boolean> {
  return stat(path.join(dir, "HEAD")).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
