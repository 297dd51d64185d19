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
    const marked = markersAt(content);
    if (marked !== null) findings.push({ file: path, line: marked, severity: "error", rule: "conflict-marker", message: CONFLICT });
    if (content.length > LARGE_BYTES) add(path, "warning", "size", `${path} has ${Math.round(content.length / LARGE_BYTES)} MB; every repository made from the path carries it.`);
  }
  return findings;
}

const CONFLICT = "Two changes of the same lines meet here. Choose what is to stand, and remove the lines with <<<<<<<, ======= and >>>>>>>.";

/** Line of the first conflict that a merge left for people to settle, from 1. */
function markersAt(content: Buffer): number | null {
  if (!content.includes("<<<<<<< ") || content.includes(0)) return null;
  const text = content.toString("utf8");
  const found = /^<{7} .*$[\s\S]*?^={7}$[\s\S]*?^>{7} /m.exec(text);
  return found ? text.slice(0, found.index).split("\n").length : null;
}
