import { DomainError } from "@/lib/core/errors";
import { isWritableKind } from "./contract";

/** Throws conflict for a kind that Waymark does not understand: it comes from files, and is only shown here. */
export function requireWritable(kind: string): void {
  if (isWritableKind(kind.toLowerCase())) return;
  throw new DomainError("conflict", `${kind} is a kind of your own, which is only shown here. Change it in its file and import that again.`);
}
