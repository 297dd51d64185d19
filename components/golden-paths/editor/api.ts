import type { ActionResult } from "@/lib/core/action";
import { saveDraft, saveProposal } from "@/lib/golden-paths/actions";
import type { DryRun, FileText, GitTemplate, GoldenPathDraft, PathCheck, PathTestRun, ProposalDetail } from "@/lib/golden-paths/contract";
import type { Run } from "@/lib/runs/contract";
import type { DraftServer } from "./draft-store";

/** A refusal in the words of the portal, with its fields. */
export class ApiProblem extends Error {
  constructor(
    message: string,
    readonly fields: { path: string; message: string }[],
  ) {
    super(message);
    this.name = "ApiProblem";
  }
}

async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(`/api/v1/${path}`, init);
  if (answer.ok) return (await answer.json()) as T;
  const problem = (await answer.json().catch(() => null)) as { detail?: string; errors?: { path: string; message: string }[] } | null;
  throw new ApiProblem(problem?.detail ?? `The portal answered ${answer.status}. Try again.`, problem?.errors ?? []);
}

function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return call(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), ...(signal ? { signal } : {}) });
}

type Unsaved = { path: string; text: string }[];
type Values = Record<string, unknown>;

/** What the editor asks of the portal about the files that it shows. */
export interface EditorServer extends DraftServer {
  check(unsaved: Unsaved, signal: AbortSignal): Promise<PathCheck>;
  dryRun(values: Values, unsaved: Unsaved): Promise<DryRun>;
  tests(): Promise<PathTestRun[]>;
  startTest(revision: number, values: Values): Promise<{ testRun: PathTestRun; run: Run }>;
}

/** What draft and proposal have in common below their address. */
function filesAt(at: string): Omit<EditorServer, "save" | "draft" | "file"> {
  return {
    check: (unsaved, signal) => post<PathCheck>(`${at}/check`, { unsaved }, signal),
    dryRun: (values, unsaved) => post<DryRun>(`${at}/dry-run`, { values, unsaved }),
    tests: async () => (await call<{ items: PathTestRun[] }>(`${at}/test-runs`)).items,
    startTest: (revision, values) => post(`${at}/test-runs`, { revision, values }),
  };
}

/** The draft of one path, as the editor reads and writes it. */
export function draftServer(name: string): EditorServer {
  const at = `golden-paths/${name}/draft`;
  return {
    ...filesAt(at),
    save: saveDraft,
    draft: () => call<GoldenPathDraft>(at),
    file: (path) => call<FileText>(`${at}/file?path=${encodeURIComponent(path)}`),
  };
}

/** A proposed change, in the same way. */
export function proposalServer(id: string): EditorServer {
  const at = `golden-path-proposals/${id}`;
  return {
    ...filesAt(at),
    save: ({ revision, changes }) => saveProposal({ id, revision, changes }),
    draft: async () => (await call<ProposalDetail>(at)).draft,
    file: (path) => call<FileText>(`${at}/file?path=${encodeURIComponent(path)}`),
  };
}

/** Begins a draft from a public git repository. Answers as a server action does; fields are those of the form. */
export async function importGit(git: GitTemplate): Promise<ActionResult<GoldenPathDraft>> {
  try {
    return { ok: true, data: await post<GoldenPathDraft>("golden-paths", { git }) };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const fields = error.fields.filter(({ path }) => /^git\.(url|branch|path)$/.test(path)).map(({ path, message }) => ({ path: path.slice("git.".length), message }));
    return { ok: false, error: { code: "invalid", message: error.message, fields } };
  }
}

/** Begins a draft from an archive. Throws ApiProblem. */
export async function importArchive(file: File): Promise<GoldenPathDraft> {
  const type = /\.zip$/i.test(file.name) ? "application/zip" : "application/gzip";
  return call<GoldenPathDraft>("golden-paths", { method: "POST", headers: { "content-type": type }, body: file });
}
