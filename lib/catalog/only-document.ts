import { DomainError } from "@/lib/core/errors";
import type { ImportResult } from "./contract";

/** Throws unless there is one good document, of this ref: invalid or conflict with the first problem, and its line. */
export function requireOnly(ref: string, { accepted, refused }: ImportResult): void {
  const path = "yaml";
  const [problem] = refused;
  if (problem) {
    const message = `Line ${problem.line}: ${problem.message} ${problem.fix}`;
    const fields = refused.map((one) => ({ path, message: `Line ${one.line}: ${one.message} ${one.fix}` }));
    throw new DomainError(problem.rule === "other-source" || problem.rule === "taken" ? "conflict" : "invalid", message, { fields });
  }
  const [only, second] = accepted;
  if (!only) throw new DomainError("invalid", "The definition is empty.", { fields: [{ path, message: "Write apiVersion, kind, metadata and spec." }] });
  if (second) throw new DomainError("invalid", "Keep one document.", { fields: [{ path, message: `Line ${second.line}: a second document begins here. Keep one.` }] });
  if (only.entityRef !== ref) {
    const message = `This is ${only.entityRef}, not ${ref}. Kind, namespace and name cannot be changed: others refer to them.`;
    throw new DomainError("invalid", message, { fields: [{ path, message }] });
  }
}
