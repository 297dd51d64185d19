import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { env } from "@/lib/core/env";
import { git } from "./run";

/** Where the bare repository of this id is or will be. */
export function bareRepositoryDir(repositoryId: string): string {
  if (!/^rep_[0-9a-z]{6,40}$/.test(repositoryId)) throw new Error("not the id of a repository");
  return path.join(bareRepositoriesRoot(), `${repositoryId}.git`);
}

/** The folder that holds all of them. */
export const bareRepositoriesRoot = (): string => path.join(env().dataDir, "git");

/** Makes an empty bare repository unless it is there; can be repeated after a crash at any instant. */
export async function ensureBareRepository(dir: string, defaultBranch: string, signal?: AbortSignal): Promise<void> {
  await mkdir(path.dirname(dir), { recursive: true, mode: 0o700 });
  await git(["init", "--quiet", "--bare", "--template=", `--initial-branch=${defaultBranch}`, dir], signal ? { signal } : {});
}

/** True once there is a repository in the folder. */
export async function isBareRepository(dir: string): Promise<boolean> {
  return stat(path.join(dir, "HEAD")).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
