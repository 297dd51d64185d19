import { isUtf8 } from "node:buffer";
import { nearestName } from "@/lib/core/nearest-name";
import { asSchema } from "@/lib/core/schema-messages";
import { sha256 } from "@/lib/core/secrets";
import type { TemplateFile, TemplateFiles } from "../archive";
import type { PathFinding } from "../contract";
import type { GoldenPathDefinition, GoldenPathStep } from "../definition";
import type { Renderer, SyntaxProblem } from "../engine/renderer";
import { readings } from "./expressions";
import { fetchedFolder } from "./step-rules";

/** Files that a `fetch:template` step renders, as one group with the step's settings. */
interface Rendered {
  step: GoldenPathStep;
  cookiecutter: boolean;
  values: Set<string> | null;
  files: Map<string, TemplateFile>;
}

const known = new Map<string, SyntaxProblem | null>();
const MAX_KNOWN = 5_000;

/** Template code that cannot be read in the files that are rendered, and values that no step gives them. */
export async function checkSkeleton(definition: GoldenPathDefinition, files: TemplateFiles, thread: Renderer): Promise<PathFinding[]> {
  const findings: PathFinding[] = [];
  for (const step of definition.spec.steps) {
    const group = step.action === "fetch:template" ? await renderedBy(step, files, thread) : null;
    if (!group) continue;
    const texts = [...group.files].map(([path, { content }]) => [path, content.toString("utf8")] as const);
    findings.push(...(await syntaxProblems(texts, group.cookiecutter, thread)), ...texts.flatMap(([path, text]) => unknownValues(path, text, group)));
  }
  return findings;
}

async function renderedBy(step: GoldenPathStep, files: TemplateFiles, thread: Renderer): Promise<Rendered | null> {
  const folder = fetchedFolder(step);
  if (folder === null) return null;
  const prefix = folder.replace(/^\.\//, "").replace(/\/*$/, "/");
  const input = step.input ?? {};
  const below = [...files].filter(([path]) => path.startsWith(prefix));
  const asIs = await selected(
    below.map(([path]) => path.slice(prefix.length)),
    [input.copyWithoutTemplating, input.copyWithoutRender],
    thread,
  );
  const extension = input.templateFileExtension === true ? ".njk" : typeof input.templateFileExtension === "string" ? input.templateFileExtension : "";
  const rendered = below.filter(([path, { content }]) => !asIs.has(path.slice(prefix.length)) && path.endsWith(extension) && !content.includes(0) && isUtf8(content));
  const isPlain = typeof input.values === "object" && input.values !== null;
  return { step, cookiecutter: input.cookiecutterCompat === true, values: isPlain ? new Set(Object.keys(asSchema(input.values))) : null, files: new Map(rendered) };
}

async function selected(paths: string[], lists: unknown[], thread: Renderer): Promise<Set<string>> {
  const patterns = lists.flatMap((list) => (Array.isArray(list) ? list : [])).filter((pattern) => typeof pattern === "string");
  return new Set(patterns.length > 0 ? (await thread.ask("match", { paths, patterns })).selected : []);
}

async function syntaxProblems(texts: (readonly [string, string])[], cookiecutterCompat: boolean, thread: Renderer): Promise<PathFinding[]> {
  const tags = cookiecutterCompat ? /\{\{|\{%|\{#/ : /\$\{\{|\{%|\{#/;
  const keyed = texts.filter(([, text]) => tags.test(text)).map(([path, text]) => ({ path, text, key: `${cookiecutterCompat}|${sha256(text)}` }));
  const fresh = keyed.filter(({ key }) => !known.has(key));
  if (fresh.length > 0) {
    const { problems } = await thread.ask("syntax", { sources: fresh.map(({ text }) => text), options: { cookiecutterCompat } });
    if (known.size > MAX_KNOWN) known.clear();
    for (const [index, { key }] of fresh.entries()) known.set(key, problems[index] ?? null);
  }
  return keyed.flatMap(({ path, key }) => {
    const problem = known.get(key);
    return problem ? [{ file: path, line: problem.line ?? 1, severity: "error" as const, rule: "template-syntax", message: problem.message }] : [];
  });
}

function unknownValues(path: string, text: string, { values, cookiecutter }: Rendered): PathFinding[] {
  if (!values) return [];
  const root = cookiecutter ? "cookiecutter" : "values";
  const found = [...readings(text, [root], cookiecutter), ...readings(path, [root], cookiecutter).map((reading) => ({ ...reading, lineOffset: 0 }))];
  return found
    .filter(({ name }) => !values.has(name))
    .map(({ name, lineOffset }) => {
      const near = nearestName(name, values);
      const message = `The step gives no value "${name}", so this is empty.${near ? ` Did you mean ${root}.${near}?` : ` It gives: ${[...values].join(", ") || "none"}.`}`;
      return { file: path, line: lineOffset + 1, severity: "warning" as const, rule: "unknown-value", message };
    });
}
