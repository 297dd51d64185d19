import { mkdtemp, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { db } from "@/db/client";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { typedAnswers } from "@/lib/core/text-answers";
import type { TemplateFiles } from "./archive";
import { pathRoot } from "./archives/read-archive";
import { type DryRun, DryRunDraftInput, TestFilesInput } from "./contract";
import { pagesOf, parseDefinition } from "./definition";
import { applyChanges, uploadedFiles } from "./draft-changes";
import { loadDraft } from "./draft-store";
import { materialize } from "./engine/materialize";
import { removeFolder } from "./engine/remove-folder";
import { readSafely } from "./engine/safe-path";
import { isPublishable, lintFiles } from "./lint/lint";
import { TEMPLATE_FILE } from "./lint/template-source";
import { textOf } from "./present-draft";
import { sampleAnswers } from "./sample-answers";
import { splitSecrets } from "./secret-answers";
import { loadStepRegistry } from "./step-actions/registry";
import { validateValues } from "./values";

const DEADLINE_MS = 15_000;
const MAX_SHOWN_BYTES = 64 * 1024;
const MAX_LOG_LINES = 1_000;

export const dryRunDraft = query({
  name: "golden-path.edit",
  summary: "Run a draft with the given answers into a folder that is thrown away: its files, its log, and what would be left out.",
  input: DryRunDraftInput,
  subject: () => null,
  run: async (on, input, ctx) => {
    const draft = await loadDraft(on, input.name);
    const changes = input.unsaved.map(({ path: file, text }) => ({ type: "write" as const, path: file, text }));
    return dryRunFiles(applyChanges(draft.files, changes), input.values, ctx);
  },
});

export const testFiles = query({
  name: "golden-path.read",
  summary: "Check the files of a golden path and run them with their defaults, sample answers, or the given ones; nothing is kept.",
  input: TestFilesInput,
  subject: () => null,
  run: async (_on, input, ctx) => {
    const files = pathRoot(uploadedFiles(input.files));
    const lint = await lintFiles(files, { now: ctx.now, registry: await loadStepRegistry(db()) });
    if (!isPublishable(lint) || !lint.definition) return { findings: lint.findings, values: null, dryRun: null };
    const values = { ...sampleAnswers(lint.definition), ...typedAnswers(input.values, pagesOf(lint.definition)) };
    return { findings: lint.findings, values, dryRun: await dryRunFiles(files, values, ctx) };
  },
});

/**
 * What the files make of the answers, without any effect: steps that reach outside are left out. Throws DomainError("invalid")
 * for wrong answers and for a path that fails, naming step, file and line.
 */
export async function dryRunFiles(files: TemplateFiles, values: Record<string, unknown>, ctx: Ctx): Promise<DryRun> {
  const definition = parseDefinition(files.get(TEMPLATE_FILE)?.content.toString("utf8") ?? "");
  const answers = await validateValues(definition, values);
  const folder = await mkdtemp(path.join(tmpdir(), "waymark-dry-run-"));
  const log: DryRun["log"] = [];
  const started = performance.now();
  try {
    const { actor } = ctx;
    const user = actor.type === "user" ? { ref: `user:default/${actor.handle}`, name: actor.name } : { ref: "user:default/waymark", name: "Waymark" };
    const result = await materialize({
      files,
      definition,
      values: { ...answers, ...Object.fromEntries(Object.keys(splitSecrets(definition, answers).secret).map((name) => [name, "********"])) },
      targetDir: folder,
      context: { runId: ctx.requestId, user, environment: { name: "dry-run" } },
      scope: "dry-run",
      registry: await loadStepRegistry(db()),
      signal: AbortSignal.timeout(DEADLINE_MS),
      log: (text, level = "info") => {
        if (log.length < MAX_LOG_LINES) log.push({ level: level === "warn" || level === "error" ? level : "info", text });
      },
    });
    const shown = await Promise.all(result.files.map((name) => shownFile(folder, name)));
    return { files: shown, log, skippedSteps: result.skippedSteps, output: result.output, calls: result.calls, durationMs: Math.round(performance.now() - started) };
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError")
      throw new DomainError("invalid", `The dry run took longer than ${DEADLINE_MS / 1_000} seconds. Look for endless loops and very large repetitions.`, { cause: error });
    throw error;
  } finally {
    await removeFolder(folder);
  }
}

async function shownFile(folder: string, name: string): Promise<DryRun["files"][number]> {
  const [content, { mode }] = [await readSafely(folder, name), await stat(path.join(folder, name))];
  const text = content.length > MAX_SHOWN_BYTES ? null : textOf({ content, mode });
  return { path: name, bytes: content.length, isExecutable: (mode & 0o111) !== 0, text };
}
