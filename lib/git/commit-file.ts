import { SHA } from "./names";
import { GitFailure, git, gitText } from "./run";

export interface FileChange {
  /** The commit that the change is made on. */
  base: string;
  path: string;
  text: string;
  author: { name: string; email: string };
  message: string;
  /** Fixed, so that a repeat gives the same commit id again. */
  at: Date;
}

/**
 * Writes a commit that replaces one file, under `ref`, and returns its id; a ref that is there is left alone and its commit
 * returned, so that the call can be repeated. The ref should be one that nobody fetches, for example refs/waymark/edits/<id>.
 */
export async function commitFile(dir: string, ref: string, { base, path, text, author, message, at }: FileChange, signal?: AbortSignal): Promise<string> {
  const known = await hidden(dir, ref);
  if (known) return known;
  if (!SHA.test(base)) throw new Error(`no commit id: ${base}`);
  const when = `${Math.floor(at.getTime() / 1000)} +0000`;
  const plain = (name: string) => name.replace(/[<>\x00-\x1f\x7f]/g, " ").trim();
  const [words, content] = [Buffer.from(message), Buffer.from(text)];
  const quoted = `"${path.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
  const stream = Buffer.concat([
    Buffer.from(`commit ${ref}\nauthor ${plain(author.name) || "Unknown"} <${plain(author.email)}> ${when}\ncommitter Waymark <waymark@localhost> ${when}\ndata ${words.length}\n`),
    words,
    Buffer.from(`\nfrom ${base}\nM 100644 inline ${quoted}\ndata ${content.length}\n`),
    content,
    Buffer.from("\n\ndone\n"),
  ]);
  await git(["fast-import", "--quiet", "--done", "--date-format=raw"], { dir, input: stream, ...(signal ? { signal } : {}) });
  const made = await hidden(dir, ref);
  if (!made) throw new Error(`fast-import left no ${ref}`);
  return made;
}

/** Removes a ref; one that is gone already is fine. */
export async function dropRef(dir: string, ref: string): Promise<void> {
  await git(["update-ref", "-d", ref], { dir });
}

/** True if the commit is the branch's last one or one of its ancestors. */
export async function isOnBranch(dir: string, commit: string, branch: string): Promise<boolean> {
  try {
    await git(["merge-base", "--is-ancestor", commit, `refs/heads/${branch}`], { dir });
    return true;
  } catch (error) {
    if (error instanceof GitFailure) return false;
    throw error;
  }
}

/** What a ref outside of branches and tags holds, or null. */
async function hidden(dir: string, ref: string): Promise<string | null> {
  return (await gitText(["for-each-ref", "--format=%(objectname)", ref], { dir })).trim() || null;
}

/** The first parent of a commit. */
export async function parentOf(dir: string, commit: string): Promise<string> {
  return (await gitText(["rev-parse", "--verify", "--quiet", "--end-of-options", `${commit}^1`], { dir })).trim();
}
