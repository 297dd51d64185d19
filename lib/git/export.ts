import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DomainError } from "@/lib/core/errors";
import { SHA } from "./names";
import { listAllFiles } from "./read";
import { git } from "./run";

const MAX_FILES = 20_000;
const MAX_BYTES = 300 * 1024 * 1024;

/**
 * Writes the files of a commit into an empty folder, as a checkout would. Links become small text files holding their
 * target, so nothing in the folder leads out of it. Throws DomainError("invalid") past 20,000 files or 300 MB.
 */
export async function exportTree(dir: string, commit: string, targetDir: string, signal: AbortSignal): Promise<void> {
  if (!SHA.test(commit)) throw new Error("exportTree takes a whole commit id");
  const files = await listAllFiles(dir, commit);
  const bytes = files.reduce((sum, file) => sum + (file.size ?? 0), 0);
  if (files.length > MAX_FILES || bytes > MAX_BYTES) {
    throw new DomainError(
      "invalid",
      `The commit holds ${files.length} files with ${Math.round(bytes / 1_048_576)} MB; at most ${MAX_FILES} files and 300 MB can be used. Remove what is not needed.`,
    );
  }
  const scratch = await mkdtemp(path.join(tmpdir(), "waymark-export-"));
  const env = { GIT_INDEX_FILE: path.join(scratch, "index") };
  try {
    await git(["read-tree", "--end-of-options", commit], { dir, env, signal });
    await git(["--work-tree", path.resolve(targetDir), "checkout-index", "--all", "--force"], { dir, env, signal, config: ["core.bare=false"], cwd: scratch });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
