import type { Connection } from "@/db/client";
import { DomainError } from "@/lib/core/errors";
import type { TemplateFiles } from "./archive";
import type { PathFinding } from "./contract";
import type { GoldenPathDefinition } from "./definition";
import { isPublishable, lintFiles } from "./lint/lint";
import { loadStepRegistry } from "./step-actions/registry";

/** The definition of files that nothing stops from being published. Throws invalid with every blocking remark; `what` is what cannot be done with them. */
export async function publishable(on: Connection, files: TemplateFiles, name: string, now: Date, what: "published" | "tried" | "submitted"): Promise<GoldenPathDefinition> {
  const result = await lintFiles(files, { name, now, registry: await loadStepRegistry(on) });
  if (!isPublishable(result) || !result.definition) throw refused(name, result.findings, what);
  return result.definition;
}

function refused(name: string, findings: PathFinding[], what: string): DomainError {
  const errors = findings.filter(({ severity }) => severity === "error");
  const [first] = errors;
  const fields = errors.slice(0, 50).map(({ file, line, message }) => ({ path: `${file}:${line}`, message }));
  const more = errors.length > 1 ? ` and ${errors.length - 1} more` : "";
  return new DomainError("invalid", `${name} cannot be ${what}: ${first ? `${first.file}, line ${first.line}: ${first.message}` : "it cannot be read."}${more}`, { fields });
}
