import { isDomainError } from "@/lib/core/errors";
import type { TemplateFiles } from "../archive";
import type { PathFinding } from "../contract";
import { SizeCount } from "../engine/limits";
import { pathProblem } from "./step-rules";
import { TEMPLATE_FILE } from "./template-source";

const LARGE_BYTES = 1024 * 1024;

/** Names that cannot be written, too many or too large files. */
export function checkFiles(files: TemplateFiles): PathFinding[] {
  const findings: PathFinding[] = [];
  const add = (file: string, severity: PathFinding["severity"], rule: string, message: string) => findings.push({ file, line: 1, severity, rule, message });
  const size = new SizeCount("The golden path");
  try {
    for (const { content } of files.values()) size.add(content.length);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    add(TEMPLATE_FILE, "error", "size", error.message);
  }
  for (const [path, { content }] of files) {
    const problem = pathProblem(path);
    if (problem) add(path, "error", "path-escape", problem);
    if (content.length > LARGE_BYTES) add(path, "warning", "size", `${path} has ${Math.round(content.length / LARGE_BYTES)} MB; every repository made from the path carries it.`);
  }
  return findings;
}
