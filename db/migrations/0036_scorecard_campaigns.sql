CREATE TABLE "scorecard_campaigns" (
	"id" text PRIMARY KEY NOT NULL,
	"scorecard_id" text NOT NULL,
	"title" text NOT NULL,
	"why" text NOT NULL,
	"level" text,
	"checks" text[] DEFAULT '{}'::text[] NOT NULL,
	"owners" text[] DEFAULT '{}'::text[] NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"entities_at_start" integer NOT NULL,
	"done_at_start" integer NOT NULL,
	"told" text[] DEFAULT '{}'::text[] NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" text
);
--> statement-breakpoint
ALTER TABLE "scorecard_campaigns" ADD CONSTRAINT "scorecard_campaigns_scorecard_id_scorecards_id_fk" FOREIGN KEY ("scorecard_id") REFERENCES "public"."scorecards"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "scorecard_campaigns_scorecard" ON "scorecard_campaigns" USING btree ("scorecard_id","created_at");