CREATE TABLE "golden_path_form_days" (
	"name" text NOT NULL,
	"version" text NOT NULL,
	"day" date NOT NULL,
	"field" text NOT NULL,
	"opened" integer DEFAULT 0 NOT NULL,
	"sent" integer DEFAULT 0 NOT NULL,
	"abandoned" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "golden_path_form_days_name_version_day_field_pk" PRIMARY KEY("name","version","day","field")
);
--> statement-breakpoint
CREATE TABLE "golden_path_open_forms" (
	"key" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"version" text NOT NULL,
	"field" text DEFAULT '' NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "golden_path_proposal_events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"proposal_id" text NOT NULL,
	"kind" text NOT NULL,
	"text" text DEFAULT '' NOT NULL,
	"by_id" text,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "golden_path_proposals" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"base_version" text NOT NULL,
	"archive" "bytea" NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"title" text NOT NULL,
	"reason" text NOT NULL,
	"status" text NOT NULL,
	"published_version" text,
	"author_id" text NOT NULL,
	"team_id" text NOT NULL,
	"submitted_at" timestamp (3) with time zone,
	"is_demo" boolean DEFAULT false NOT NULL,
	"updated_by" text,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "golden_path_test_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"source" text NOT NULL,
	"draft_created_at" timestamp (3) with time zone,
	"proposal_id" text,
	"revision" integer,
	"archive" "bytea",
	"status" text NOT NULL,
	"cause" text,
	"environment_id" text NOT NULL,
	"run_id" text NOT NULL,
	"requested_by" text,
	"finished_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "environments" ADD COLUMN "test_run_id" text;--> statement-breakpoint
ALTER TABLE "golden_path_proposal_events" ADD CONSTRAINT "golden_path_proposal_events_proposal_id_golden_path_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."golden_path_proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "golden_path_proposal_events" ADD CONSTRAINT "golden_path_proposal_events_by_id_users_id_fk" FOREIGN KEY ("by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "golden_path_proposals" ADD CONSTRAINT "golden_path_proposals_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "golden_path_proposals" ADD CONSTRAINT "golden_path_proposals_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "golden_path_proposals" ADD CONSTRAINT "golden_path_proposals_updated_by_users_id_fk" FOREIGN KEY ("updated_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "golden_path_test_runs" ADD CONSTRAINT "golden_path_test_runs_proposal_id_golden_path_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."golden_path_proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "golden_path_test_runs" ADD CONSTRAINT "golden_path_test_runs_requested_by_users_id_fk" FOREIGN KEY ("requested_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "golden_path_open_forms_due" ON "golden_path_open_forms" USING btree ("opened_at");--> statement-breakpoint
CREATE INDEX "golden_path_proposal_events_of" ON "golden_path_proposal_events" USING btree ("proposal_id","id");--> statement-breakpoint
CREATE INDEX "golden_path_proposals_name" ON "golden_path_proposals" USING btree ("name","status");--> statement-breakpoint
CREATE INDEX "golden_path_proposals_team" ON "golden_path_proposals" USING btree ("team_id");--> statement-breakpoint
CREATE INDEX "golden_path_test_runs_name" ON "golden_path_test_runs" USING btree ("name","created_at");--> statement-breakpoint
CREATE INDEX "golden_path_test_runs_environment" ON "golden_path_test_runs" USING btree ("environment_id");