CREATE TABLE "decommissions" (
	"run_id" text PRIMARY KEY NOT NULL,
	"entity_ref" text NOT NULL,
	"title" text NOT NULL,
	"team_id" text,
	"requested_by" text,
	"repository_id" text,
	"choices" jsonb NOT NULL,
	"results" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp (3) with time zone,
	"undone_at" timestamp (3) with time zone,
	"undone_by" text
);
--> statement-breakpoint
CREATE INDEX "decommissions_entity" ON "decommissions" USING btree ("entity_ref","created_at" desc);