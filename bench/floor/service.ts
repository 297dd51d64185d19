import { lstat, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { git } from "@/lib/git/run";
import { memoryRun } from "@/tests/setup/run-context";
import { shippedPath } from "@/tests/setup/shipped-path";

// The least that has to happen for a repository that can be cloned: git init and git fast-import of the same files, then a clone.

export interface ServiceFloor {
  /** Milliseconds of init, import and clone. */
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
      await git(["init", "--quiet", "--bare", "--template=", "--initial-branch=main", bare]);
      await git(["fast-import", "--quiet", "--done", "--date-format=raw"], { dir: bare, input: await importStream(files) });
      await git(["clone", "--quiet", bare, path.join(dir, `clone-${round}`)], { config: ["protocol.file.allow=always"] });
      return performance.now() - begun;
    },
    close: () => rm(dir, { recursive: true, force: true }),
  };
}

/** One commit of the folder, as git-fast-import(1) reads it. */
async function importStream(folder: string): Promise<Buffer> {
  const commands: Buffer[] = [Buffer.from("commit refs/heads/main\ncommitter Ada <ada@example.com> 0 +0000\ndata 5\nFirst\n")];
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const entry = await lstat(path.join(folder, name));
    if (!entry.isFile()) continue;
    const content = await readFile(path.join(folder, name));
    commands.push(Buffer.from(`M ${entry.mode & 0o111 ? "100755" : "100644"} inline ${JSON.stringify(name)}\ndata ${content.length}\n`), content, Buffer.from("\n"));
  }
  return Buffer.concat([...commands, Buffer.from("\ndone\n")]);
}
