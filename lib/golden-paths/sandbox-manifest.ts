import { parseYaml } from "@/lib/core/yaml";
import type { TemplateFiles } from "./archive";

const DEFAULT_MEMORY_MIB = 256;
const MANIFEST = /(^|\/)waymark\.yaml$/;

function readSpec(files: TemplateFiles): Record<string, unknown> {
  const manifest = [...files].find(([path]) => MANIFEST.test(path))?.[1];
  if (!manifest) return {};
  try {
    const { data } = parseYaml(manifest.content.toString("utf8"), "waymark.yaml");
    return (data as { spec?: Record<string, unknown> } | null)?.spec ?? {};
  } catch {
    // A manifest that is itself a template need not be valid YAML before it is rendered.
    return {};
  }
}

/** The memory limit that the path's `waymark.yaml` asks for, in MiB; 256 when it is absent or templated. */
export function manifestMemoryMiB(files: TemplateFiles): number {
  const value = readSpec(files).memoryMiB;
  return typeof value === "number" && value > 0 ? Math.ceil(value) : DEFAULT_MEMORY_MIB;
}

/** What the path's `waymark.yaml` says about a database; an expression where it depends on the answers. */
export const manifestDatabase = (files: TemplateFiles): unknown => readSpec(files).database;

/** The same for people who choose a path. */
export function databaseOf(files: TemplateFiles): "postgres" | "none" | "by-answer" {
  const said = manifestDatabase(files) ?? "none";
  return said === "postgres" || said === "none" ? said : "by-answer";
}
