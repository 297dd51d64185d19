CREATE TABLE "deployments" (
	"id" text PRIMARY KEY NOT NULL,
	"environment_id" text NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"ref" text NOT NULL,
	"commit" text NOT NULL,
	"subject" text,
	"previous_commit" text,
	"promoted_from" text,
	"requested_by" text,
	"run_id" text,
	"reason" text,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"is_demo" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "environments" ADD COLUMN "repository_id" text;--> statement-breakpoint
ALTER TABLE "environments" ADD COLUMN "ref" text;--> statement-breakpoint
ALTER TABLE "deployments" ADD CONSTRAINT "deployments_environment_id_environments_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deployments" ADD CONSTRAINT "deployments_requested_by_users_id_fk" FOREIGN KEY ("requested_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "deployments_version" ON "deployments" USING btree ("environment_id","version");--> statement-breakpoint
CREATE UNIQUE INDEX "deployments_waiting" ON "deployments" USING btree ("environment_id") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "deployments_recent" ON "deployments" USING btree ("environment_id","created_at");--> statement-breakpoint
CREATE INDEX "deployments_run" ON "deployments" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "environments_entity" ON "environments" USING btree ("entity_ref") WHERE entity_ref is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "environments_stage" ON "environments" USING btree ("entity_ref","tier") WHERE lifetime = 'permanent' and status <> 'deleted' and entity_ref is not null;