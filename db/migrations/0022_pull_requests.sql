CREATE TABLE "golden_path_ejections" (
	"id" text PRIMARY KEY NOT NULL,
	"repository_id" text NOT NULL,
	"golden_path" text NOT NULL,
	"concern" text,
	"files" jsonb NOT NULL,
	"reason" text NOT NULL,
	"version" text NOT NULL,
	"ejected_by" text,
	"ejected_at" timestamp (3) with time zone NOT NULL,
	"rejoined_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "repository_pull_requests" (
	"id" text PRIMARY KEY NOT NULL,
	"repository_id" text NOT NULL,
	"number" integer NOT NULL,
	"title" text NOT NULL,
	"body" text DEFAULT '' NOT NULL,
	"source_branch" text NOT NULL,
	"target_branch" text NOT NULL,
	"author_id" text,
	"status" text NOT NULL,
	"is_draft" boolean DEFAULT false NOT NULL,
	"head" text NOT NULL,
	"base" text NOT NULL,
	"conflicts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"merge_run" text,
	"merge_commit" text,
	"ended_by" text,
	"ended_at" timestamp (3) with time zone,
	"upgrade" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "golden_path_ejections" ADD CONSTRAINT "golden_path_ejections_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repository_pull_requests" ADD CONSTRAINT "repository_pull_requests_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "golden_path_ejections_open" ON "golden_path_ejections" USING btree ("repository_id",coalesce("concern", '')) WHERE rejoined_at is null;--> statement-breakpoint
CREATE INDEX "golden_path_ejections_path" ON "golden_path_ejections" USING btree ("golden_path","ejected_at");--> statement-breakpoint
CREATE UNIQUE INDEX "repository_pull_requests_number" ON "repository_pull_requests" USING btree ("repository_id","number");--> statement-breakpoint
CREATE UNIQUE INDEX "repository_pull_requests_open" ON "repository_pull_requests" USING btree ("repository_id","source_branch","target_branch") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "repository_pull_requests_recent" ON "repository_pull_requests" USING btree ("repository_id","status","created_at");