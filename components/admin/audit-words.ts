import type { AuditEvent } from "@/lib/audit/contract";

export const DOOR_WORDS: Record<AuditEvent["door"], string> = { browser: "Browser", token: "Token", mcp: "Agent", platform: "Platform" };

function words(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (Array.isArray(value)) return value.map(words).join(", ");
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

/** The detail of an event in one line: `role engineer, team checkout`. */
export function detailWords({ result, detail }: AuditEvent): string {
  const parts = Object.entries(detail).map(([name, value]) => (result === "refused" && name === "reason" ? words(value) : `${name} ${words(value)}`));
  return result === "refused" ? `Refused: ${parts.join(", ") || "no right to"}` : parts.join(", ");
}
