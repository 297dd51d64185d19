import { mkdtempSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import type { TemplateFiles } from "@/lib/golden-paths/archive";
import { type GoldenPathDefinition, parseDefinition } from "@/lib/golden-paths/definition";
import { materialize } from "@/lib/golden-paths/engine/materialize";
import type { Renderer } from "@/lib/golden-paths/engine/renderer";
import { readPathFolder } from "@/lib/golden-paths/engine/template-folder";
import { validateValues } from "@/lib/golden-paths/values";

export interface Shipped {
  files: TemplateFiles;
  definition: GoldenPathDefinition;
}

export interface Rendered {
  dir: string;
  names: string[];
  /** Everything that a step warned of. */
  warnings: string[];
  text(name: string): string;
  /** The documents of a YAML file; throws for one that cannot be read. */
  // biome-ignore lint/suspicious/noExplicitAny: manifests of a dozen kinds, whose shape the tests state
  yaml(name: string): any[];
}

/** A golden path that ships with Waymark, as it is published. */
export async function loadShipped(name: string): Promise<Shipped> {
  const files = await readPathFolder(path.join(process.cwd(), "golden-paths", name));
  return { files, definition: parseDefinition(files.get("template.yaml")?.content.toString() ?? "") };
}

/** Renders it into a folder of its own below `parent`. */
export async function renderShipped({ files, definition }: Shipped, values: Record<string, unknown>, { parent, thread }: { parent: string; thread: Renderer }): Promise<Rendered> {
  const dir = mkdtempSync(path.join(parent, "out-"));
  const context = { runId: "run_1", user: { ref: "user:default/ada", name: "Ada" }, environment: { name: "shop" } };
  const answers = await validateValues(definition, values, thread);
  const warnings: string[] = [];
  const log = (text: string, level?: string) => level === "warn" && warnings.push(text);
  const signal = new AbortController().signal;
  const { files: names } = await materialize({ files, definition, values: answers, targetDir: dir, context, scope: "workspace", signal, log, renderer: thread });
  const text = (name: string) => readFileSync(path.join(dir, name), "utf8");
  const yaml = (name: string) =>
    parseAllDocuments(text(name)).map((document) => {
      if (document.errors[0]) throw new Error(`${name}: ${document.errors[0].message}`);
      return document.toJS();
    });
  return { dir, names, warnings, text, yaml };
}

/** One line per file: mode and name. */
export const listing = ({ dir, names }: Rendered) => names.map((name) => `${(statSync(path.join(dir, name)).mode & 0o777).toString(8)} ${name}`);
