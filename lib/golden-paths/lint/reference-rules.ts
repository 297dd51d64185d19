import { nearestName } from "@/lib/core/nearest-name";
import type { YamlSource } from "@/lib/core/yaml-source";
import { type GoldenPathDefinition, stepId } from "../definition";
import { knownNames, mergedSchema } from "../parameters";
import { type Reading, readings, textsIn } from "./expressions";
import type { Remarks } from "./remarks";

interface Use extends Reading {
  /** Position of the step that reads; the number of steps for `output`. */
  at: number;
  line: number;
}

/** Steps and answers that expressions name but that are not there, or not there yet. */
export function checkReferences(definition: GoldenPathDefinition, source: YamlSource, remarks: Remarks): void {
  const ids = definition.spec.steps.map(stepId);
  const asked = knownNames(mergedSchema(definition));
  const uses = usesOf(definition, source);
  for (const use of uses) {
    if (use.root === "parameters") checkParameter(use, asked, remarks);
    else checkStep(use, ids, uses, remarks);
  }
}

function usesOf(definition: GoldenPathDefinition, source: YamlSource): Use[] {
  const { steps, output } = definition.spec;
  const parts = steps.flatMap((step, at) => (["if", "each", "input"] as const).map((key) => ({ at, node: step[key], path: ["spec", "steps", at, key] })));
  parts.push({ at: steps.length, node: output, path: ["spec", "output"] } as (typeof parts)[number]);
  return parts.flatMap(({ at, node, path }) =>
    [...textsIn(node, path)].flatMap(({ text, path: where }) => {
      const line = source.lineOf(where);
      return readings(text, ["steps", "parameters"]).map((reading) => ({ ...reading, at, line: line + reading.lineOffset }));
    }),
  );
}

/** Left unasked, Waymark chooses the repository itself. */
const CHOSEN_BY_WAYMARK = new Set(["repoUrl"]);

function checkParameter({ name, line, rest }: Use, asked: Set<string>, remarks: Remarks): void {
  if (asked.has(name) || CHOSEN_BY_WAYMARK.has(name)) return;
  const hyphened = hyphenated(name, rest, asked);
  if (hyphened) {
    remarks.error("unknown-parameter", line, `parameters.${hyphened} is a subtraction. Write parameters["${hyphened}"].`);
    return;
  }
  // `parameters.x or y` reads an answer that may be missing on purpose.
  if (/^\s*(or\b|\|\s*default\b)/.test(rest)) {
    remarks.warning("unknown-parameter", line, `The form does not ask for "${name}", so the value behind it is always taken.`);
    return;
  }
  const near = nearestName(name, asked);
  remarks.error(
    "unknown-parameter",
    line,
    `The form does not ask for "${name}".${near ? ` Did you mean parameters.${near}?` : ` It asks for: ${[...asked].join(", ") || "nothing"}.`}`,
  );
}

function checkStep({ name, line, rest, at }: Use, ids: string[], uses: Use[], remarks: Remarks): void {
  const position = ids.indexOf(name);
  if (position < 0) {
    const hyphened = hyphenated(name, rest, ids);
    if (hyphened) {
      remarks.error("unknown-step", line, `steps.${hyphened} is a subtraction. Write steps["${hyphened}"].`);
      return;
    }
    const near = nearestName(name, ids);
    remarks.error("unknown-step", line, `There is no step "${name}".${near ? ` Did you mean steps["${near}"]?` : ` The steps are: ${ids.join(", ")}.`}`);
    return;
  }
  if (position < at) return;
  const reader = ids[at] ?? "";
  if (position === at) {
    remarks.error("circular-step", line, `Step ${name} reads its own result, which is not there before it has run.`);
    return;
  }
  const isMutual = reaches(ids, uses, position, at, new Set());
  if (isMutual) {
    remarks.error("circular-step", line, `Steps ${reader} and ${name} each need the other's result. Break the circle.`);
    return;
  }
  remarks.error("late-step", line, `Step ${reader} reads the result of ${name}, which runs after it. Move ${name} up.`);
}

/** True if the step reads, directly or through others, the result of the target. */
function reaches(ids: string[], uses: Use[], from: number, target: number, seen: Set<number>): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  return uses.some(({ at, root, name }) => {
    if (at !== from || root !== "steps") return false;
    const next = ids.indexOf(name);
    return next === target || (next >= 0 && reaches(ids, uses, next, target, seen));
  });
}

/** The name with hyphens that was meant by `a.b-c`, if there is one. */
function hyphenated(name: string, rest: string, known: Iterable<string>): string | null {
  const written = name + (/^(-[\w$]+)+/.exec(rest)?.[0] ?? "");
  return written !== name && [...known].includes(written) ? written : null;
}
