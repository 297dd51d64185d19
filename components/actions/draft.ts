import type { ActionDefinition, BackEnd, FunctionName } from "@/lib/actions/contract";

/** What the editor holds: every field as it is typed, so that switching between back ends loses nothing. */
export interface Draft {
  title: string;
  description: string;
  kind: string;
  types: string;
  whoMayRun: ActionDefinition["whoMayRun"];
  teams: string;
  deadlineMinutes: string;
  inputs: string;
  backEnd: BackEnd["type"];
  url: string;
  repository: string;
  workflow: string;
  ref: string;
  function: FunctionName;
  agents: NonNullable<ActionDefinition["agents"]>;
}

export type Change = (part: Partial<Draft>) => void;

const NEW_INPUTS = { type: "object", properties: { reason: { type: "string", title: "Reason", description: "Why it is needed." } }, required: [] };

export const NEW_DRAFT: Draft = {
  title: "",
  description: "",
  kind: "component",
  types: "",
  whoMayRun: "team-members",
  teams: "",
  deadlineMinutes: "10",
  inputs: JSON.stringify(NEW_INPUTS, null, 2),
  backEnd: "webhook",
  url: "",
  repository: "",
  workflow: "",
  ref: "main",
  function: "restart",
  agents: "ask",
};

/** A stored definition as the editor's fields. */
export function draftOf(definition: ActionDefinition): Draft {
  const { title, description, target, whoMayRun, teams, deadlineMinutes, inputs, backEnd, agents } = definition;
  return {
    ...NEW_DRAFT,
    title,
    description,
    kind: target?.kind ?? "",
    types: target?.types.join(", ") ?? "",
    whoMayRun,
    teams: teams.join(", "),
    deadlineMinutes: String(deadlineMinutes),
    inputs: JSON.stringify(inputs, null, 2),
    backEnd: backEnd.type,
    agents: agents ?? (backEnd.type === "function" ? "free" : "ask"),
    ...(backEnd.type === "webhook" ? { url: backEnd.url } : {}),
    ...(backEnd.type === "github-workflow" ? { repository: `${backEnd.owner}/${backEnd.repository}`, workflow: backEnd.workflow, ref: backEnd.ref } : {}),
    ...(backEnd.type === "function" ? { function: backEnd.function } : {}),
  };
}

const listOf = (text: string) =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);

function backEndOf(draft: Draft): BackEnd {
  const [owner = "", repository = ""] = draft.repository.split("/");
  switch (draft.backEnd) {
    case "webhook":
      return { type: "webhook", url: draft.url.trim() };
    case "github-workflow":
      return { type: "github-workflow", owner, repository, workflow: draft.workflow.trim(), ref: draft.ref.trim() };
    case "function":
      return { type: "function", function: draft.function };
  }
}

/** The fields as a definition; the server says what is wrong with it. Team names become refs. */
export function definitionOf(draft: Draft, inputs: Record<string, unknown>): ActionDefinition {
  return {
    title: draft.title,
    description: draft.description,
    target: draft.kind ? ({ kind: draft.kind, types: listOf(draft.types) } as ActionDefinition["target"]) : null,
    whoMayRun: draft.whoMayRun,
    teams: listOf(draft.teams).map((team) => (team.includes(":") ? team : `group:default/${team}`)),
    inputs,
    backEnd: backEndOf(draft),
    agents: draft.agents,
    deadlineMinutes: Number(draft.deadlineMinutes),
  };
}

/** The schema in the text, or where it cannot be read. */
export function readInputs(text: string): { schema: Record<string, unknown> } | { line: number; message: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { schema: value as Record<string, unknown> };
    return { line: 1, message: "The schema must be an object: { … }." };
  } catch (error) {
    const message = error instanceof Error ? error.message : "unreadable";
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? 0);
    return { line: text.slice(0, at).split("\n").length, message: `Not valid JSON: ${message}.` };
  }
}
