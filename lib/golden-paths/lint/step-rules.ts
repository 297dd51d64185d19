import { isDomainError } from "@/lib/core/errors";
import { nearestName } from "@/lib/core/nearest-name";
import type { YamlSource } from "@/lib/core/yaml-source";
import type { TemplateFiles } from "../archive";
import { type GoldenPathDefinition, type GoldenPathStep, stepId } from "../definition";
import { isKnownOutside } from "../engine/check-actions";
import { remarksOf } from "../engine/input-remarks";
import type { Renderer } from "../engine/renderer";
import { safeSegments } from "../engine/safe-path";
import type { StepAction, StepRegistry } from "../engine/step-action";
import { filesBelow } from "../engine/template-source";
import { textsIn } from "./expressions";
import type { Remarks } from "./remarks";

const EXPRESSION = /\$\{\{|\{%/;

/** Unknown actions, inputs that an action refuses, folders that are not there, paths that leave the folder, ids that are taken. */
export function checkSteps(definition: GoldenPathDefinition, source: YamlSource, files: TemplateFiles, registry: StepRegistry, remarks: Remarks): void {
  const seen = new Map<string, number>();
  definition.spec.steps.forEach((step, index) => {
    const at = ["spec", "steps", index];
    const id = stepId(step, index);
    const earlier = seen.get(id);
    if (earlier !== undefined) remarks.error("duplicate-step", source.keyLineOf([...at, "id"]), `The id ${id} is taken by step ${earlier + 1}. Give each step its own.`);
    seen.set(id, earlier ?? index);
    const action = registry.get(step.action);
    if (!action) {
      unknownAction(step, source.keyLineOf([...at, "action"]), registry, remarks);
      return;
    }
    checkInput(step, at, action.input, source, remarks);
    for (const { input, message } of remarksOf(step, registry)) remarks.warning("unused-input", source.keyLineOf([...at, "input", input]), message);
    checkPaths(step, at, source, remarks);
    checkFolder(step, at, source, files, remarks);
  });
}

function unknownAction(step: GoldenPathStep, line: number, registry: StepRegistry, remarks: Remarks): void {
  const near = nearestName(step.action, registry.keys());
  const hint = near ? `Did you mean ${near}?` : `Known: ${[...registry.keys()].join(", ")}.`;
  if (isKnownOutside(step.action) && !near)
    remarks.warning("unknown-action", line, `This Waymark does not have ${step.action}. Environments leave the step out; a service cannot be made. ${hint}`);
  else remarks.error("unknown-action", line, `There is no action ${step.action}. ${hint}`);
}

function checkInput(step: GoldenPathStep, at: (string | number)[], schema: StepAction["input"], source: YamlSource, remarks: Remarks): void {
  const input = step.input ?? {};
  const parsed = schema.safeParse(input);
  if (parsed.success) return;
  for (const issue of parsed.error.issues) {
    const path = issue.path.filter((part) => typeof part !== "symbol");
    // What an expression gives is known only when it runs.
    if (hasExpression(input, path)) continue;
    const where = path.length > 0 ? `input.${path.join(".")}` : "input";
    remarks.error("step-input", source.keyLineOf([...at, "input", ...path]), `${where}: ${issue.message}`);
  }
}

function hasExpression(input: unknown, path: (string | number)[]): boolean {
  let node = input;
  for (const key of path) {
    if (typeof node === "string") break;
    node = typeof node === "object" && node !== null ? (node as Record<string, unknown>)[String(key)] : undefined;
  }
  return typeof node === "string" && EXPRESSION.test(node);
}

function checkPaths(step: GoldenPathStep, at: (string | number)[], source: YamlSource, remarks: Remarks): void {
  const input = step.input ?? {};
  const renames = Array.isArray(input.files) ? input.files : [];
  const paths: [unknown, (string | number)[]][] = [[input.targetPath, ["targetPath"]]];
  renames.forEach((entry, index) => {
    if (typeof entry === "string") paths.push([entry, ["files", index]]);
    else for (const key of ["from", "to"]) paths.push([(entry as Record<string, unknown> | null)?.[key], ["files", index, key]]);
  });
  for (const [value, path] of paths) {
    if (typeof value !== "string") continue;
    const problem = pathProblem(value);
    if (problem) remarks.error("path-escape", source.lineOf([...at, "input", ...path]), problem);
  }
}

/** Why a path cannot be used, or null; expressions in it count as one harmless name. */
export function pathProblem(path: string): string | null {
  try {
    safeSegments(path.replaceAll(/\$\{\{.*?\}\}|\{%.*?%\}|\{\{.*?\}\}/g, "x"));
    return null;
  } catch (error) {
    if (isDomainError(error)) return error.message;
    throw error;
  }
}

/** The folder that a fetch step names in plain words; null where it is an expression or none. */
export function fetchedFolder(step: GoldenPathStep): string | null {
  const url = step.action.startsWith("fetch:") ? step.input?.url : undefined;
  return typeof url === "string" && !EXPRESSION.test(url) ? url : null;
}

function checkFolder(step: GoldenPathStep, at: (string | number)[], source: YamlSource, files: TemplateFiles, remarks: Remarks): void {
  const url = fetchedFolder(step);
  if (url === null) return;
  try {
    if (files.has(url.replace(/^\.\//, ""))) return;
    filesBelow(files, url);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    remarks.error("missing-files", source.lineOf([...at, "input", "url"]), error.message);
  }
}

/** Expressions of the steps and the output that cannot be read. */
export async function checkExpressions(definition: GoldenPathDefinition, source: YamlSource, thread: Renderer, remarks: Remarks): Promise<void> {
  const texts = [...textsIn({ spec: { steps: definition.spec.steps.map(({ if: condition, each, input }) => ({ if: condition, each, input })), output: definition.spec.output } })];
  const expressions = texts.filter(({ text }) => EXPRESSION.test(text));
  if (expressions.length === 0) return;
  const { problems } = await thread.ask("syntax", { sources: expressions.map(({ text }) => text), options: null });
  expressions.forEach(({ path }, index) => {
    const problem = problems[index];
    if (problem) remarks.error("template-syntax", source.lineOf(path) + (problem.line ?? 1) - 1, problem.message);
  });
}
