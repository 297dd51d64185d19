import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { copyOf, type FolderAbove, foldersAbove, namingCopies } from "@/lib/core/copied-folders";
import { DomainError, isDomainError } from "@/lib/core/errors";
import { pinnedAddress } from "@/lib/core/safe-fetch";
import { fetchCommit, remoteHead } from "@/lib/git/remote";
import { GitFailure } from "@/lib/git/run";
import { openSnapshot, type Snapshot } from "@/lib/git/snapshot";
import type { GitTemplate, UploadedFile } from "../contract";
import { parseDefinition } from "../definition";
import { fetchedFolder } from "../lint/step-rules";
import { TEMPLATE_FILE } from "../lint/template-source";

const DEADLINE_MS = 60_000;
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_FILES = 2_000;

const invalid = (field: keyof GitTemplate, message: string, cause?: unknown) => new DomainError("invalid", message, { fields: [{ path: `git.${field}`, message }], cause });

/**
 * The files below a folder of a public git repository, as they are at the head of a branch (the default one unless named), with copies
 * of what its template fetches from beside that folder.
 * Throws DomainError("invalid") beside the address, branch or folder that is wrong, and for links and files over 1 MB.
 */
export async function readGitTemplate(from: GitTemplate): Promise<UploadedFile[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "waymark-template-"));
  const dir = path.join(folder, "copy.git");
  try {
    return await filesBelow(await fetched(from, dir), from);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fetched({ url, branch }: GitTemplate, dir: string): Promise<Snapshot> {
  try {
    const remote = { url, address: await pinnedAddress(url), signal: AbortSignal.timeout(DEADLINE_MS) };
    const head = await remoteHead(remote, branch ?? null);
    if (!head) throw branch ? invalid("branch", `${url} has no branch ${branch}.`) : invalid("url", `${url} is empty.`);
    await fetchCommit(remote, dir, head.branch);
    return await openSnapshot(dir, head.commit, { isPartial: true });
  } catch (error) {
    if (error instanceof DomainError && error.fields.length) throw error;
    if (error instanceof DomainError) throw invalid("url", error.message, error);
    if (error instanceof Error && error.name === "TimeoutError") throw invalid("url", `${url} did not arrive within a minute. Pack its folder as an archive instead.`, error);
    if (error instanceof GitFailure) throw invalid("url", `${url} is no public git repository: ${error.stderr.trim().split("\n").at(-1)?.slice(0, 200) ?? ""}`, error);
    throw error;
  }
}

async function filesBelow(snapshot: Snapshot, { path: below = "" }: GitTemplate): Promise<UploadedFile[]> {
  const { entries, read } = snapshot;
  const root = below.split("/").filter(Boolean).join("/");
  const own = entries.filter(({ name }) => root === "" || name.startsWith(`${root}/`));
  if (own.length === 0) throw invalid("path", `There is no folder ${root} in the repository.`);
  const shared = root ? await sharedBy(snapshot, root) : [];
  const ownNames = new Set(own.map(({ name }) => name));
  const isShared = (name: string) => !ownNames.has(name) && shared.some(({ from }) => isBelow(name, from));
  const inside = [...own, ...entries.filter(({ name }) => isShared(name))];
  if (inside.length > MAX_FILES) throw invalid("path", `It holds ${inside.length} files, of which at most ${MAX_FILES} can be taken. Name the folder of the template.`);
  const other = inside.find(({ type }) => type !== "file");
  if (other) throw invalid("path", `${other.name} is a ${other.type}. A template may hold only files and folders; name the folder of the template, or put a copy there instead.`);
  const contents = await read(
    inside.map(({ name }) => name),
    MAX_FILE_BYTES,
  );
  return inside.map(({ name, isExecutable }) => {
    const content = contents.get(name);
    if (!content) throw invalid("path", `${name} is larger than 1 MB. Import an archive of the folder instead.`);
    const at = ownNames.has(name) ? name.slice(root ? root.length + 1 : 0) : copyOf(name);
    const bytes = at === TEMPLATE_FILE && shared.length ? Buffer.from(namingCopies(content.toString("utf8"), shared)) : content;
    return { path: at, content: bytes.toString("base64"), encoding: "base64", isExecutable };
  });
}

const isBelow = (name: string, place: string) => name === place || name.startsWith(`${place}/`);

async function sharedBy({ entries, read }: Snapshot, root: string): Promise<FolderAbove[]> {
  const name = `${root}/${TEMPLATE_FILE}`;
  const template = (await read([name], MAX_FILE_BYTES)).get(name);
  const found = template ? foldersAbove(fetchedFolders(template.toString("utf8")), root) : [];
  return found.filter(({ from }) => entries.some(({ name }) => isBelow(name, from)));
}

/** What the steps of a template fetch; nothing of one that cannot be read. */
function fetchedFolders(template: string): string[] {
  try {
    return parseDefinition(template).spec.steps.flatMap((step) => fetchedFolder(step) ?? []);
  } catch (error) {
    if (isDomainError(error)) return [];
    throw error;
  }
}
