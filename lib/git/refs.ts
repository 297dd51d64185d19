import { randomBytes } from "node:crypto";
import { access, link, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { SHA, ZERO_SHA } from "./names";
import { GitFailure, git, gitText } from "./run";

export interface GitRef {
  /** Full name, for example refs/heads/main. */
  name: string;
  /** The commit; for an annotated tag the one it points at. */
  commit: string;
  /** What the ref holds itself: the tag object of an annotated tag. */
  sha: string;
}

/** All branches and tags. */
export async function listRefs(dir: string): Promise<GitRef[]> {
  const text = await gitText(["for-each-ref", "--format=%(refname)%00%(objectname)%00%(*objectname)", "refs/heads", "refs/tags"], { dir });
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [name = "", sha = "", peeled = ""] = line.split("\0");
      return { name, sha, commit: peeled || sha };
    });
}

/** What a ref of exactly this name holds, or null. */
export async function findRef(dir: string, name: string): Promise<string | null> {
  if (isPlainBranch(name)) {
    const own = await readFile(path.join(dir, name), "utf8").catch(() => null);
    if (own && SHA.test(own.trim())) return own.trim();
    if (own === null && !(await isThere(path.join(dir, "packed-refs")))) return null;
  }
  return (await listRefs(dir)).find((ref) => ref.name === name)?.sha ?? null;
}

/** Makes a branch that is not there yet. Throws GitFailure when somebody else made it meanwhile. */
export async function createBranch(dir: string, branch: string, commit: string): Promise<void> {
  const name = `refs/heads/${branch}`;
  if (!isPlainBranch(name) || (await isThere(path.join(dir, "packed-refs")))) {
    await git(["update-ref", name, commit, ZERO_SHA], { dir });
    return;
  }
  // Whole or not at all, and only where nothing is: what a link does at once.
  const scratch = path.join(dir, `new-ref-${randomBytes(6).toString("hex")}`);
  await writeFile(scratch, `${commit}\n`);
  try {
    await link(scratch, path.join(dir, name));
  } catch (cause) {
    throw cause instanceof Error && "code" in cause && cause.code === "EEXIST" ? new GitFailure("update-ref", null, `${name} is there already`) : cause;
  } finally {
    await rm(scratch, { force: true });
  }
}

// A branch has a file of its own, or a line in a file of all, which a new repository does not have
// (gitrepository-layout(5)). Names that are the path of their file are read and made as such; all others are left to git.
const isPlainBranch = (name: string) => /^refs\/heads\/[a-z0-9]+(?:[-_][a-z0-9]+)*$/.test(name);

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
