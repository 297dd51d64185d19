import { parse, parseAllDocuments, stringify } from "yaml";
import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { evaluateJsonata } from "../jsonata";
import { stepAction } from "../step-action";

// JSONata over values and files, of the community package @roadiehq/scaffolder-backend-module-utils.

const path = z.string("expected a path").min(1, "expected a path");
const expression = z.string("expected a JSONata expression").min(1, "expected a JSONata expression");
const as = z.enum(["string", "object"], "expected string or object").default("string");
const MAX_ALIASES = 100;

export const utilsJsonata = stepAction({
  id: "roadiehq:utils:jsonata",
  effect: "workspace",
  input: z.looseObject({ data: z.unknown(), expression }),
  run: async ({ input, signal }) => ({ result: await evaluateJsonata(input.expression, input.data, signal) }),
});

export const utilsJsonataJson = stepAction({
  id: "roadiehq:utils:jsonata:json:transform",
  effect: "workspace",
  input: z.looseObject({ path, expression, as, replacer: z.array(z.string("expected text"), "expected a list of names").optional(), space: z.string("expected text").optional() }),
  run: async ({ input, workspace, signal }) => {
    const data = readable(input.path, await workspace.read(input.path), (text): unknown => JSON.parse(text));
    const result = await evaluateJsonata(input.expression, data, signal);
    return { result: input.as === "object" ? result : JSON.stringify(result, input.replacer, input.space) };
  },
});

export const utilsJsonataYaml = stepAction({
  id: "roadiehq:utils:jsonata:yaml:transform",
  ignored: { options: "YAML is written in its usual form" },
  effect: "workspace",
  input: z.looseObject({ path, expression, as, loadAll: z.boolean("expected true or false").default(false) }),
  run: async ({ input, workspace, signal }) => {
    const data = readable(input.path, await workspace.read(input.path), (text) =>
      input.loadAll ? parseAllDocuments(text).map((document) => document.toJS({ maxAliasCount: MAX_ALIASES })) : parse(text, { maxAliasCount: MAX_ALIASES }),
    );
    const result = await evaluateJsonata(input.expression, data, signal);
    return { result: input.as === "object" ? result : stringify(result) };
  },
});

function readable(file: string, content: Buffer, read: (text: string) => unknown): unknown {
  try {
    return read(content.toString("utf8"));
  } catch (cause) {
    throw new DomainError("invalid", `${file} cannot be read: ${cause instanceof Error ? cause.message.split("\n")[0] : "unreadable"}`, { cause });
  }
}
