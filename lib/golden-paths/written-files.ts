import path from "node:path";
import { isDomainError } from "@/lib/core/errors";
import type { TemplateFiles } from "./archive";
import type { GoldenPathDefinition, GoldenPathStep } from "./definition";
import { extensionOf } from "./engine/steps/fetch-template";
import { filesBelow } from "./engine/template-source";
import { fetchedFolder } from "./lint/step-rules";

/** Paths of the files that a golden path writes, whatever is answered: conditions are not asked, and names may hold expressions. Sorted. */
export function writtenFiles({ spec }: GoldenPathDefinition, files: TemplateFiles): string[] {
  return [...new Set(spec.steps.flatMap((step) => writtenBy(step, files)))].sort((a, b) => a.localeCompare(b, "en"));
}

function writtenBy(step: GoldenPathStep, files: TemplateFiles): string[] {
  const url = fetchedFolder(step);
  if (url === null) return [];
  const target = typeof step.input?.targetPath === "string" ? step.input.targetPath.replace(/^\.?\/+|\/+$/g, "") : "";
  const single = url.replace(/^\.\//, "");
  if (files.has(single)) return [target || (single.split("/").at(-1) ?? single)];
  const setting = step.input?.templateFileExtension;
  const extension = typeof setting === "boolean" || typeof setting === "string" ? extensionOf(setting) : null;
  const bare = (name: string) => (extension !== null && path.extname(name) === extension ? name.slice(0, -extension.length) : name);
  try {
    return [...filesBelow(files, url).keys()].map((name) => `${target && target !== "." ? `${target}/` : ""}${bare(name)}`);
  } catch (error) {
    // A path that was published before its folders were checked.
    if (isDomainError(error)) return [];
    throw error;
  }
}
