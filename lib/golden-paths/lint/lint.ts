import { asSchema } from "@/lib/core/schema-messages";
import type { TemplateFiles } from "../archive";
import { EXCEPTION_ANNOTATION, readException } from "../concepts";
import { MAX_CONCEPTS, type PathCheck, type PathFinding } from "../contract";
import { type GoldenPathDefinition, pagesOf, stepId, summarize } from "../definition";
import { type Renderer, renderer } from "../engine/renderer";
import type { StepRegistry } from "../engine/step-action";
import { stepRegistry } from "../engine/steps";
import { checkFiles } from "./file-rules";
import { checkForm } from "./form-rules";
import { checkReferences } from "./reference-rules";
import { Remarks } from "./remarks";
import { checkSkeleton } from "./skeleton-rules";
import { checkExpressions, checkSteps } from "./step-rules";
import { type ReadTemplate, readTemplate, TEMPLATE_FILE } from "./template-source";

export interface LintResult extends Pick<PathCheck, "findings" | "form" | "concepts" | "steps" | "formLine"> {
  definition: GoldenPathDefinition | null;
}

/**
 * Everything that is wrong with the files of a golden path, by file and line: the one check of the editor, the command line and of publishing.
 * `name`: what the path must be called, if that is known; `now`: for the end of an exception, which never ends without it. Never throws for what the files say.
 */
export async function lintFiles(files: TemplateFiles, options: { name?: string; now?: Date; registry?: StepRegistry; thread?: Renderer } = {}): Promise<LintResult> {
  const { registry = stepRegistry, thread = renderer(), name, now } = options;
  const remarks = new Remarks(TEMPLATE_FILE);
  const template = files.get(TEMPLATE_FILE);
  if (!template) {
    remarks.error("missing-files", 1, `There is no ${TEMPLATE_FILE}. Add it: it holds the form and the steps.`);
    return { findings: [...remarks.list, ...checkFiles(files)], form: null, concepts: [], steps: [], formLine: null, definition: null };
  }
  const read = readTemplate(template.content.toString("utf8"), remarks);
  const inFiles: PathFinding[] = checkFiles(files);
  if (read.definition && read.source) {
    checkCard(read.definition, read.source, remarks, name);
    checkConcepts(read.definition, read.source, remarks, now);
    checkForm(read.definition, read.source, remarks);
    checkSteps(read.definition, read.source, files, registry, remarks);
    checkReferences(read.definition, read.source, remarks);
    await checkExpressions(read.definition, read.source, thread, remarks);
    inFiles.push(...(await checkSkeleton(read.definition, files, thread)));
  }
  return { findings: sorted([...remarks.list, ...inFiles]), definition: read.definition, ...outline(read) };
}

/** True if nothing stops publishing. */
export function isPublishable({ findings }: Pick<LintResult, "findings">): boolean {
  return findings.every(({ severity }) => severity !== "error");
}

function checkCard(definition: GoldenPathDefinition, source: NonNullable<ReadTemplate["source"]>, remarks: Remarks, name: string | undefined): void {
  const summary = summarize(definition);
  const line = (...path: string[]) => source.keyLineOf(["metadata", ...path]);
  if (name !== undefined && summary.name !== name) remarks.error("name", line("name"), `This is the path ${name}, so metadata.name must be ${name}. Another name is another path.`);
  if (!definition.metadata.title) remarks.warning("no-title", line(), `The path has no title: people see “${summary.name}”.`);
  if (!summary.description) remarks.warning("no-description", line(), "The path has no description: people do not see what they get.");
  if (!definition.spec.owner) remarks.warning("no-owner", source.keyLineOf(["spec"]), "The path has no owner: name the group that answers for it, such as group:default/platform.");
}

const DAY_MS = 86_400_000;
const LONGEST_EXCEPTION_DAYS = 180;

/** At most seven concepts, or an exception that says why and ends. */
function checkConcepts(definition: GoldenPathDefinition, source: NonNullable<ReadTemplate["source"]>, remarks: Remarks, now: Date | undefined): void {
  const { concepts, isInternal } = summarize(definition);
  const written = definition.metadata.annotations?.[EXCEPTION_ANNOTATION];
  const at = source.keyLineOf(written === undefined ? ["spec", "parameters"] : ["metadata", "annotations", EXCEPTION_ANNOTATION]);
  const exception = written === undefined ? null : readException(written);
  if (written !== undefined && !exception)
    remarks.error("concepts-exception", at, 'An exception says until when and why: "until 2027-03-31: the regulator asks for these fields".');
  if (isInternal || concepts.length <= MAX_CONCEPTS) {
    if (exception) remarks.warning("concepts-exception", at, "The exception is not needed: the path stays within the limit. Remove it.");
    return;
  }
  const counted = `${concepts.length} concepts to know; at most ${MAX_CONCEPTS}: ${concepts.join(", ")}.`;
  const daysLeft = exception && now ? Math.ceil((Date.parse(exception.until) + DAY_MS - now.getTime()) / DAY_MS) : 1;
  if (exception && daysLeft > LONGEST_EXCEPTION_DAYS) remarks.error("concepts-exception", at, `An exception lasts at most ${LONGEST_EXCEPTION_DAYS} days. Name an earlier day.`);
  else if (exception && daysLeft <= 0)
    remarks.error("concepts", at, `${counted} The exception ended on ${exception.until}. Let the path decide some of them, or renew it with its reason.`);
  else if (exception) remarks.warning("concepts", at, `${counted} Allowed until ${exception.until}: ${exception.reason}`);
  else if (written === undefined)
    remarks.error(
      "concepts",
      at,
      `${counted} Let the path decide some of them, fold questions with a default away (ui:advanced: true), or record an exception with an end: annotation ${EXCEPTION_ANNOTATION}: "until 2027-03-31: why".`,
    );
}

/** What the preview and the structure need, as far as the text can be read. */
function outline({ definition, source }: ReadTemplate): Pick<LintResult, "form" | "concepts" | "steps" | "formLine"> {
  if (!source) return { form: null, concepts: [], steps: [], formLine: null };
  const formLine = source.keyLineOf(["spec", "parameters"]);
  if (!definition) {
    const { parameters } = asSchema(asSchema(source.data).spec);
    const pages = (Array.isArray(parameters) ? parameters : [parameters]).map(asSchema).filter((page) => "properties" in page);
    return { form: pages.length > 0 ? pages : null, concepts: [], steps: [], formLine };
  }
  const steps = definition.spec.steps.map((step, index) => {
    const id = stepId(step, index);
    return { id, name: step.name ?? id, action: step.action, line: source.keyLineOf(["spec", "steps", index]) };
  });
  return { form: pagesOf(definition), concepts: summarize(definition).concepts, steps, formLine };
}

const WEIGHT = { error: 0, warning: 1, info: 2 };

function sorted(findings: PathFinding[]): PathFinding[] {
  const rank = (file: string) => (file === TEMPLATE_FILE ? "" : file);
  return findings.sort((a, b) => (rank(a.file) < rank(b.file) ? -1 : rank(a.file) > rank(b.file) ? 1 : a.line - b.line || WEIGHT[a.severity] - WEIGHT[b.severity])).slice(0, 1_000);
}
