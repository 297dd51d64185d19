import { z } from "zod";
import { parseYamlAs } from "@/lib/core/yaml";

/** What Waymark itself puts into the process's environment; a manifest may not claim these names. */
export const PLATFORM_VARIABLES = ["PORT", "DATABASE_URL", "NODE_OPTIONS", "PATH", "HOME"] as const;

const PLATFORM = new Set<string>(PLATFORM_VARIABLES);
const probePath = z.string("expected a path such as /healthz").regex(/^\/[!-~]{0,199}$/, "expected a path that begins with /, such as /healthz");
const argument = z.string("expected text; put it in quotes").min(1, "an empty argument; remove it").max(1_000, "at most 1,000 characters");

const Variable = z.strictObject({
  name: z
    .string("expected a name such as LOG_LEVEL")
    .regex(/^[A-Z_][A-Z0-9_]{0,63}$/, "expected capital letters, digits and _, such as LOG_LEVEL")
    .refine((name) => !PLATFORM.has(name), "is set by Waymark; remove it from the list"),
  description: z.string("expected text").max(300, "at most 300 characters").default(""),
  default: z.string("expected text; put it in quotes").max(4_000, "at most 4,000 characters").optional(),
  isSecret: z.boolean("expected true or false").default(false),
});

const Spec = z
  .strictObject({
    runtime: z.literal("node", "expected node"),
    /** Program and arguments; started in the rendered folder, without a shell. */
    start: z.array(argument, 'expected a list such as ["node", "src/server.js"]').min(1, "name the program and its arguments").max(50, "at most 50 arguments"),
    /** What makes `output` out of the sources before the first start; kept and shared by all that have the same sources. */
    build: z
      .strictObject({
        run: z
          .array(argument, 'expected a list such as ["node", "node_modules/next/dist/bin/next", "build"]')
          .min(1, "name the program and its arguments")
          .max(50, "at most 50 arguments"),
        output: z.string("expected the name of a folder").regex(/^\.?[\w-]{1,60}$/, "expected the name of one folder beside package.json, such as dist"),
      })
      .refine(({ run }) => run[0] === "node", { path: ["run", 0], message: "the runtime node starts with node; put the script after it" })
      .refine(({ output }) => !["node_modules", ".git"].includes(output), { path: ["output"], message: "is taken; choose another folder" })
      .optional(),
    /** Answers 200 while the process works. */
    health: probePath,
    /** Answers 200 once the process can use what it depends on; the same as `health` unless given. */
    ready: probePath.optional(),
    database: z.enum(["postgres", "none"], "expected postgres or none").default("none"),
    /** False: own network namespace without a way out, where the machine can do that. */
    egress: z.boolean("expected true or false").default(false),
    memoryMiB: z.number("expected a number of MiB, such as 256").int("expected a whole number").min(64, "at least 64").max(8_192, "at most 8192").default(256),
    variables: z.array(Variable, "expected a list").max(50, "at most 50 variables").default([]),
  })
  .refine(({ start }) => start[0] === "node", { path: ["start", 0], message: "the runtime node starts with node; put the script after it" })
  .refine(({ variables }) => new Set(variables.map((variable) => variable.name)).size === variables.length, { path: ["variables"], message: "a name is there twice; keep one" })
  .transform((spec) => ({ ...spec, ready: spec.ready ?? spec.health }));

export const EnvironmentManifest = z.strictObject({
  apiVersion: z.literal("waymark.dev/v1", "expected waymark.dev/v1"),
  kind: z.literal("Environment", "expected Environment"),
  spec: Spec,
});

/** How a rendered service is started, probed and limited: the file waymark.yaml at its root. */
export type EnvironmentManifest = z.output<typeof EnvironmentManifest>;

/** Parses the text of a waymark.yaml. Throws DomainError("invalid") whose fields name path and line. */
export function parseManifest(text: string, label = "waymark.yaml"): EnvironmentManifest {
  return parseYamlAs(EnvironmentManifest, text, label);
}
