import { access, readFile } from "node:fs/promises";
import path from "node:path";
import { SHA } from "./names";
import { gitText } from "./run";

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
  // A ref has a file of its own, or a line in a file of all, which a new repository does not have (gitrepository-layout(5)).
  const own = SAFE_REF.test(name) ? await readFile(path.join(dir, name), "utf8").catch(() => null) : null;
  if (own && SHA.test(own.trim())) return own.trim();
  if (own === null && SAFE_REF.test(name) && !(await isThere(path.join(dir, "packed-refs")))) return null;
  return (await listRefs(dir)).find((ref) => ref.name === name)?.sha ?? null;
}

/** Names that are the path of their file; all others are left to git. */
const SAFE_REF = /^refs\/heads\/[a-z0-9]+(?:[-_][a-z0-9]+)*$/;

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
