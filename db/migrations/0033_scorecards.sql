CREATE TABLE "scorecard_days" (
	"scorecard_id" text NOT NULL,
	"day" date NOT NULL,
	"level" integer NOT NULL,
	"entities" integer NOT NULL,
	CONSTRAINT "scorecard_days_scorecard_id_day_level_pk" PRIMARY KEY("scorecard_id","day","level")
);
--> statement-breakpoint
CREATE TABLE "scorecard_exceptions" (
	"id" text PRIMARY KEY NOT NULL,
	"scorecard_id" text NOT NULL,
	"entity_ref" text NOT NULL,
	"check_id" text NOT NULL,
	"reason" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"granted_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" text
);
--> statement-breakpoint
CREATE TABLE "scorecard_facts" (
	"entity_ref" text PRIMARY KEY NOT NULL,
	"content_hash" text NOT NULL,
	"facts" jsonb NOT NULL,
	"observed" jsonb NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"is_dirty" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE TABLE "scorecard_levels" (
	"scorecard_id" text NOT NULL,
	"entity_ref" text NOT NULL,
	"level" integer NOT NULL,
	"previous_level" integer,
	"level_since" timestamp (3) with time zone NOT NULL,
	"revision" integer NOT NULL,
	"evaluated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "scorecard_levels_scorecard_id_entity_ref_pk" PRIMARY KEY("scorecard_id","entity_ref")
);
--> statement-breakpoint
CREATE TABLE "scorecard_repositories" (
	"repository_id" text PRIMARY KEY NOT NULL,
	"commit" text NOT NULL,
	"files" jsonb NOT NULL,
	"read_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "scorecard_results" (
	"scorecard_id" text NOT NULL,
	"entity_ref" text NOT NULL,
	"check_id" text NOT NULL,
	"state" text NOT NULL,
	"outcome" text NOT NULL,
	"last_known" text,
	"last_known_at" timestamp (3) with time zone,
	"reason" text,
	"observed" jsonb NOT NULL,
	"observed_at" timestamp (3) with time zone NOT NULL,
	"condition_hash" text NOT NULL,
	"is_ejected" boolean DEFAULT false NOT NULL,
	"state_since" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "scorecard_results_scorecard_id_entity_ref_check_id_pk" PRIMARY KEY("scorecard_id","entity_ref","check_id")
);
--> statement-breakpoint
CREATE TABLE "scorecard_revisions" (
	"scorecard_id" text NOT NULL,
	"revision" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"saved_by" text,
	"saved_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "scorecard_revisions_scorecard_id_revision_pk" PRIMARY KEY("scorecard_id","revision")
);
--> statement-breakpoint
CREATE TABLE "scorecards" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"definition" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"evaluated_revision" integer,
	"evaluated_at" timestamp (3) with time zone,
	"is_demo" boolean DEFAULT false NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by" text,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "scorecard_days" ADD CONSTRAINT "scorecard_days_scorecard_id_scorecards_id_fk" FOREIGN KEY ("scorecard_id") REFERENCES "public"."scorecards"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scorecard_exceptions" ADD CONSTRAINT "scorecard_exceptions_scorecard_id_scorecards_id_fk" FOREIGN KEY ("scorecard_id") REFERENCES "public"."scorecards"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scorecard_facts" ADD CONSTRAINT "scorecard_facts_entity_ref_entities_ref_fk" FOREIGN KEY ("entity_ref") REFERENCES "public"."entities"("ref") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scorecard_levels" ADD CONSTRAINT "scorecard_levels_scorecard_id_scorecards_id_fk" FOREIGN KEY ("scorecard_id") REFERENCES "public"."scorecards"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scorecard_levels" ADD CONSTRAINT "scorecard_levels_entity_ref_scorecard_facts_entity_ref_fk" FOREIGN KEY ("entity_ref") REFERENCES "public"."scorecard_facts"("entity_ref") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scorecard_repositories" ADD CONSTRAINT "scorecard_repositories_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scorecard_results" ADD CONSTRAINT "scorecard_results_scorecard_id_scorecards_id_fk" FOREIGN KEY ("scorecard_id") REFERENCES "public"."scorecards"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scorecard_results" ADD CONSTRAINT "scorecard_results_entity_ref_scorecard_facts_entity_ref_fk" FOREIGN KEY ("entity_ref") REFERENCES "public"."scorecard_facts"("entity_ref") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scorecard_revisions" ADD CONSTRAINT "scorecard_revisions_scorecard_id_scorecards_id_fk" FOREIGN KEY ("scorecard_id") REFERENCES "public"."scorecards"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "scorecard_exceptions_open" ON "scorecard_exceptions" USING btree ("scorecard_id","entity_ref","check_id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "scorecard_exceptions_due" ON "scorecard_exceptions" USING btree ("expires_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "scorecard_facts_dirty" ON "scorecard_facts" USING btree ("entity_ref") WHERE is_dirty;--> statement-breakpoint
CREATE INDEX "scorecard_levels_entity" ON "scorecard_levels" USING btree ("entity_ref");--> statement-breakpoint
CREATE INDEX "scorecard_levels_level" ON "scorecard_levels" USING btree ("scorecard_id","level");--> statement-breakpoint
CREATE INDEX "scorecard_results_entity" ON "scorecard_results" USING btree ("entity_ref");--> statement-breakpoint
CREATE INDEX "scorecard_results_check" ON "scorecard_results" USING btree ("scorecard_id","check_id","state");--> statement-breakpoint
CREATE UNIQUE INDEX "scorecards_name" ON "scorecards" USING btree ("name");