import { mkdir, readdir } from "node:fs/promises";
import { DomainError } from "@/lib/core/errors";
import type { TemplateFiles } from "../archive";
import type { GoldenPathDefinition } from "../definition";
import { hideSecrets } from "../secret-answers";
import type { Scope } from "./check-actions";
import { runSteps, type StepsResult } from "./interpreter";
import { type Renderer, renderer } from "./renderer";
import type { MaterializeContext, Outside, StepLog, StepRegistry } from "./step-action";
import { stepRegistry } from "./steps";
import { Workspace } from "./workspace";

export interface MaterializeArgs {
  /** The published version's files by path. */
  files: TemplateFiles;
  definition: GoldenPathDefinition;
  /** Answers as `validateValues` returned them. */
  values: Record<string, unknown>;
  /** Further `secrets.<name>` beside the answers to questions with the field Secret. */
  secrets?: Record<string, unknown> | undefined;
  /** An empty or missing folder; a failure may leave part of the files there. */
  targetDir: string;
  context: MaterializeContext;
  scope: Scope;
  /** Needed with the scope `all`. */
  outside?: Outside | undefined;
  signal: AbortSignal;
  log: StepLog;
  /** Other than the process-wide ones, for tests. */
  registry?: StepRegistry;
  renderer?: Renderer;
}

export interface Materialized {
  /** Paths of all files in the folder, sorted. */
  files: string[];
  skippedSteps: string[];
  output: Record<string, unknown>;
  calls: StepsResult["calls"];
}

/**
 * Runs a golden path's steps into a folder. Throws DomainError("invalid") for a bad template, naming step, file and line,
 * and the signal's reason when aborted.
 */
export async function materialize(args: MaterializeArgs): Promise<Materialized> {
  const { targetDir, registry = stepRegistry, renderer: thread = renderer(), ...rest } = args;
  await mkdir(targetDir, { recursive: true });
  if ((await readdir(targetDir)).length > 0) throw new DomainError("conflict", `The folder ${targetDir} is not empty. Empty it before rendering into it.`);
  const workspace = new Workspace(targetDir);
  const { parameters, secrets } = hideSecrets(rest.definition, rest.values);
  const result = await runSteps({ ...rest, values: parameters, secrets: { ...secrets, ...rest.secrets }, workspace, registry, renderer: thread });
  return { files: await workspace.list(), ...result };
}
