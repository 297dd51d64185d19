import { DomainError } from "@/lib/core/errors";

export interface EntityRefParts {
  kind: string;
  namespace: string;
  name: string;
}

const REF = /^(?:([^:/]+):)?(?:([^:/]+)\/)?([^:/]+)$/;

/** `[kind:][namespace/]name` as Backstage reads it, in lower case; null when it is none or lacks a kind that has no default. */
export function parseRef(text: string, defaults: { kind?: string; namespace?: string } = {}): EntityRefParts | null {
  const match = REF.exec(text.trim());
  const kind = match?.[1] ?? defaults.kind;
  const [namespace, name] = [match?.[2] ?? defaults.namespace ?? "default", match?.[3]];
  return kind && name ? { kind: kind.toLowerCase(), namespace: namespace.toLowerCase(), name: name.toLowerCase() } : null;
}

/** The parts as one text: lower-case `kind:namespace/name`. */
export const formatRef = ({ kind, namespace, name }: EntityRefParts): string => `${kind}:${namespace}/${name}`.toLowerCase();

/** The parts of a complete ref. Throws DomainError("invalid") for anything else. */
export function partsOfRef(text: string): EntityRefParts {
  const parts = parseRef(text);
  if (parts) return parts;
  const message = `"${text.slice(0, 100)}" is no entity reference. Write kind:namespace/name, for example component:default/checkout-api.`;
  throw new DomainError("invalid", message, { fields: [{ path: "ref", message }] });
}

/** A complete ref in lower case. Throws DomainError("invalid") for anything else. */
export const wholeRef = (text: string): string => formatRef(partsOfRef(text));
