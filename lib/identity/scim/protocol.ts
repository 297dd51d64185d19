import { env } from "@/lib/core/env";
import { DomainError, type ErrorCode } from "@/lib/core/errors";

export const USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";
export const GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group";
export const ENTERPRISE_SCHEMA = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
export const LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
export const PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
export const ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error";

export const MEDIA_TYPE = "application/scim+json";
export const MAX_COUNT = 100;
/** A group of 20,000 members fits. */
export const MAX_BODY_BYTES = 5 * 1024 * 1024;
export const MAX_OPERATIONS = 10_000;

/** Where the interface begins; what an administrator enters at the provider. */
export const scimBase = (): string => `${env().url}/scim/v2`;

/** Keywords of RFC 7644 §3.12 that say more than the status. */
export type ScimType = "invalidFilter" | "uniqueness" | "mutability" | "invalidSyntax" | "invalidPath" | "noTarget" | "invalidValue";

/** A refusal with the protocol's own keyword. */
export class ScimRefusal extends DomainError {
  constructor(
    readonly scimType: ScimType,
    message: string,
    code: ErrorCode = scimType === "uniqueness" ? "conflict" : "invalid",
  ) {
    super(code, message);
  }
}

export interface Resource extends Record<string, unknown> {
  schemas: string[];
  id: string;
  meta: { resourceType: "User" | "Group"; created: string; lastModified: string; location: string; version: string };
}

export const versionTag = (version: number): string => `W/"${version}"`;

/** Throws conflict (412 on the wire) where the caller has seen another version than the stored one. */
export function requireVersion(wanted: string | undefined, version: number): void {
  if (wanted === undefined || wanted.trim() === "*") return;
  const tags = wanted.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (!tags.includes(`"${version}"`)) throw new StaleVersion();
}

/** If-Match did not match. */
export class StaleVersion extends DomainError {
  constructor() {
    super("conflict", "The resource has changed since it was read. Read it again, then repeat the change.");
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
