import type { BackEnd } from "./contract";

/** What a run of an action carries: free of secrets, shown on pages. */
export interface ActionRunInput extends Record<string, unknown> {
  action: string;
  title: string;
  /** Null for a test call of the draft. */
  version: number | null;
  entityRef: string | null;
  environmentId: string | null;
  values: Record<string, unknown>;
  backEnd: { type: BackEnd["type"]; label: string };
}

/** How people call a back end: its host, workflow or function. */
export function backEndLabel(backEnd: BackEnd): string {
  switch (backEnd.type) {
    case "webhook":
      return new URL(backEnd.url).host;
    case "github-workflow":
      return `${backEnd.owner}/${backEnd.repository} ${backEnd.workflow}`;
    case "function":
      return backEnd.function;
  }
}
