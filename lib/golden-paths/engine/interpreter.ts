import { DomainError, isDomainError } from "@/lib/core/errors";
import { SetAside } from "@/lib/runs/engine/types";
import type { TemplateFiles } from "../archive";
import { type GoldenPathDefinition, type GoldenPathStep, stepId } from "../definition";
import { checkActions, isLeftOut, type Scope } from "./check-actions";
import { type Renderer, RenderFailure } from "./renderer";
import type { MaterializeContext, Outside, PlannedCall, RunAttempt, StepAction, StepLog, StepRegistry } from "./step-action";
import { isTruthy, visibleItems } from "./truth";
import type { Workspace } from "./workspace";

// Walks the steps of a v1beta3 template. Strings in `if`, `each` and `input` are rendered against
// { parameters, steps, user, context, environment, each, secrets }; a string that is one expression keeps the expression's type.
// A skipped step leaves no `steps.<id>`. With `each`, `if` is asked per item and every item's input is checked before
// the first one runs. After a failure only steps whose `if` asks always() or failure() still run; the first error is
// thrown at the end. Cancelling stops at once.

export interface InterpreterArgs {
  definition: GoldenPathDefinition;
  values: Record<string, unknown>;
  /** Seen by inputs and `each` of steps only, never by the output or a plain `if`. */
  secrets?: Record<string, unknown> | undefined;
  files: TemplateFiles;
  workspace: Workspace;
  renderer: Renderer;
  registry: StepRegistry;
  scope: Scope;
  context: MaterializeContext;
  outside?: Outside | undefined;
  signal: AbortSignal;
  log: StepLog;
}

export interface StepsResult {
  /** Ids of steps that did not run: outside the scope, condition false, or after a failure. */
  skippedSteps: string[];
  /** The template's rendered `output`. */
  output: Record<string, unknown>;
  /** What a dry run foresees, in order. */
  calls: (PlannedCall & { step: string })[];
}

interface State {
  steps: Record<string, { output: Record<string, unknown> }>;
  skipped: string[];
  calls: StepsResult["calls"];
  failures: unknown[];
}

interface NamedStep {
  step: GoldenPathStep;
  id: string;
  name: string;
}

/** Runs the steps in order. Throws the first step's DomainError, or the signal's reason when aborted. */
export async function runSteps(args: InterpreterArgs): Promise<StepsResult> {
  checkActions(args.definition, args.registry, args.scope);
  const state: State = { steps: {}, skipped: [], calls: [], failures: [] };
  for (const [index, step] of args.definition.spec.steps.entries()) {
    args.signal.throwIfAborted();
    const named = { step, id: stepId(step, index), name: step.name ?? stepId(step, index) };
    await runStep(args, state, named);
  }
  if (state.failures.length > 0) throw state.failures[0];
  const template = args.definition.spec.output ?? {};
  const output = await render<Record<string, unknown>>(args, state, template, "output");
  return { skippedSteps: state.skipped, output: visibleItems(template, output), calls: state.calls };
}

async function runStep(args: InterpreterArgs, state: State, named: NamedStep): Promise<void> {
  const skip = (reason: string) => {
    state.skipped.push(named.id);
    args.log(`Skipped "${named.name}": ${reason}.`);
  };
  if (isLeftOut(named.step.action, args.registry, args.scope)) return skip(`${named.step.action} is not needed here`);
  if (state.failures.length > 0 && !(await asksStatus(args, state, named))) return skip("an earlier step failed");
  try {
    if (!(await isWanted(args, state, named))) return skip("its condition is false");
    const output = await execute(args, state, named);
    state.steps[named.id] = { output };
  } catch (error) {
    args.signal.throwIfAborted();
    // The run waits for somebody outside and comes back to this step later.
    if (error instanceof SetAside) throw error;
    const failure = explain(error, named);
    if (state.failures.length > 0) args.log(`A further step failed. ${messageOf(failure)}`, "error");
    state.failures.push(failure);
  }
}

async function asksStatus(args: InterpreterArgs, state: State, { step }: NamedStep): Promise<boolean> {
  if (typeof step.if !== "string") return false;
  const request = { input: step.if, context: scopeOf(args, state), failed: true };
  return (await args.renderer.ask("values", request, { signal: args.signal })).asksStatus;
}

async function isWanted(args: InterpreterArgs, state: State, { step, name }: NamedStep): Promise<boolean> {
  if (typeof step.if !== "string") return step.if !== false;
  return step.each !== undefined || isTruthy(await render(args, state, step.if, `${name}: if`));
}

async function execute(args: InterpreterArgs, state: State, named: NamedStep): Promise<Record<string, unknown>> {
  const { step, name } = named;
  const action = args.registry.get(step.action);
  if (!action && args.scope === "dry-run") {
    state.calls.push({ step: named.id, call: step.action, detail: "This Waymark does not have the action; a real run would not begin." });
    return {};
  }
  if (!action) throw new DomainError("invalid", `There is no action ${step.action}.`);
  const inputs =
    step.each === undefined ? [checked(action, await render(args, state, step.input ?? {}, `${name}: input`, {}), action.id)] : await eachInputs(args, state, named, action);
  const isList = step.each !== undefined;
  if (args.scope === "dry-run" && (action.effect === "outside" || action.effect === "publication")) {
    const outputs: Record<string, unknown>[] = [];
    for (const input of inputs) outputs.push(await foreseen(args, state, named, action, input));
    return combined(isList, outputs);
  }
  const work = async (attempt?: RunAttempt) => {
    const outputs: Record<string, unknown>[] = [];
    for (const [index, input] of inputs.entries()) {
      args.signal.throwIfAborted();
      const own = attempt && { ...attempt, key: `${named.id}.${index}` };
      outputs.push((await action.run({ ...stepArgs(args, input), attempt: own })) ?? {});
    }
    return combined(isList, outputs);
  };
  return action.effect === "outside" && args.outside ? args.outside.once(named.id, work) : work();
}

/** The outputs of an `each`, name by name as lists. */
function combined(isList: boolean, outputs: Record<string, unknown>[]): Record<string, unknown> {
  if (!isList) return outputs[0] ?? {};
  const lists: Record<string, unknown[]> = {};
  for (const [key, value] of outputs.flatMap((output) => Object.entries(output))) lists[key] = [...(lists[key] ?? []), value];
  return lists;
}

async function foreseen(args: InterpreterArgs, state: State, { id, name }: NamedStep, action: StepAction, input: unknown): Promise<Record<string, unknown>> {
  const { calls, output } = (await action.foresee?.(input)) ?? { calls: [{ call: action.id, detail: "Changes something outside." }], output: {} };
  state.calls.push(...calls.map((call) => ({ step: id, ...call })));
  for (const { call, detail } of calls) args.log(`${name} would do: ${call}. ${detail}`);
  return output;
}

/** The checked inputs of the items that are to run, in order. */
async function eachInputs(args: InterpreterArgs, state: State, { step, name }: NamedStep, action: StepAction): Promise<unknown[]> {
  const items = await render<unknown>(args, state, step.each, `${name}: each`, {});
  if (typeof items !== "object" || items === null) {
    throw new DomainError("invalid", `each gives ${items === undefined ? "nothing" : JSON.stringify(items)}; it must be a list or a group of values.`);
  }
  const inputs: unknown[] = [];
  for (const [key, value] of Object.entries(items)) {
    const each = { each: { key, value } };
    const input = await render(args, state, step.input ?? {}, `${name}: input of item ${key}`, each);
    if (typeof step.if === "string" && !isTruthy(await render(args, state, step.if, `${name}: if`, each))) {
      args.log(`Skipped item ${key} of "${name}": its condition is false.`);
      continue;
    }
    inputs.push(checked(action, input, `${action.id}[${key}]`));
  }
  return inputs;
}

function checked(action: StepAction, input: unknown, label: string): unknown {
  const parsed = action.input.safeParse(input);
  if (parsed.success) return input;
  const fields = parsed.error.issues.slice(0, 20).map((issue) => ({ path: `input.${issue.path.map(String).join(".")}`, message: issue.message }));
  const problems = fields.map((field) => `${field.path}: ${field.message}`).join("; ");
  throw new DomainError("invalid", `The input of ${label} is wrong: ${problems}.`, { fields });
}

function stepArgs(args: InterpreterArgs, input: unknown) {
  const { workspace, files, renderer, context, outside, log, signal } = args;
  return { input, workspace, files, renderer, context, outside, log, signal };
}

/** `inStep`: given where inputs of steps are rendered, which see secrets and the item of an `each`. */
async function render<T = unknown>(args: InterpreterArgs, state: State, input: unknown, where: string, inStep?: { each?: { key: string; value: unknown } }): Promise<T> {
  const context = inStep ? { ...scopeOf(args, state), ...secretsOf(args), ...inStep } : scopeOf(args, state);
  const request = { input, context, failed: state.failures.length > 0 };
  const { value, warnings } = await args.renderer.ask("values", request, { signal: args.signal });
  for (const { path, message } of warnings) args.log(`${where}${path ? `.${path}` : ""} is used as it stands: ${message}`, "warn");
  return value as T;
}

function scopeOf({ values, context }: InterpreterArgs, state: State): Record<string, unknown> {
  const { runId, user, environment } = context;
  const name = user.ref.split("/").at(-1) ?? user.ref;
  return {
    parameters: values,
    steps: state.steps,
    user: { ref: user.ref, entity: user.entity ?? { kind: "User", metadata: { name }, spec: { profile: { displayName: user.name } } } },
    context: { task: { id: runId } },
    environment: { name: environment?.name ?? "", parameters: environment?.parameters ?? {}, secrets: {} },
    secrets: {},
  };
}

function secretsOf({ secrets = {}, context: { environment } }: InterpreterArgs): Record<string, unknown> {
  return { secrets, environment: { name: environment?.name ?? "", parameters: environment?.parameters ?? {}, secrets: environment?.secrets ?? {} } };
}

/** Names the step in errors for people; anything unforeseen (a full disk, a bug) passes as it is. */
function explain(error: unknown, { name }: NamedStep): unknown {
  if (error instanceof RenderFailure) return new DomainError("invalid", `Step "${name}": ${error.message}`, { cause: error });
  if (!isDomainError(error)) return error;
  return new DomainError(error.code, `Step "${name}": ${error.message}`, { fields: error.fields, cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
