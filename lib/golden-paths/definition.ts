import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { parseYamlAs } from "@/lib/core/yaml";
import { conceptsOf } from "./concepts";
import { checkSchemaLimits } from "./schema-limits";

const API_VERSION = "scaffolder.backstage.io/v1beta3";

const NAME = /^[a-z0-9]+([-_.][a-z0-9]+)*$/i;
const JsonObject = z.record(z.string(), z.unknown());
const Text = z.string("expected text");

const Page = z.looseObject({
  title: Text.optional(),
  description: Text.optional(),
  required: z.array(Text).optional(),
  properties: z.record(z.string(), JsonObject).optional(),
});

const Step = z.looseObject({
  id: Text.regex(/^[A-Za-z0-9_:-]{1,64}$/, "expected letters, digits, - _ and :").optional(),
  name: Text.optional(),
  action: Text.min(1, "name the action, for example fetch:template"),
  input: JsonObject.optional(),
  if: z.union([z.string(), z.boolean()], "expected true, false or an expression in double braces").optional(),
  each: z.unknown().optional(),
});

export const GoldenPathDefinition = z.looseObject({
  apiVersion: z.literal(API_VERSION, `expected ${API_VERSION}`),
  kind: z.literal("Template", "expected Template"),
  metadata: z.looseObject({
    name: Text.max(63, "at most 63 characters").regex(NAME, "expected letters, digits and hyphens, such as node-express"),
    title: Text.optional(),
    description: Text.optional(),
    tags: z.array(Text).optional(),
    annotations: z.record(z.string(), z.string("expected text; put it in quotes")).optional(),
  }),
  spec: z.looseObject({
    owner: Text.min(1, "name the owning group, such as group:default/platform").optional(),
    type: Text.min(1, "give a type, such as service"),
    parameters: z.union([z.array(Page), Page], "expected a form page or a list of form pages").optional(),
    steps: z.array(Step, "expected a list of steps").min(1, "add at least one step").max(100, "at most 100 steps"),
    output: JsonObject.optional(),
  }),
});

/** A Backstage `Template` of version v1beta3; keys that Waymark does not know are kept. */
export type GoldenPathDefinition = z.output<typeof GoldenPathDefinition>;
export type GoldenPathStep = GoldenPathDefinition["spec"]["steps"][number];
export type GoldenPathPage = z.output<typeof Page>;

/** Parses the text of a template.yaml. Throws DomainError("invalid") whose fields name path and line. */
export function parseDefinition(text: string, label = "template.yaml"): GoldenPathDefinition {
  const definition = parseYamlAs(GoldenPathDefinition, text, label);
  checkDefinition(definition, label);
  return definition;
}

/** Reads a definition that was stored as JSON. Throws DomainError("invalid") when it is not one. */
export function readDefinition(stored: unknown): GoldenPathDefinition {
  const parsed = GoldenPathDefinition.safeParse(stored);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DomainError("invalid", `The stored golden path is damaged: ${issue?.path.join(".")}: ${issue?.message}. Publish it again.`, { cause: parsed.error });
}

export interface GoldenPathSummary {
  name: string;
  title: string;
  description: string;
  tags: string[];
  ownerRef: string;
  /** From the annotation `waymark.dev/version`; null when it has none. */
  version: string | null;
  /** What a developer must know to use the path; the aim is at most seven. */
  concepts: string[];
  /** Paths for testing the platform itself; hidden from lists. */
  isInternal: boolean;
}

/** What lists and cards show of a golden path. */
export function summarize(definition: GoldenPathDefinition): GoldenPathSummary {
  const { metadata, spec } = definition;
  const annotations = metadata.annotations ?? {};
  return {
    name: metadata.name,
    title: metadata.title ?? metadata.name,
    description: metadata.description ?? "",
    tags: metadata.tags ?? [],
    ownerRef: toGroupRef(spec.owner),
    version: annotations["waymark.dev/version"] ?? null,
    concepts: conceptsOf(pagesOf(definition), spec.output),
    isInternal: annotations["waymark.dev/internal"] === "true",
  };
}

/** The form pages in order; a single page counts as a list of one. */
export function pagesOf(definition: GoldenPathDefinition): GoldenPathPage[] {
  const { parameters } = definition.spec;
  if (!parameters) return [];
  return Array.isArray(parameters) ? parameters : [parameters];
}

/** The id a step's output is known by: its own, else `step-1` and so on. */
export function stepId(step: GoldenPathStep, index: number): string {
  return step.id ?? `step-${index + 1}`;
}

function checkDefinition(definition: GoldenPathDefinition, label: string): void {
  const seen = new Set<string>();
  definition.spec.steps.forEach((step, index) => {
    const id = stepId(step, index);
    if (seen.has(id))
      throw new DomainError("invalid", `${label}: two steps have the id ${id}. Give each its own.`, {
        fields: [{ path: `spec.steps.${index}.id`, message: "This id is taken by an earlier step." }],
      });
    seen.add(id);
  });
  for (const [index, page] of pagesOf(definition).entries()) checkSchemaLimits(page, label, `spec.parameters.${index}`);
}

function toGroupRef(owner = "unowned"): string {
  const [kind, rest] = owner.includes(":") ? owner.split(":", 2) : ["group", owner];
  const name = rest ?? "";
  return `${kind}:${name.includes("/") ? name : `default/${name}`}`.toLowerCase();
}
