import { z } from "zod";
import type { DerivedFact, DerivedFacts, EntitySourceRecord } from "@/db/schema";
import { EntityKey, listOf, type RelationType } from "./contract-key";

export type * from "./contract-api";
export * from "./contract-graph";
export { EntityKey, RELATION_TYPES, type RelationType } from "./contract-key";

/** Kinds of Backstage that Waymark understands, by their lower-case name. Any other kind is kept and shown, read-only. */
export const KINDS = {
  component: "Component",
  api: "API",
  resource: "Resource",
  system: "System",
  domain: "Domain",
  group: "Group",
  user: "User",
  location: "Location",
  template: "Template",
  airesource: "AiResource",
} as const;
export type KnownKind = keyof typeof KINDS;

/** Whether entities of this lower-case kind can be written here. */
export const isWritableKind = (kind: string): boolean => kind in KINDS;

/** How people say a kind: `API`, `Component`, or as the document wrote it. */
export const kindWord = (kind: string): string => KINDS[kind as KnownKind] ?? kind;

/** How long an entity stays after its source no longer holds it. */
export const GRACE_DAYS = 7;

export type EntitySource = EntitySourceRecord;
export type { DerivedFact, DerivedFacts };

export interface CatalogEntity {
  /** Lower-case `kind:namespace/name`. */
  ref: string;
  kind: string;
  namespace: string;
  name: string;
  title: string;
  description: string;
  type: string | null;
  lifecycle: string | null;
  ownerRef: string | null;
  /** The identity team whose ref equals ownerRef. Permissions hang on it, never on catalog Groups. */
  teamId: string | null;
  systemRef: string | null;
  tags: string[];
  source: EntitySource;
  goldenPath: { name: string; version: string } | null;
  repositoryId: string | null;
  definition: Record<string, unknown>;
  facts: DerivedFacts;
  /** Since when its source no longer holds it; it is removed when the grace period is over. */
  goneAt: string | null;
  /** When somebody last said that what people wrote in it is still right; a change begins anew. */
  confirmedAt: string | null;
  isDemo: boolean;
  registeredBy: string | null;
  createdAt: string;
  updatedAt: string;
}

/** What a list shows of an entity: everything but its document. */
export type EntityRow = Omit<CatalogEntity, "definition" | "source" | "registeredBy" | "facts" | "goneAt" | "confirmedAt">;

/** The name of each relation read from its other end, as Backstage calls it. */
export const INVERSE: Record<RelationType, string> = {
  ownedBy: "ownerOf",
  partOf: "hasPart",
  providesApi: "apiProvidedBy",
  consumesApi: "apiConsumedBy",
  dependsOn: "dependencyOf",
  childOf: "parentOf",
  memberOf: "hasMember",
};

export interface EntityRelation {
  /** In the direction of the entity it is shown on: `dependsOn`, `dependencyOf`, `ownerOf`, … */
  type: string;
  targetRef: string;
  /** Null where no such entity is in the catalog. */
  target: { kind: string; name: string; title: string; type: string | null; ownerRef: string | null } | null;
}

export interface EntityLink {
  url: string;
  title: string;
}

export interface EntityDetail extends CatalogEntity {
  relations: EntityRelation[];
  links: EntityLink[];
  onCall: EntityLink[];
  docs: { path: string; title: string; section: string }[];
  findings: Finding[];
}

/** A place in an entity's documents that a search found. */
export interface DocHit {
  path: string;
  title: string;
  heading: { id: string; text: string } | null;
  snippet: string;
}

export interface EntityDoc {
  path: string;
  title: string;
  /** Markdown as its author wrote it. */
  text: string;
  commit: string | null;
  readAt: string;
}

/** Something that was done to an entity, or to what belongs to it. */
export interface EntityEvent {
  id: string;
  at: string;
  by: string;
  /** The ability, for example `entity.import`. */
  name: string;
  target: { type: string; id: string; label: string } | null;
  /** What changed in the catalog: created, updated or removed. */
  change: string | null;
}

/** Whom to ask about an entity, and how to reach them. */
export interface OwnerContact {
  ref: string;
  title: string;
  /** Page of the owner: the team, or the entity; null for a dangling reference. */
  href: string | null;
  email: string | null;
  links: EntityLink[];
  /** Who is called when it burns. */
  onCall: EntityLink[];
  /** Owners of the identity team. */
  people: { handle: string; name: string; email: string | null }[];
}

export interface Finding {
  file: string;
  line: number;
  entityRef: string | null;
  rule: string;
  message: string;
  fix: string;
  /** The finding is over as soon as this entity exists. */
  missingRef?: string;
  /** Entities of this file that the catalog has; the one whose document broke stays as it last was. */
  ofFile?: string[];
}

export interface StoredFinding extends Finding {
  id: number;
  source: EntitySource;
  /** Who is to put it right: the owner of the entity, else the team that answers for the source. */
  ownerRef: string | null;
  refused: boolean;
  at: string;
}

/** What one owner has to put right. */
export interface FindingOwner {
  ownerRef: string | null;
  total: number;
  refused: number;
  /** Entities that their source no longer holds. */
  gone: number;
}

/** One value of a document that differs from the catalog's; null where it is not there. */
export interface FieldChange {
  /** `spec.owner`, `metadata.annotations["example.com/tier"]`. */
  path: string;
  from: string | null;
  to: string | null;
}

export interface AcceptedEntity {
  entityRef: string;
  file: string;
  line: number;
  change: "created" | "updated" | "unchanged";
  /** In a check, what an update would change. */
  changes?: FieldChange[];
}

export interface ImportResult {
  accepted: AcceptedEntity[];
  findings: Finding[];
  refused: Finding[];
}

/** `component:default/checkout-api` → `/catalog/default/component/checkout-api`. */
export function entityHref(ref: string, tab?: string): string {
  const [, kind = "", namespace = "", name = ""] = /^([^:]*):([^/]*)\/(.*)$/.exec(ref) ?? [];
  return `/catalog/${[namespace, kind, name].map(encodeURIComponent).join("/")}${tab ? `/${tab}` : ""}`;
}

/** The last part of a ref, which people call the thing by. */
export const refName = (ref: string): string => ref.slice(ref.indexOf("/") + 1) || ref;

const MAX_FILE_CHARACTERS = 1_100_000;
const MAX_FILES = 500;

export const ENTITY_SCOPES = ["mine", "team", "all"] as const;
/** The same, and what the person starred. */
export const CATALOG_SCOPES = ["mine", "team", "starred", "all"] as const;
export const FACETS = ["kind", "type", "owner", "lifecycle", "tag"] as const;
export type FacetName = (typeof FACETS)[number];

/** Several values of one filter are separated by commas and mean "any of them". */
export const EntityFilter = z.strictObject({
  kind: listOf.optional(),
  type: listOf.optional(),
  lifecycle: listOf.optional(),
  /** Refs or short names of groups: `checkout`, `group:default/checkout`, `user:default/ada`. */
  owner: listOf.optional(),
  system: listOf.optional(),
  tag: listOf.optional(),
  q: z.string().trim().max(100).optional(),
  scope: z.enum(CATALOG_SCOPES).optional(),
});
export type EntityFilter = z.infer<typeof EntityFilter>;

export const ENTITY_SORTS = ["name", "-name", "kind", "-kind", "owner", "-owner", "lifecycle", "-lifecycle", "updated", "-updated"] as const;
export type EntitySort = (typeof ENTITY_SORTS)[number];

export const EntityListInput = EntityFilter.extend({
  /** A hyphen turns the order round. Without it by name, or the best matches of a text first. */
  sort: z.enum(ENTITY_SORTS).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

export const FacetInput = EntityFilter.extend({ facet: z.string().max(200).default("kind,type,owner,lifecycle") });

export interface FacetCount {
  value: string;
  count: number;
}

const ImportFile = z.strictObject({
  name: z.string().min(1).max(400),
  text: z.string().max(MAX_FILE_CHARACTERS, "A file can have at most 1 MB. Split it or remove what is not needed."),
});

export const ImportInput = z.strictObject({ files: z.array(ImportFile).min(1, "Add at least one file.").max(MAX_FILES, `At most ${MAX_FILES} files at once.`) });

export const SaveEntityInput = EntityKey.extend({
  /** The whole document as YAML; one entity. */
  yaml: z.string().max(MAX_FILE_CHARACTERS).optional(),
  /** The same as an object. */
  definition: z.record(z.string(), z.unknown()).optional(),
});

export const FindingListInput = z.strictObject({
  entity: z.string().max(200).optional(),
  scope: z.enum(ENTITY_SCOPES).optional(),
  refused: z.enum(["true", "false"]).optional(),
  /** A ref or short name of a group, or `none` for what nobody answers for. */
  owner: z.string().max(200).optional(),
  rule: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, "Leave it out to start from the newest.")
    .optional(),
});

export const LOCATION_TYPES = ["url", "git", "github-org"] as const;
export type LocationType = (typeof LOCATION_TYPES)[number];

export const LocationInput = z.strictObject({
  target: z.string({ error: "Give the address of a catalog-info.yaml." }).trim().min(1, "Give the address of a catalog-info.yaml.").max(2_000),
  /** A file at an address (as clients of Backstage send it), a git repository over https, or every repository of a GitHub organisation. */
  type: z.enum(LOCATION_TYPES).optional(),
  /** Branch of a git repository; its default branch when left out. */
  branch: z
    .string()
    .trim()
    .max(200)
    .regex(/^[A-Za-z0-9][\w./-]*$/, "A branch begins with a letter or digit, and has letters, digits, . _ / and -.")
    .optional(),
  /** Files or patterns in a repository, divided by commas; `catalog-info.yaml` when left out. */
  path: z.string().trim().min(1).max(1_000).optional(),
  /** The team on whose behalf it is read; your only own one when left out. */
  team: z.string().max(128).optional(),
  /** Only say what would happen. */
  dryRun: z.boolean().optional(),
});

export const LocationId = z.strictObject({ id: z.string().max(64) });
/** Another address for a source that is a file; the entities stay those of the source. */
export const LocationChange = LocationId.extend({ target: LocationInput.shape.target, type: z.literal("url", { error: "Only the address of a file can be changed." }).optional() });

/** A repository that a source reads, or that the platform reads at each push. */
export interface CatalogRepository {
  key: string;
  name: string;
  url: string;
  state: "new" | "ok" | "empty" | "failed" | "gone";
  problem: string | null;
  commit: string | null;
  readAt: string | null;
  entities: number;
  findings: number;
}

export interface CatalogLocation {
  id: string;
  type: LocationType;
  target: string;
  branch: string | null;
  path: string | null;
  team: string | null;
  state: "new" | "ok" | "failed";
  /** Why it could not be read, or what it waits for. */
  problem: string | null;
  nextReadAt: string | null;
  entities: number;
  findings: number;
  /** How many repositories it reads. */
  repositories: number;
  lastRunId: string | null;
  lastReadAt: string | null;
  createdAt: string;
}

export const OwnerInput = z.strictObject({ ref: z.string().min(1).max(200) });

export const ActivityInput = EntityKey.extend({ limit: z.coerce.number().int().min(1).max(200).default(50) });

export const DocSearchInput = EntityKey.extend({ q: z.string().trim().min(1, "Say what to look for.").max(100) });

export const DocInput = EntityKey.extend({ path: z.string().min(1).max(400) });

export const ReadingId = z.strictObject({ run: z.string().max(64) });

export interface Reading extends ImportResult {
  run: string;
  check: boolean;
}

export const StarInput = EntityKey.extend({ starred: z.boolean().default(true) });

/** Names of the parameters that a saved view may hold. */
export const VIEW_PARAMS = ["scope", "kind", "type", "lifecycle", "owner", "system", "tag", "q", "sort"] as const;

export const SaveViewInput = z.strictObject({
  name: z.string({ error: "Give the view a name." }).trim().min(1, "Give the view a name.").max(60, "Use at most 60 characters."),
  query: z
    .string()
    .max(1_000)
    .transform((text) => {
      const given = new URLSearchParams(text);
      return new URLSearchParams(VIEW_PARAMS.flatMap((name) => (given.get(name) ? [[name, given.get(name) ?? ""]] : []))).toString();
    }),
});

export const ViewId = z.strictObject({ id: z.string().max(64) });

export interface CatalogView {
  id: string;
  name: string;
  /** What stands behind the question mark of the catalog's address. */
  query: string;
}
