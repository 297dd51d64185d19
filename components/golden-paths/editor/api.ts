import type { ActionResult } from "@/lib/core/action";
import { saveDraft } from "@/lib/golden-paths/actions";
import type { DryRun, FileText, GitTemplate, GoldenPathDraft, PathCheck } from "@/lib/golden-paths/contract";
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
  const answer = await fetch(`/api/v1/golden-paths${path ? `/${path}` : ""}`, init);
  if (answer.ok) return (await answer.json()) as T;
  const problem = (await answer.json().catch(() => null)) as { detail?: string; errors?: { path: string; message: string }[] } | null;
  throw new ApiProblem(problem?.detail ?? `The portal answered ${answer.status}. Try again.`, problem?.errors ?? []);
}

function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return call(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), ...(signal ? { signal } : {}) });
}

/** The draft of one path, as the editor reads and writes it. */
export function draftServer(name: string): DraftServer {
  return {
    save: saveDraft,
    draft: () => call<GoldenPathDraft>(`${name}/draft`),
    file: (path) => call<FileText>(`${name}/draft/file?path=${encodeURIComponent(path)}`),
  };
}

type Unsaved = { path: string; text: string }[];

export const checkDraft = (name: string, unsaved: Unsaved, signal: AbortSignal) => post<PathCheck>(`${name}/draft/check`, { unsaved }, signal);
export const dryRunDraft = (name: string, values: Record<string, unknown>, unsaved: Unsaved) => post<DryRun>(`${name}/draft/dry-run`, { values, unsaved });

/** Begins a draft from a public git repository. Answers as a server action does; fields are those of the form. */
export async function importGit(git: GitTemplate): Promise<ActionResult<GoldenPathDraft>> {
  try {
    return { ok: true, data: await post<GoldenPathDraft>("", { git }) };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const fields = error.fields.filter(({ path }) => /^git\.(url|branch|path)$/.test(path)).map(({ path, message }) => ({ path: path.slice("git.".length), message }));
    return { ok: false, error: { code: "invalid", message: error.message, fields } };
  }
}

/** Begins a draft from an archive. Throws ApiProblem. */
export async function importArchive(file: File): Promise<GoldenPathDraft> {
  const type = /\.zip$/i.test(file.name) ? "application/zip" : "application/gzip";
  return call<GoldenPathDraft>("", { method: "POST", headers: { "content-type": type }, body: file });
}
