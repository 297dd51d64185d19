import type { StepActionDefinition } from "@/lib/golden-paths/contract";

/** What the editor holds: every field as it is typed, so that switching between kinds loses nothing. */
export interface Draft {
  title: string;
  description: string;
  inputs: string;
  outputs: string;
  kind: "http" | "command";
  url: string;
  answer: "at-once" | "callback";
  deadlineMinutes: string;
  interpreter: "sh" | "node";
  script: string;
  memoryMiB: string;
  timeSeconds: string;
}

const text = (value: unknown) => JSON.stringify(value, null, 2);

export const NEW_DRAFT: Draft = {
  title: "",
  description: "",
  inputs: text({ type: "object", required: ["title"], properties: { title: { type: "string" } } }),
  outputs: text({ type: "object", properties: { url: { type: "string" } } }),
  kind: "http",
  url: "",
  answer: "at-once",
  deadlineMinutes: "5",
  interpreter: "sh",
  script: "",
  memoryMiB: "256",
  timeSeconds: "20",
};

/** A stored definition as the editor's fields. */
export function draftOf({ title, description, inputs, outputs, back }: StepActionDefinition): Draft {
  const shown = { ...NEW_DRAFT, title, description, inputs: text(inputs), outputs: text(outputs), kind: back.type };
  if (back.type === "http") return { ...shown, url: back.url, answer: back.answer, deadlineMinutes: String(back.deadlineMinutes) };
  return { ...shown, interpreter: back.interpreter, script: back.script, memoryMiB: String(back.memoryMiB), timeSeconds: String(back.timeSeconds) };
}

/** A schema as it was typed, or why it cannot be read. */
export function readSchema(typed: string): { schema: Record<string, unknown> } | { problem: string } {
  try {
    const schema: unknown = JSON.parse(typed);
    return typeof schema === "object" && schema !== null && !Array.isArray(schema) ? { schema: schema as Record<string, unknown> } : { problem: "Write a JSON object." };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : "This is no JSON." };
  }
}

/** The definition that the fields say. */
export function definitionOf(draft: Draft, inputs: Record<string, unknown>, outputs: Record<string, unknown>): StepActionDefinition {
  const { title, description, kind, url, answer, interpreter, script } = draft;
  const back =
    kind === "http"
      ? { type: kind, url, answer, deadlineMinutes: Number(draft.deadlineMinutes) }
      : { type: kind, interpreter, script, memoryMiB: Number(draft.memoryMiB), timeSeconds: Number(draft.timeSeconds) };
  return { title, description, inputs, outputs, back };
}
