import type { z } from "zod";
import type { HostWishes } from "@/lib/repositories/provider";
import type { LogLevel } from "@/lib/runs/contract";
import type { EngineRun } from "@/lib/runs/engine/types";
import type { TemplateFiles } from "../archive";
import type { Renderer } from "./renderer";
import type { Workspace } from "./workspace";

export type StepLog = (text: string, level?: LogLevel) => void;

export interface StepArgs<Input> {
  input: Input;
  workspace: Workspace;
  /** The files of the golden path's version; `url: ./skeleton` names a folder of them. */
  files: TemplateFiles;
  renderer: Renderer;
  context: MaterializeContext;
  /** Does what reaches outside the folder; absent where such steps are left out. */
  outside?: Outside | undefined;
  /** Set inside `Outside.once`. */
  attempt?: Attempt | undefined;
  log: StepLog;
  signal: AbortSignal;
}

/** What a template wants done with its files. */
export interface Publication {
  /** The action that asked. */
  action: string;
  /** `host?owner=o&repo=r`, as templates write it; null when the template leaves it open. */
  repoUrl: string | null;
  description: string | null;
  defaultBranch: string;
  visibility: "private" | "internal" | "public";
  topics: string[];
  commitMessage: string | null;
  /** Null = the person who asked. */
  author: { name: string | null; email: string | null };
  /** Folder of the workspace that becomes the repository. */
  sourcePath: string | null;
  wishes: HostWishes;
}

export type Published = { remoteUrl: string; repoContentsUrl: string; commitHash: string } & Record<string, string | number | boolean>;

/** The world outside the folder, as steps see it. */
export interface Outside {
  publish(publication: Publication): Promise<Published>;
  register(catalogInfoPath: string): Promise<{ entityRef: string; catalogInfoUrl: string }>;
  /** Does the work of a step at least once and keeps what it returns over a crash. */
  once(step: string, work: (made: RunAttempt) => Promise<Record<string, unknown>>): Promise<Record<string, unknown>>;
}

export interface Attempt {
  /** Above 1 the work may have been done already, with its answer lost: look before doing it again. */
  attempt: number;
  /** When the run was asked for; the date of commits, so that the same files give the same commit again. */
  since: Date;
  /** Address of the run: the mark by which a repeat recognises what it made. */
  mark: string;
  /** Names this piece of work within the run: step, and item of an `each`. */
  key: string;
  /** From here on the text never appears in the log. */
  hide(secret: string): void;
  /** Waits for somebody outside without keeping a worker busy; the step is begun anew when the run is resumed. */
  waitOutside: EngineRun["waitOutside"];
}

/** What a run gives to a step; the interpreter adds which item of it is done. */
export type RunAttempt = Omit<Attempt, "key">;

export interface MaterializeContext {
  runId: string;
  /** `template:default/<name>`: what made the files. */
  templateRef?: string | undefined;
  /** `entity`: the person's entry in the catalog, if there is one. */
  user: { /** Our own id; absent where nobody asked. */ id?: string; ref: string; name: string; email?: string; entity?: object };
  /** The environment that is made, and what the platform gives to every template. */
  environment?: { name?: string; parameters?: Record<string, string>; secrets?: Record<string, string> };
}

/**
 * `workspace`: changes only the folder. `read`: looks at the world and changes nothing, so a dry run does it too.
 * `outside`: changes something outside; done in a step of the run with a checkpoint. `publication`: the same, but done by the run
 * itself, which makes the repository and its entry in the catalog.
 */
export type StepEffect = "workspace" | "read" | "outside" | "publication";

/** One thing that would be done outside, for a dry run. */
export interface PlannedCall {
  /** Such as `POST https://api.github.com/repos/acme/shop/pulls`. */
  call: string;
  detail: string;
}

export interface Foreseen {
  calls: PlannedCall[];
  output: Record<string, unknown>;
}

export interface StepAction {
  id: string;
  effect: StepEffect;
  input: z.ZodType;
  /** Inputs of Backstage's action of this name that have no effect here, and why, to complete "… is not used: …". */
  ignored?: Record<string, string> | undefined;
  /** What a step with this input would do outside, and what a dry run gives to the steps after it. */
  foresee?: ((input: unknown) => Foreseen | Promise<Foreseen>) | undefined;
  /** How long it may wait for the other side, beyond what a run usually takes. */
  waitsMs?: number;
  /** What lists show of an action that was declared here; built-in ones are described by their effect. */
  shown?: { description: string; input: object; output: object };
  run(args: StepArgs<unknown>): Promise<Record<string, unknown> | undefined>;
}

interface Declaration<I extends z.ZodType> {
  id: string;
  effect: StepEffect;
  input: I;
  ignored?: Record<string, string>;
  foresee?(input: z.output<I>): Foreseen;
  /** Returns the step's outputs. Throws DomainError for a foreseen failure. */
  run(args: StepArgs<z.output<I>>): Promise<Record<string, unknown> | undefined>;
}

/** Declares one action that a step of a golden path may name; `run` gets the input as parsed by `input`. */
export function stepAction<I extends z.ZodType>(declaration: Declaration<I>): StepAction {
  const { id, effect, input, ignored, foresee } = declaration;
  return { id, effect, input, ignored, foresee: foresee && ((given) => foresee(input.parse(given))), run: (args) => declaration.run({ ...args, input: input.parse(args.input) }) };
}

export type StepRegistry = ReadonlyMap<string, StepAction>;
