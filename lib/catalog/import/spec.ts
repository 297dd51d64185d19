import type { KnownKind, RelationType } from "../contract";
import { KINDS } from "../contract";
import { formatRef, parseRef } from "../ref";
import { cut, type DraftFinding, type DraftRelation, isPlaceholder, isPlainObject, type Path, type PlainObject, shown } from "./draft";

interface Self {
  ref: string;
  kind: string;
  namespace: string;
  /** False where what is missing needs no word, because the whole document is of another time. */
  isComplete: boolean;
}

interface RefField {
  relation: RelationType;
  /** What a ref without a kind means; without one the kind must be written. */
  kind?: string;
  many?: true;
  /** The relation starts from the other entity. */
  reverse?: true;
}

const owner: RefField = { relation: "ownedBy", kind: "group" };
const system: RefField = { relation: "partOf", kind: "system" };
const dependsOn: RefField = { relation: "dependsOn", many: true };
const dependencyOf: RefField = { relation: "dependsOn", many: true, reverse: true };
const apis = (relation: RelationType): RefField => ({ relation, kind: "api", many: true });

const REFS: Record<KnownKind, Record<string, RefField>> = {
  component: {
    owner,
    system,
    subcomponentOf: { relation: "partOf", kind: "component" },
    providesApis: apis("providesApi"),
    consumesApis: apis("consumesApi"),
    dependsOn,
    dependencyOf,
  },
  api: { owner, system },
  resource: { owner, system, dependsOn, dependencyOf },
  system: { owner, domain: { relation: "partOf", kind: "domain" } },
  domain: { owner, subdomainOf: { relation: "partOf", kind: "domain" } },
  group: {
    parent: { relation: "childOf", kind: "group" },
    children: { relation: "childOf", kind: "group", many: true, reverse: true },
    members: { relation: "memberOf", kind: "user", many: true, reverse: true },
  },
  user: { memberOf: { relation: "memberOf", kind: "group", many: true } },
  location: {},
  template: { owner },
  airesource: { owner, system },
};

const REQUIRED: Record<KnownKind, string[]> = {
  component: ["type", "lifecycle", "owner"],
  api: ["type", "lifecycle", "owner", "definition"],
  resource: ["type", "owner"],
  system: ["owner"],
  domain: ["owner"],
  group: ["type", "children"],
  user: ["memberOf"],
  location: [],
  template: ["type", "steps"],
  airesource: ["type", "lifecycle", "owner"],
};

const TYPES: Partial<Record<KnownKind, string>> = { api: "openapi", resource: "database", group: "team", airesource: "skill" };

const EXAMPLES: Record<string, string> = {
  lifecycle: "lifecycle: production",
  owner: "owner: my-team",
  definition: "definition: with the text of the API description",
  children: "children: []",
  memberOf: "memberOf: [my-team]",
  steps: "steps: with at least one step",
};

const MAX_REF = 200;
const MAX_WORD = 100;
const MAX_RELATIONS = 500;

interface Spec {
  calledBy: string | null;
  type: string | null;
  lifecycle: string | null;
  ownerRef: string | null;
  systemRef: string | null;
  relations: DraftRelation[];
}

/** Type, lifecycle and relations of a document; everything doubtful becomes a finding. */
export function readSpec(self: Self, raw: unknown, findings: DraftFinding[]): Spec {
  const known = self.kind in KINDS ? (self.kind as KnownKind) : null;
  if (raw !== undefined && !isPlainObject(raw)) findings.push({ path: ["spec"], rule: "not-a-map", message: "spec is no map.", fix: "Write spec: with one key and value a line." });
  const spec = isPlainObject(raw) ? raw : {};
  if (known && self.isComplete) checkRequired(spec, known, findings);
  if (known === "api") checkDefinition(spec.definition, findings);
  if (known === "location")
    findings.push({
      path: ["spec"],
      rule: "location-not-followed",
      message: "The targets of a Location are not read from an upload.",
      fix: "Import the files that it names, or add the repository as a source.",
    });
  const relations = Object.entries(known ? REFS[known] : {}).flatMap(([key, field]) => readRefs(self, spec[key], key, field, findings));
  const first = (type: RelationType, kind: string) =>
    relations.find((one) => one.fromRef === self.ref && one.type === type && (type === "ownedBy" || one.toRef.startsWith(`${kind}:`)))?.toRef ?? null;
  const profile = isPlainObject(spec.profile) ? spec.profile.displayName : null;
  return {
    calledBy: typeof profile === "string" ? cut(profile.trim(), MAX_WORD) || null : null,
    type: word(spec, "type", exampleOf("type", known), findings),
    lifecycle: word(spec, "lifecycle", exampleOf("lifecycle", known), findings),
    ownerRef: first("ownedBy", ""),
    systemRef: first("partOf", "system"),
    relations: relations.slice(0, MAX_RELATIONS),
  };
}

const exampleOf = (key: string, kind: KnownKind | null) => (key === "type" ? `type: ${(kind && TYPES[kind]) ?? "service"}` : (EXAMPLES[key] ?? key));
const withArticle = (kind: string) => `${/^[AEIOU]/.test(kind) ? "An" : "A"} ${kind}`;

function checkRequired(spec: PlainObject, kind: KnownKind, findings: DraftFinding[]): void {
  for (const key of REQUIRED[kind]) {
    // A server of tools says where it is, not what it offers.
    if (spec[key] !== undefined || (key === "definition" && spec.type === "mcp-server")) continue;
    const rule = key === "owner" ? "owner-missing" : "field-missing";
    const message = key === "owner" ? "The entity has no owner, so nobody can be asked about it." : `${withArticle(KINDS[kind])} usually has spec.${key}.`;
    findings.push({ path: ["spec"], rule, message, fix: `Add ${exampleOf(key, kind)} under spec.` });
  }
}

function checkDefinition(definition: unknown, findings: DraftFinding[]): void {
  if (definition === undefined || typeof definition === "string" || isPlaceholder(definition)) return;
  findings.push({
    path: ["spec", "definition"],
    rule: "definition-text",
    message: "spec.definition is no text.",
    fix: "Write definition: | and the description indented below it.",
  });
}

function word(spec: PlainObject, key: "type" | "lifecycle", example: string, findings: DraftFinding[]): string | null {
  const value = spec[key];
  if (value === undefined) return null;
  const text = typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value).trim() : "";
  if (typeof value === "string" && text && text.length <= MAX_WORD) return text;
  findings.push({ path: ["spec", key], rule: "word-style", message: `spec.${key} is "${shown(value)}".`, fix: `Use one short word as text, for example ${example}.` });
  return cut(text, MAX_WORD) || null;
}

function readRefs(self: Self, value: unknown, key: string, field: RefField, findings: DraftFinding[]): DraftRelation[] {
  if (value === undefined) return [];
  const path: Path = ["spec", key];
  if (field.many ? !Array.isArray(value) : Array.isArray(value)) {
    findings.push({
      path,
      rule: field.many ? "not-a-list" : "not-one",
      message: `spec.${key} is ${field.many ? "no list" : "a list"}.`,
      fix: field.many ? `Write ${key}: [first, second].` : "Keep one.",
    });
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.flatMap((one, index) => {
    const at: Path = Array.isArray(value) ? [...path, index] : path;
    const target = readRef(self, one, key, field, at, findings);
    if (!target) return [];
    const [fromRef, toRef] = field.reverse ? [target, self.ref] : [self.ref, target];
    return [{ fromRef, type: field.relation, toRef, path: at }];
  });
}

function readRef(self: Self, value: unknown, key: string, field: RefField, path: Path, findings: DraftFinding[]): string | null {
  if (value === null || value === "") {
    findings.push({ path, rule: "empty-field", message: `spec.${key} is empty.`, fix: "Fill it in, or remove the line." });
    return null;
  }
  const text = typeof value === "number" ? String(value) : value;
  const parts = typeof text === "string" && text.length <= MAX_REF ? parseRef(text, { kind: field.kind ?? "component", namespace: self.namespace }) : null;
  if (!parts) {
    findings.push({
      path,
      rule: "ref-invalid",
      message: `"${shown(value)}" is no entity reference.`,
      fix: "Write kind:namespace/name; kind and namespace may be left out where they are clear.",
    });
    return null;
  }
  if (!field.kind && typeof text === "string" && !text.includes(":")) {
    findings.push({
      path,
      rule: "ref-kind",
      message: `"${shown(text)}" does not say what kind it is; it is read as a component.`,
      fix: `Write component:${text} or resource:${text}.`,
    });
  }
  return formatRef(parts);
}
