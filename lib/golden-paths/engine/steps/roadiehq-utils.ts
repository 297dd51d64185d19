import { parse, stringify } from "yaml";
import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { stepAction } from "../step-action";

// The most used actions of the community package @roadiehq/scaffolder-backend-module-utils, as far as they only touch the folder.

const path = z.string("expected a path").min(1, "expected a path");
const YAML_OPTIONS = "YAML is written in its usual form";
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);

export const utilsWrite = stepAction({
  id: "roadiehq:utils:fs:write",
  effect: "workspace",
  input: z.looseObject({ path, content: z.string("expected text"), preserveFormatting: z.boolean().optional() }),
  run: async ({ input, workspace }) => {
    await workspace.write(input.path, Buffer.from(input.preserveFormatting ? input.content : tidy(input.content)), 0o644, true);
    return { path: input.path };
  },
});

export const utilsAppend = stepAction({
  id: "roadiehq:utils:fs:append",
  effect: "workspace",
  input: z.looseObject({ path, content: z.string("expected text") }),
  run: async ({ input, workspace }) => {
    const before = (await workspace.exists(input.path)) ? await workspace.read(input.path) : Buffer.alloc(0);
    await workspace.write(input.path, Buffer.concat([before, Buffer.from(input.content)]), 0o644, true);
    return { path: input.path };
  },
});

export const utilsMerge = stepAction({
  id: "roadiehq:utils:merge",
  ignored: { preserveYamlComments: "comments are not kept", useDocumentIncludingField: "the first document is taken", options: YAML_OPTIONS },
  effect: "workspace",
  input: z.looseObject({ path, content: z.union([z.string(), z.record(z.string(), z.unknown())], "expected text or a group of values"), mergeArrays: z.boolean().default(false) }),
  run: async ({ input, workspace }) => {
    const isJson = input.path.endsWith(".json");
    if (!isJson && !/\.ya?ml$/.test(input.path)) throw new DomainError("invalid", `${input.path} is neither JSON nor YAML, so nothing can be merged into it.`);
    const before = (await workspace.exists(input.path)) ? read(await workspace.read(input.path), input.path) : {};
    const more = typeof input.content === "string" ? read(Buffer.from(input.content), "content") : input.content;
    const merged = merge(before, more, input.mergeArrays, 0);
    await workspace.write(input.path, Buffer.from(isJson ? JSON.stringify(merged, null, 2) : stringify(merged)), 0o644, true);
    return { path: input.path };
  },
});

export const utilsSerializeYaml = stepAction({
  id: "roadiehq:utils:serialize:yaml",
  ignored: { options: YAML_OPTIONS, replacer: YAML_OPTIONS },
  effect: "workspace",
  input: z.looseObject({ data: z.unknown() }),
  run: async ({ input }) => ({ serialized: stringify(input.data) }),
});

export const utilsSerializeJson = stepAction({
  id: "roadiehq:utils:serialize:json",
  effect: "workspace",
  input: z.looseObject({ data: z.unknown(), space: z.union([z.string(), z.number()]).optional(), replacer: z.array(z.string(), "expected a list of names").optional() }),
  run: async ({ input }) => ({ serialized: JSON.stringify(input.data, input.replacer ?? null, input.space) }),
});

/** As the original does without `preserveFormatting`: JSON is written with two spaces, anything else as it is. */
function tidy(content: string): string {
  try {
    return JSON.stringify(JSON.parse(content), null, 2);
  } catch {
    return content;
  }
}

function read(content: Buffer, where: string): unknown {
  try {
    return parse(content.toString("utf8"), { maxAliasCount: 100 }) ?? {};
  } catch (cause) {
    throw new DomainError("invalid", `${where} cannot be read as JSON or YAML: ${cause instanceof Error ? cause.message.split("\n")[0] : "unreadable"}`, { cause });
  }
}

function merge(before: unknown, more: unknown, mergeArrays: boolean, depth: number): unknown {
  if (depth > 50) throw new DomainError("invalid", "The content is nested deeper than 50 levels. Flatten it.");
  if (Array.isArray(before) && Array.isArray(more)) return mergeArrays ? [...before, ...more] : more;
  if (!isGroup(before) || !isGroup(more)) return more;
  const merged: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(more)) if (!RESERVED.has(key)) merged[key] = key in merged ? merge(merged[key], value, mergeArrays, depth + 1) : value;
  return merged;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
