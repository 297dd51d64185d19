import { z } from "zod";
import { query } from "@/lib/core/operation";
import { asSchema } from "@/lib/core/schema-messages";
import { pagesOf } from "../definition";
import { loadGoldenPathVersion } from "../load-version";
import { loadStepRegistry } from "../step-actions/registry";

// What the published Backstage scaffolder client asks about templates and actions. The shapes are Backstage's.

export const readParameterSchema = query({
  name: "golden-path.read",
  summary: "The form of a golden path as Backstage's scaffolder client reads it.",
  input: z.object({ namespace: z.string(), kind: z.string(), name: z.string().max(64) }),
  subject: () => null,
  run: async (on, { name }) => {
    const { definition } = await loadGoldenPathVersion(on, name);
    const { title = name, description } = definition.metadata;
    const pages = pagesOf(definition);
    const { presentation, EXPERIMENTAL_formDecorators: decorators } = definition.spec;
    return {
      title,
      ...(description ? { description } : {}),
      ...(presentation ? { presentation } : {}),
      ...(decorators ? { EXPERIMENTAL_formDecorators: decorators } : {}),
      steps: pages.map((page, index) => ({
        title: page.title ?? (pages.length > 1 ? `Page ${index + 1}` : "Fill in the form"),
        ...(page.description ? { description: page.description } : {}),
        schema: { ...page, type: "object", properties: asSchema(page.properties) },
      })),
    };
  },
});

export const listStepActions = query({
  name: "golden-path.read",
  summary: "The actions that steps of golden paths can use, with the JSON Schema of their input.",
  input: z.object({}),
  subject: () => null,
  run: async (on) =>
    [...(await loadStepRegistry(on)).values()].map(({ id, effect, input, shown }) => ({
      id,
      description: shown
        ? shown.description
        : effect === "workspace"
          ? "Changes the files of the workspace."
          : effect === "read"
            ? "Reads from the platform."
            : "Reaches outside the workspace.",
      examples: [],
      schema: shown
        ? { input: shown.input, output: shown.output }
        : { input: z.toJSONSchema(input, { unrepresentable: "any", io: "input" }), output: { type: "object", properties: {} } },
    })),
});
