import type { PathFinding } from "@/lib/golden-paths/contract";
import { EXIT, Exit } from "./exit";
import { print } from "./terminal";

/** Prints remarks as `file:line: severity: message`, which editors and CI can follow. */
export function printFindings(findings: PathFinding[]): void {
  for (const { file, line, severity, rule, message } of findings) print(`${file}:${line}: ${severity}: ${message} [${rule}]`);
}

/** Throws Exit 1 if there are errors among the remarks. */
export function requireNoErrors(findings: PathFinding[]): void {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (errors > 0) throw new Exit(EXIT.failed, `${errors} ${errors === 1 ? "error" : "errors"} to correct.`);
}
