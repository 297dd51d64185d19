import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureBareRepository } from "@/lib/git/bare";
import { commitFolder } from "@/lib/git/commit-folder";
import { git } from "@/lib/git/run";
import { memoryRun } from "@/tests/setup/run-context";
import { shippedPath } from "@/tests/setup/shipped-path";

// The least that has to happen for a repository that can be cloned: git init and one commit of the same files, then a clone.

export interface ServiceFloor {
  /** Milliseconds of init, commit and clone. */
  once(): Promise<number>;
  close(): Promise<void>;
}

/** Renders the files beforehand: that is not counted. */
export async function openServiceFloor(): Promise<ServiceFloor> {
  const dir = await mkdtemp(path.join(tmpdir(), "wm-service-floor-"));
  const files = path.join(dir, "files");
  await shippedPath("node-express", { name: "floor" })(files, memoryRun("env_floor").context, new AbortController().signal);
  let round = 0;
  return {
    async once() {
      round += 1;
      const bare = path.join(dir, `${round}.git`);
      const begun = performance.now();
      await ensureBareRepository(bare, "main");
      await commitFolder(bare, files, { branch: "main", author: { name: "Ada", email: "ada@example.com" }, message: "First", at: new Date(0) });
      await git(["clone", "--quiet", bare, path.join(dir, `clone-${round}`)], { config: ["protocol.file.allow=always"] });
      return performance.now() - begun;
    },
    close: () => rm(dir, { recursive: true, force: true }),
  };
}
