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
CREATE TABLE "step_actions" (
	"id" text PRIMARY KEY NOT NULL,
	"definition" json NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"secret_sealed" text NOT NULL,
	"previous_secret_sealed" text,
	"previous_secret_until" timestamp (3) with time zone,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by" text,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "step_calls" (
	"run_id" text NOT NULL,
	"key" text NOT NULL,
	"attempt" integer NOT NULL,
	"action" text NOT NULL,
	"deliveries" integer DEFAULT 0 NOT NULL,
	"taken_at" timestamp (3) with time zone,
	"deadline_at" timestamp (3) with time zone NOT NULL,
	"report_sealed" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "step_calls_run_id_key_attempt_pk" PRIMARY KEY("run_id","key","attempt")
);
--> statement-breakpoint
ALTER TABLE "step_calls" ADD CONSTRAINT "step_calls_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "decommissions_entity" ON "decommissions" USING btree ("entity_ref","created_at" desc);--> statement-breakpoint
CREATE INDEX "step_calls_action" ON "step_calls" USING btree ("action","created_at");