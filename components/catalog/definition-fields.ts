import { isMap, parseDocument, stringify } from "yaml";

// The fields that people change most, and where they are in a definition.

export interface CommonField {
  id: string;
  label: string;
  help?: string;
  path: ["metadata" | "spec", string];
  /** Comma-separated in the form, a list in the definition. */
  list?: true;
  long?: true;
  kinds?: string[];
}

const OWNED = ["component", "api", "resource", "system", "domain", "template"];
const IN_SYSTEM = ["component", "api", "resource"];

const FIELDS: CommonField[] = [
  { id: "title", label: "Title", help: "The readable name; without one the name is shown.", path: ["metadata", "title"] },
  { id: "description", label: "Description", help: "What it is for, in one or two sentences.", path: ["metadata", "description"], long: true },
  { id: "owner", label: "Owner", help: "The team or person that answers for it: checkout, or user:ada.", path: ["spec", "owner"], kinds: OWNED },
  {
    id: "type",
    label: "Type",
    help: "For example service, website, library, database, openapi.",
    path: ["spec", "type"],
    kinds: ["component", "api", "resource", "system", "group", "template"],
  },
  { id: "lifecycle", label: "Lifecycle", help: "experimental, production or deprecated.", path: ["spec", "lifecycle"], kinds: ["component", "api"] },
  { id: "system", label: "System", help: "What it is a part of.", path: ["spec", "system"], kinds: IN_SYSTEM },
  { id: "domain", label: "Domain", path: ["spec", "domain"], kinds: ["system"] },
  {
    id: "dependsOn",
    label: "Depends on",
    help: "References, separated by commas: component:cart-worker, resource:orders-db.",
    path: ["spec", "dependsOn"],
    list: true,
    kinds: ["component", "resource"],
  },
  { id: "providesApis", label: "Provides APIs", help: "Names, separated by commas.", path: ["spec", "providesApis"], list: true, kinds: ["component"] },
  { id: "consumesApis", label: "Uses APIs", help: "Names, separated by commas.", path: ["spec", "consumesApis"], list: true, kinds: ["component"] },
  { id: "tags", label: "Tags", help: "Lower-case words, separated by commas.", path: ["metadata", "tags"], list: true },
];

type Definition = Record<string, unknown>;

const part = (definition: Definition, name: string): Definition => (typeof definition[name] === "object" && definition[name] !== null ? (definition[name] as Definition) : {});

export const fieldsOf = (kind: string): CommonField[] => FIELDS.filter(({ kinds }) => !kinds || kinds.includes(kind));

/** The field as the form shows it. */
export function readField(definition: Definition, { path: [place, key], list }: CommonField): string {
  const value = part(definition, place)[key];
  if (list) return Array.isArray(value) ? value.map(String).join(", ") : "";
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The definition with the field set; an empty one is left out. */
export function writeField(definition: Definition, { path: [place, key], list }: CommonField, text: string): Definition {
  const { [key]: _before, ...rest } = part(definition, place);
  const value = list
    ? text
        .split(",")
        .map((one) => one.trim())
        .filter(Boolean)
    : text;
  const changed = value.length ? { ...part(definition, place), [key]: value } : rest;
  return { ...definition, [place]: changed };
}

/** The text with one field changed; comments and the order of everything else stay. Where the text cannot be read, the definition anew. */
export function withField(yaml: string, { path: [place, key] }: CommonField, next: Definition): string {
  const document = parseDocument(yaml);
  if (document.errors.length > 0 || !isMap(document.contents)) return stringify(next);
  const value = part(next, place)[key];
  if (value === undefined) document.deleteIn([place, key]);
  else document.setIn([place, key], value);
  return document.toString({ lineWidth: 0 });
}
