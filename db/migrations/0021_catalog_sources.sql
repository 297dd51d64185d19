CREATE TABLE "catalog_repositories" (
	"key" text PRIMARY KEY NOT NULL,
	"location_id" text,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"clone_url" text DEFAULT '' NOT NULL,
	"default_branch" text DEFAULT 'main' NOT NULL,
	"state" text NOT NULL,
	"problem" text,
	"commit" text,
	"etag" text,
	"pushed_at" text,
	"paths" text[] DEFAULT '{}'::text[] NOT NULL,
	"read_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "catalog_findings" ADD COLUMN "team_ref" text;--> statement-breakpoint
ALTER TABLE "catalog_locations" ADD COLUMN "type" text DEFAULT 'url' NOT NULL;--> statement-breakpoint
ALTER TABLE "catalog_locations" ADD COLUMN "branch" text;--> statement-breakpoint
ALTER TABLE "catalog_locations" ADD COLUMN "path" text;--> statement-breakpoint
ALTER TABLE "catalog_locations" ADD COLUMN "state" text DEFAULT 'new' NOT NULL;--> statement-breakpoint
ALTER TABLE "catalog_locations" ADD COLUMN "problem" text;--> statement-breakpoint
ALTER TABLE "catalog_locations" ADD COLUMN "etag" text;--> statement-breakpoint
ALTER TABLE "catalog_locations" ADD COLUMN "failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "catalog_locations" ADD COLUMN "next_read_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "entities" ADD COLUMN "facts" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "entities" ADD COLUMN "gone_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "catalog_repositories" ADD CONSTRAINT "catalog_repositories_location_id_catalog_locations_id_fk" FOREIGN KEY ("location_id") REFERENCES "public"."catalog_locations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "catalog_repositories_location" ON "catalog_repositories" USING btree ("location_id","name");--> statement-breakpoint
CREATE INDEX "catalog_locations_due" ON "catalog_locations" USING btree ("next_read_at");--> statement-breakpoint
CREATE INDEX "entities_gone" ON "entities" USING btree ("gone_at") WHERE "entities"."gone_at" is not null;--> statement-breakpoint
CREATE INDEX "entities_source" ON "entities" USING btree (("source" ->> 'repositoryId'),("source" ->> 'url')) WHERE "entities"."source" ->> 'type' in ('git', 'url', 'remote');