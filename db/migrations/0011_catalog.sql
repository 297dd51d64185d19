-- Typing errors and parts of words in the search. Trusted: the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE TABLE "catalog_findings" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"source_key" text NOT NULL,
	"source" jsonb NOT NULL,
	"file" text NOT NULL,
	"line" integer NOT NULL,
	"entity_ref" text,
	"rule" text NOT NULL,
	"message" text NOT NULL,
	"fix" text NOT NULL,
	"is_refusal" boolean NOT NULL,
	"missing_ref" text,
	"at" timestamp (3) with time zone NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "catalog_locations" (
	"id" text PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"team_id" text,
	"registered_by" text,
	"last_run_id" text,
	"last_read_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "catalog_readings" (
	"run_id" text PRIMARY KEY NOT NULL,
	"is_check" boolean NOT NULL,
	"result" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "entities" (
	"ref" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"namespace" text NOT NULL,
	"name" text NOT NULL,
	"title" text NOT NULL,
	"description" text NOT NULL,
	"type" text,
	"lifecycle" text,
	"owner_ref" text,
	"system_ref" text,
	"tags" text[] DEFAULT '{}'::text[] NOT NULL,
	"definition" jsonb NOT NULL,
	"content_hash" text NOT NULL,
	"source" jsonb NOT NULL,
	"golden_path" text,
	"golden_path_version" text,
	"repository_id" text,
	"registered_by" text,
	"is_demo" boolean DEFAULT false NOT NULL,
	"label" text NOT NULL,
	"words" "tsvector" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "entity_docs" (
	"entity_ref" text NOT NULL,
	"path" text NOT NULL,
	"title" text NOT NULL,
	"position" integer NOT NULL,
	"text" text NOT NULL,
	"commit" text,
	"read_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "entity_docs_entity_ref_path_pk" PRIMARY KEY("entity_ref","path")
);
--> statement-breakpoint
CREATE TABLE "entity_relations" (
	"origin_ref" text NOT NULL,
	"from_ref" text NOT NULL,
	"type" text NOT NULL,
	"to_ref" text NOT NULL,
	CONSTRAINT "entity_relations_origin_ref_from_ref_type_to_ref_pk" PRIMARY KEY("origin_ref","from_ref","type","to_ref")
);
--> statement-breakpoint
ALTER TABLE "catalog_locations" ADD CONSTRAINT "catalog_locations_registered_by_users_id_fk" FOREIGN KEY ("registered_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "entities" ADD CONSTRAINT "entities_registered_by_users_id_fk" FOREIGN KEY ("registered_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "entity_docs" ADD CONSTRAINT "entity_docs_entity_ref_entities_ref_fk" FOREIGN KEY ("entity_ref") REFERENCES "public"."entities"("ref") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "entity_relations" ADD CONSTRAINT "entity_relations_origin_ref_entities_ref_fk" FOREIGN KEY ("origin_ref") REFERENCES "public"."entities"("ref") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "catalog_findings_entity" ON "catalog_findings" USING btree ("entity_ref");--> statement-breakpoint
CREATE INDEX "catalog_findings_source" ON "catalog_findings" USING btree ("source_key","file");--> statement-breakpoint
CREATE UNIQUE INDEX "catalog_locations_url" ON "catalog_locations" USING btree ("url");--> statement-breakpoint
CREATE INDEX "entities_order" ON "entities" USING btree (lower("name"),"ref");--> statement-breakpoint
CREATE INDEX "entities_kind" ON "entities" USING btree ("kind","type","lifecycle");--> statement-breakpoint
CREATE INDEX "entities_owner" ON "entities" USING btree ("owner_ref");--> statement-breakpoint
CREATE INDEX "entities_system" ON "entities" USING btree ("system_ref");--> statement-breakpoint
CREATE INDEX "entities_repository" ON "entities" USING btree ("repository_id");--> statement-breakpoint
CREATE INDEX "entities_words" ON "entities" USING gin ("words");--> statement-breakpoint
CREATE INDEX "entities_label" ON "entities" USING gin ("label" gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "entity_relations_from" ON "entity_relations" USING btree ("from_ref","type");--> statement-breakpoint
CREATE INDEX "entity_relations_to" ON "entity_relations" USING btree ("to_ref","type");--> statement-breakpoint
CREATE INDEX "audit_events_entity" ON "audit_events" USING btree (("detail" ->> 'entityRef'),"seq");