import type { KnownKind } from "../contract";
import { KINDS } from "../contract";
import { formatRef } from "../ref";
import { type DraftFinding, type DraftRefusal, type EntityDraft, isPlainObject, type Path, type PlainObject, shown } from "./draft";
import { readMetadata } from "./metadata";
import { resolvePlaceholders } from "./placeholders";
import { readSpec } from "./spec";

// Where Backstage refuses a document, this accepts it with a finding as long as it can tell which entity is meant.

const KIND = /^[a-zA-Z][a-zA-Z0-9]{0,62}$/;
const NAME = /^(?=.{1,63}$)([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const NAMESPACE = /^(?=.{1,63}$)[a-z0-9]+(-+[a-z0-9]+)*$/;
const ROOT_MEMBERS = new Set(["apiVersion", "kind", "metadata", "spec", "relations", "status"]);
const CORE_VERSIONS = ["backstage.io/v1alpha1", "backstage.io/v1beta1"];
const TEMPLATE_VERSIONS = ["scaffolder.backstage.io/v1beta3"];
const MAX_FINDINGS = 50;
const HALF = /\p{Surrogate}/u;
// Looked for in the document's JSON, so that most documents are not walked through.
const MAYBE_PLACEHOLDER = /"\$/;
const MAYBE_HAZARD = /\\u(?:0000|d[89a-f])/i;

type Read = { draft: EntityDraft } | { refusal: DraftRefusal };

/** One parsed YAML document as an entity, or why it is none. `texts`: contents for placeholders, by their target. */
export function readEntity(data: unknown, texts: ReadonlyMap<string, string> = new Map()): Read {
  const json = jsonOf(data);
  if (json === null) return refuse([], "circular", "A value contains itself through an alias.", "Write the value out instead of using *alias.");
  if (!isPlainObject(data)) return refuse([], "no-entity", "The document is no object.", "Begin with apiVersion, kind, metadata and spec.");
  const name = identity(data);
  if ("refusal" in name) return name;
  const { kind, namespace, findings } = name;
  const ref = formatRef({ kind, namespace, name: name.name });
  const definition = MAYBE_PLACEHOLDER.test(json) ? resolvePlaceholders(ownPart(data), texts, findings) : ownPart(data);
  const hazard = MAYBE_HAZARD.test(json) || texts.size > 0 ? hazardIn(definition, []) : null;
  if (hazard) return { refusal: { ...hazard, entityRef: ref } };
  checkEnvelope(definition, kind, findings);
  const metadata = readMetadata(definition.metadata as PlainObject, findings);
  const isOldTemplate = kind === "template" && !TEMPLATE_VERSIONS.includes(String(definition.apiVersion));
  const spec = readSpec({ ref, kind, namespace, isComplete: !isOldTemplate }, definition.spec, findings);
  // People and teams are known by the name of their profile; nobody should have to know their handle.
  const title = metadata.title || ((kind === "user" || kind === "group") && spec.calledBy) || name.name;
  return { draft: { ref, kind, namespace, name: name.name, ...metadata, ...spec, title, definition, findings: findings.slice(0, MAX_FINDINGS) } };
}

function refuse(path: Path, rule: string, message: string, fix: string, entityRef: string | null = null): { refusal: DraftRefusal } {
  return { refusal: { path, rule, message, fix, entityRef } };
}

/** Null where the document contains itself through an alias. */
function jsonOf(data: unknown): string | null {
  try {
    return JSON.stringify(data) ?? "";
  } catch {
    return null;
  }
}

/** Where a text could not be stored, with NUL or half of a character; null where there is none. */
function hazardIn(value: unknown, path: Path): Omit<DraftRefusal, "entityRef"> | null {
  if (typeof value === "string") {
    if (value.includes("\u0000")) return { path, rule: "control-character", message: "A text contains the character NUL.", fix: "Remove the character." };
    if (HALF.test(value)) return { path, rule: "control-character", message: "A text contains half of a character.", fix: "Remove the escape sequence that begins with \\uD." };
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    const found = hazardIn(key, at) ?? hazardIn(inner, at);
    if (found) return found;
  }
  return null;
}

type Identity = { kind: string; namespace: string; name: string; findings: DraftFinding[] } | { refusal: DraftRefusal };

/** Kind, namespace and name: without them it cannot be said which entity is meant. */
function identity(data: PlainObject): Identity {
  const { kind, metadata } = data;
  if (kind === undefined) return refuse([], "kind-missing", "The document has no kind.", "Add kind: Component, or remove the document if it is no catalog entity.");
  if (typeof kind !== "string" || !KIND.test(kind)) return refuse(["kind"], "kind-invalid", `"${shown(kind)}" is no kind.`, `Use one of ${Object.values(KINDS).join(", ")}.`);
  if (!isPlainObject(metadata)) return refuse(["metadata"], "name-missing", "The document has no metadata.", "Add metadata with a name.");
  const { namespace = "default" } = metadata;
  const name = typeof metadata.name === "number" ? String(metadata.name) : metadata.name;
  if (name === undefined || name === null || name === "")
    return refuse(["metadata"], "name-missing", "The document has no metadata.name.", "Add a name: letters, digits, - _ and ., at most 63.");
  if (typeof name !== "string" || !NAME.test(name)) {
    return refuse(
      ["metadata", "name"],
      "name-invalid",
      `"${shown(name)}" is no name.`,
      `Use letters, digits, - _ and ., at most 63, for example ${suggestName(name)}. Put the readable form into metadata.title.`,
    );
  }
  const findings: DraftFinding[] = [];
  if (typeof metadata.name === "number")
    findings.push({ path: ["metadata", "name"], rule: "name-number", message: "The name is a number.", fix: `Write it in quotes: "${name}".` });
  if (typeof namespace !== "string" || !NAME.test(namespace)) {
    return refuse(["metadata", "namespace"], "namespace-invalid", `"${shown(namespace)}" is no namespace.`, "Use lower-case letters, digits and hyphens, or leave it out.");
  }
  if (!NAMESPACE.test(namespace)) {
    const fix = "Use lower-case letters, digits and hyphens.";
    findings.push({ path: ["metadata", "namespace"], rule: "namespace-style", message: `The namespace "${namespace}" is read as ${namespace.toLowerCase()}.`, fix });
  }
  return { kind: kind.toLowerCase(), namespace: namespace.toLowerCase(), name, findings };
}

function suggestName(name: unknown): string {
  const simple = String(name)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 63)
    .replace(/^-+|-+$/g, "");
  return simple || "my-service";
}

/** The document without what servers of Backstage add to it. */
function ownPart(data: PlainObject): PlainObject {
  const { relations: _relations, status: _status, ...rest } = data;
  const { uid: _uid, etag: _etag, ...metadata } = rest.metadata as PlainObject;
  return { ...rest, metadata };
}

function checkEnvelope(data: PlainObject, kind: string, findings: DraftFinding[]): void {
  const { apiVersion } = data;
  const known = kind in KINDS;
  const expected = kind === ("template" satisfies KnownKind) ? TEMPLATE_VERSIONS : CORE_VERSIONS;
  if (typeof apiVersion !== "string" || apiVersion === "") {
    findings.push({ path: ["apiVersion"], rule: "api-version", message: "The apiVersion is missing.", fix: `Add apiVersion: ${expected[0]}.` });
  } else if (known && !expected.includes(apiVersion)) {
    findings.push({ path: ["apiVersion"], rule: "api-version", message: `"${shown(apiVersion)}" is not a version of this kind.`, fix: `Use apiVersion: ${expected[0]}.` });
  }
  if (!known) {
    const message = `${shown(data.kind)} is a kind of your own. It is kept and shown, without relations.`;
    findings.push({ path: ["kind"], rule: "kind-custom", message, fix: `Nothing to do, or use one of ${Object.values(KINDS).join(", ")}.` });
  }
  for (const member of Object.keys(data).filter((key) => !ROOT_MEMBERS.has(key))) {
    findings.push({
      path: [member],
      rule: "unknown-member",
      message: `"${shown(member)}" does not belong at the top level.`,
      fix: "Move it into spec or metadata.annotations, or remove it.",
    });
  }
}
