import type { RelationType } from "../contract";

export type Path = readonly (string | number)[];

/** Something to put right in a document that is accepted all the same. */
export interface DraftFinding {
  path: Path;
  rule: string;
  message: string;
  fix: string;
  /** The finding is over once this entity exists. */
  missingRef?: string;
}

export interface DraftRelation {
  fromRef: string;
  type: RelationType;
  toRef: string;
  path: Path;
}

/** What a document says, before anything is asked about the catalog. */
export interface EntityDraft {
  ref: string;
  kind: string;
  namespace: string;
  name: string;
  title: string;
  description: string;
  /** Name of a person or team as its profile has it. */
  calledBy: string | null;
  type: string | null;
  lifecycle: string | null;
  ownerRef: string | null;
  systemRef: string | null;
  tags: string[];
  definition: Record<string, unknown>;
  relations: DraftRelation[];
  findings: DraftFinding[];
}

/** A document that is not taken over. */
export interface DraftRefusal {
  path: Path;
  rule: string;
  message: string;
  fix: string;
  entityRef: string | null;
}

const PLACEHOLDERS = ["$text", "$json", "$yaml", "$openapi", "$asyncapi"];

export type PlainObject = Record<string, unknown>;

/** A value that stands for the content of another file: `{$text: ./openapi.yaml}`. */
export const isPlaceholder = (value: unknown): value is PlainObject =>
  isPlainObject(value) && Object.keys(value).length === 1 && PLACEHOLDERS.includes(Object.keys(value)[0] ?? "");

export const isPlainObject = (value: unknown): value is PlainObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** A value as it is quoted in a message: short, on one line. */
export function shown(value: unknown): string {
  const text = (typeof value === "string" ? value : (JSON.stringify(value) ?? String(value))).replace(/\s+/g, " ");
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** The first characters of a text, never half of one: that could not be stored. */
export const cut = (text: string, length: number): string => [...text.slice(0, length * 2)].slice(0, length).join("");
