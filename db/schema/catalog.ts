import { sql } from "drizzle-orm";
import { bigserial, boolean, customType, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "../columns";
import { users } from "./identity";

const tsvector = customType<{ data: string }>({ dataType: () => "tsvector" });

/** Where an entity was read from; the first source keeps it. */
export type EntitySourceRecord =
  | { type: "upload"; label: string }
  | { type: "url"; url: string; path?: string }
  | { type: "git"; repositoryId: string; path: string; commit: string | null }
  /** A repository elsewhere, read by a source of the catalog; `url` is its page. */
  | { type: "remote"; url: string; path: string; commit: string | null }
  | { type: "ui" };

/** Where something that nobody typed comes from, and when it was last seen there. */
export interface DerivedFact {
  value: string;
  /** `spec.owner`, `CODEOWNERS`, `GitHub team`, `repository`. */
  from: string;
  readAt: string;
}

export interface DerivedFacts {
  owner?: DerivedFact;
  lastCommit?: DerivedFact & { author: string; at: string };
}

export const entities = pgTable(
  "entities",
  {
    /** Lower-case `kind:namespace/name`: references compare without case. */
    ref: text("ref").primaryKey(),
    kind: text("kind").notNull(),
    namespace: text("namespace").notNull(),
    /** As it is written; lists sort by its lower-case form. */
    name: text("name").notNull(),
    title: text("title").notNull(),
    description: text("description").notNull(),
    type: text("type"),
    lifecycle: text("lifecycle"),
    ownerRef: text("owner_ref"),
    systemRef: text("system_ref"),
    tags: text("tags").array().notNull().default(sql`'{}'::text[]`),
    /** The document as it was given, without what the platform adds. */
    definition: jsonb("definition").$type<Record<string, unknown>>().notNull(),
    /** sha256 of the definition: a repeated import of the same content writes nothing. */
    contentHash: text("content_hash").notNull(),
    /** Hash of the YAML text that it was read from: the same text need not be parsed again. Null where more than that text counted. */
    textHash: text("text_hash"),
    source: jsonb("source").$type<EntitySourceRecord>().notNull(),
    goldenPath: text("golden_path"),
    goldenPathVersion: text("golden_path_version"),
    repositoryId: text("repository_id"),
    facts: jsonb("facts").$type<DerivedFacts>().notNull().default({}),
    /** Since when its source no longer holds it: out of the lists, removed when the grace period is over. */
    goneAt: moment("gone_at"),
    /** When a person said that it is still right; null since the last change. */
    confirmedAt: moment("confirmed_at"),
    registeredBy: text("registered_by").references(() => users.id, { onDelete: "set null" }),
    isDemo: boolean("is_demo").notNull().default(false),
    /** Lower-case name and title: for their beginnings and for parts of words. */
    label: text("label").notNull(),
    /** Weights: A name, B title, C the rest of the document, D its documents (`lib/catalog/search-words.ts`). */
    words: tsvector("words").notNull(),
    createdAt: createdAt(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [
    // The order of every list, and its keyset cursor. Of what is there alone, so that counting reads no rows.
    index("entities_order").on(sql`lower(${t.name})`, t.ref).where(sql`${t.goneAt} is null`),
    index("entities_kind").on(t.kind, t.type, t.lifecycle).where(sql`${t.goneAt} is null`),
    index("entities_kind_order").on(t.kind, sql`lower(${t.name})`, t.ref).where(sql`${t.goneAt} is null`),
    // The uid that clients of Backstage know an entity by.
    index("entities_uid").on(sql`(md5(${t.ref})::uuid)`),
    index("entities_text").using("hash", t.textHash),
    index("entities_owner").on(t.ownerRef).where(sql`${t.goneAt} is null`),
    index("entities_system").on(t.systemRef),
    index("entities_repository").on(t.repositoryId),
    index("entities_gone").on(t.goneAt).where(sql`${t.goneAt} is not null`),
    // Entities of one source, for what is no longer in it.
    index("entities_source").on(sql`(${t.source} ->> 'repositoryId')`, sql`(${t.source} ->> 'url')`).where(sql`${t.source} ->> 'type' in ('git', 'url', 'remote')`),
    index("entities_words").using("gin", t.words),
    index("entities_label").using("gin", sql`${t.label} gin_trgm_ops`),
  ],
);

/** Every word that a search can find, to put a typing error right. Words that nothing holds any more may stay. */
export const catalogWords = pgTable("catalog_words", { word: text("word").primaryKey() }, (t) => [index("catalog_words_near").using("gin", sql`${t.word} gin_trgm_ops`)]);

/** Each relation once, in its forward direction; the way back is read through `entity_relations_to`. */
export const entityRelations = pgTable(
  "entity_relations",
  {
    /** The entity whose document says so; it need not be the one the relation starts from. */
    originRef: text("origin_ref")
      .notNull()
      .references(() => entities.ref, { onDelete: "cascade" }),
    fromRef: text("from_ref").notNull(),
    type: text("type", { enum: ["ownedBy", "partOf", "providesApi", "consumesApi", "dependsOn", "childOf", "memberOf"] }).notNull(),
    /** Need not exist: dangling references are kept and shown as such. */
    toRef: text("to_ref").notNull(),
  },
  (t) => [
    // A key of all four refs would be larger than the table: this one keeps repeats out, and finds where relations start.
    uniqueIndex("entity_relations_once").on(t.fromRef, t.type, sql`hashtextextended(${t.originRef} || ' ' || ${t.toRef}, 0)`),
    index("entity_relations_to").on(t.toRef, t.type),
    index("entity_relations_origin").on(t.originRef),
  ],
);

/** Source text of an entity's documents, stored when they are read so that a page needs no repository. */
export const entityDocs = pgTable(
  "entity_docs",
  {
    entityRef: text("entity_ref")
      .notNull()
      .references(() => entities.ref, { onDelete: "cascade" }),
    /** Relative to the entity's folder: `README.md`, `docs/index.md`. */
    path: text("path").notNull(),
    title: text("title").notNull(),
    /** Heading of the navigation that it stands under; empty at the top. */
    section: text("section").notNull().default(""),
    position: integer("position").notNull(),
    text: text("text").notNull(),
    commit: text("commit"),
    readAt: moment("read_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.entityRef, t.path] })],
);

/** Entities that a person wants at hand. A ref, so that it outlives a new reading of the entity. */
export const catalogStars = pgTable(
  "catalog_stars",
  {
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    entityRef: text("entity_ref").notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.entityRef] })],
);

/** Filters and order of the catalog that a person keeps under a name. */
export const catalogViews = pgTable(
  "catalog_views",
  {
    id: id(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** What stands behind the question mark of the catalog's address. */
    query: text("query").notNull(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("catalog_views_name").on(t.userId, sql`lower(${t.name})`)],
);

/** What the last reading of a document found; replaced by the next reading of the same. */
export const catalogFindings = pgTable(
  "catalog_findings",
  {
    seq: bigserial("seq", { mode: "number" }).primaryKey(),
    /** `upload`, `ui`, `url:<address>`, `git:<repository id>`. */
    sourceKey: text("source_key").notNull(),
    source: jsonb("source").$type<EntitySourceRecord>().notNull(),
    file: text("file").notNull(),
    line: integer("line").notNull(),
    /** Null where not even a reference could be read. */
    entityRef: text("entity_ref"),
    /** The team that answers for the source: whose finding it is where no entity says so. */
    teamRef: text("team_ref"),
    rule: text("rule").notNull(),
    message: text("message").notNull(),
    fix: text("fix").notNull(),
    /** Refused: the document is not in the catalog, or its last good version is. */
    isRefusal: boolean("is_refusal").notNull(),
    /** The finding is over as soon as this entity exists. */
    missingRef: text("missing_ref"),
    at: moment("at").notNull(),
    isDemo: boolean("is_demo").notNull().default(false),
  },
  (t) => [index("catalog_findings_entity").on(t.entityRef), index("catalog_findings_source").on(t.sourceKey, t.file)],
);

/** What entities are read from again and again: an address, a git repository, the repositories of an organisation. */
export const catalogLocations = pgTable(
  "catalog_locations",
  {
    id: id(),
    type: text("type", { enum: ["url", "git", "github-org"] })
      .notNull()
      .default("url"),
    /** The address, the clone address, or the page of the organisation. */
    url: text("url").notNull(),
    /** Branch of a git repository; its default branch when null. */
    branch: text("branch"),
    /** Files or patterns in each repository, divided by commas; `/catalog-info.yaml` when null. */
    path: text("path"),
    teamId: text("team_id"),
    registeredBy: text("registered_by").references(() => users.id, { onDelete: "set null" }),
    lastRunId: text("last_run_id"),
    state: text("state", { enum: ["new", "ok", "failed"] })
      .notNull()
      .default("new"),
    /** Why it could not be read, or what the reading waits for. */
    problem: text("problem"),
    /** What was last read, as its server names the version. */
    etag: text("etag"),
    failures: integer("failures").notNull().default(0),
    lastReadAt: moment("last_read_at"),
    nextReadAt: moment("next_read_at"),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("catalog_locations_url").on(t.url), index("catalog_locations_due").on(t.nextReadAt)],
);

/** What was last seen of each repository that the catalog reads, of our own git server too. */
export const catalogRepositories = pgTable(
  "catalog_repositories",
  {
    /** The key of its findings: `git:<repository id>` or `remote:<page>`. */
    key: text("key").primaryKey(),
    /** Null for our own git server, which tells of each push itself. */
    locationId: text("location_id").references(() => catalogLocations.id, { onDelete: "cascade" }),
    /** `owner/name`. */
    name: text("name").notNull(),
    /** Its page. */
    url: text("url").notNull(),
    cloneUrl: text("clone_url").notNull().default(""),
    defaultBranch: text("default_branch").notNull().default("main"),
    /** `empty`: it holds no catalog file; `gone`: archived, deleted or out of reach. */
    state: text("state", { enum: ["new", "ok", "empty", "failed", "gone"] }).notNull(),
    problem: text("problem"),
    commit: text("commit"),
    etag: text("etag"),
    /** When it was last pushed to, as its host says it: unchanged means nothing to read. */
    pushedAt: text("pushed_at"),
    /** The files that were read, to know which pushes matter. */
    paths: text("paths").array().notNull().default(sql`'{}'::text[]`),
    readAt: moment("read_at"),
  },
  (t) => [index("catalog_repositories_location").on(t.locationId, t.name)],
);

/** What a run that read an address found out; also for a check, which changes nothing else. */
export const catalogReadings = pgTable("catalog_readings", {
  runId: text("run_id").primaryKey(),
  isCheck: boolean("is_check").notNull(),
  result: jsonb("result").$type<Record<string, unknown>>().notNull(),
  at: moment("at").notNull(),
});
