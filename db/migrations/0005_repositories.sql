CREATE TABLE "repositories" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"provider" text NOT NULL,
	"status" text NOT NULL,
	"default_branch" text DEFAULT 'main' NOT NULL,
	"clone_url" text NOT NULL,
	"web_url" text NOT NULL,
	"team_id" text NOT NULL,
	"entity_ref" text,
	"golden_path" text,
	"golden_path_version" text,
	"made_by_run" text,
	"answers_sealed" text,
	"created_by" text,
	"archived_at" timestamp (3) with time zone,
	"receipt" jsonb,
	"is_demo" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "repository_pushes" (
	"id" text PRIMARY KEY NOT NULL,
	"repository_id" text NOT NULL,
	"ref" text NOT NULL,
	"before" text,
	"after" text,
	"pushed_by" text,
	"status" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "repository_refs" (
	"repository_id" text NOT NULL,
	"name" text NOT NULL,
	"sha" text NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "repository_refs_repository_id_name_pk" PRIMARY KEY("repository_id","name")
);
--> statement-breakpoint
ALTER TABLE "repositories" ADD CONSTRAINT "repositories_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repository_pushes" ADD CONSTRAINT "repository_pushes_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repository_refs" ADD CONSTRAINT "repository_refs_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "repositories_name" ON "repositories" USING btree ("provider",lower("owner"),lower("name"));--> statement-breakpoint
CREATE INDEX "repositories_entity" ON "repositories" USING btree ("entity_ref");--> statement-breakpoint
CREATE INDEX "repositories_team" ON "repositories" USING btree ("team_id","created_at");--> statement-breakpoint
CREATE INDEX "repository_pushes_recent" ON "repository_pushes" USING btree ("repository_id","created_at");