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
  return (await listRefs(dir)).find((ref) => ref.name === name)?.sha ?? null;
}
