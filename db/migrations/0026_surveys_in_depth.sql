CREATE TABLE "deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"user_id" text,
	"dedupe_key" text NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"href" text NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"problem" text,
	"due_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"claimed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "survey_forms" (
	"version" integer PRIMARY KEY NOT NULL,
	"form" jsonb NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "survey_preferences" (
	"user_id" text PRIMARY KEY NOT NULL,
	"is_opted_out" boolean DEFAULT false NOT NULL,
	"snoozed_until" text,
	"one_tap_on" text
);
--> statement-breakpoint
CREATE TABLE "survey_tags" (
	"survey_id" text NOT NULL,
	"item" text NOT NULL,
	"node" text NOT NULL,
	"place" integer NOT NULL,
	"tag" text NOT NULL,
	CONSTRAINT "survey_tags_survey_id_item_node_place_tag_pk" PRIMARY KEY("survey_id","item","node","place","tag")
);
--> statement-breakpoint
DROP INDEX "surveys_period";--> statement-breakpoint
DROP INDEX "surveys_one_open";--> statement-breakpoint
ALTER TABLE "surveys" ADD COLUMN "kind" text DEFAULT 'monthly' NOT NULL;--> statement-breakpoint
ALTER TABLE "surveys" ADD COLUMN "audience" text DEFAULT 'Everybody' NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_preferences" ADD CONSTRAINT "survey_preferences_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_tags" ADD CONSTRAINT "survey_tags_survey_id_surveys_id_fk" FOREIGN KEY ("survey_id") REFERENCES "public"."surveys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_once" ON "deliveries" USING btree ("channel",coalesce("user_id", ''),"dedupe_key");--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("state","due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "surveys_period" ON "surveys" USING btree ("kind","period","round","is_demo");--> statement-breakpoint
CREATE UNIQUE INDEX "surveys_one_open" ON "surveys" USING btree ("kind","state") WHERE state in ('open', 'scheduled') and not is_demo;--> statement-breakpoint
-- The four questions that every survey so far asked, in the form that questions have from here on.
UPDATE surveys SET questions = '[{"item":"score","version":1,"kind":"nps","text":"How likely are you to recommend Waymark to a colleague who builds software here?","required":true,"options":[{"value":"0","label":"0"},{"value":"1","label":"1"},{"value":"2","label":"2"},{"value":"3","label":"3"},{"value":"4","label":"4"},{"value":"5","label":"5"},{"value":"6","label":"6"},{"value":"7","label":"7"},{"value":"8","label":"8"},{"value":"9","label":"9"},{"value":"10","label":"10"}],"ends":["0, not at all likely","10, extremely likely"]},{"item":"reason","version":1,"kind":"choice","text":"What is the main reason?","required":false,"options":[{"value":"speed","label":"Speed"},{"value":"environments","label":"Environments"},{"value":"deploying","label":"Deploying"},{"value":"outcomes","label":"Clear outcomes"},{"value":"docs","label":"Finding things"},{"value":"access","label":"Access"},{"value":"reliability","label":"Reliability"},{"value":"other","label":"Something else"}],"help":"Name no people: your words are shown as written, without your name.","words":"comment"},{"item":"hours","version":1,"kind":"bucket","text":"On a typical working day last month, how many hours went to infrastructure and tooling instead of product code?","required":false,"options":[{"value":"under-half","label":"Under ½","worth":0.25},{"value":"half-1","label":"½–1","worth":0.75},{"value":"1-2","label":"1–2","worth":1.5},{"value":"2-3","label":"2–3","worth":2.5},{"value":"3-4","label":"3–4","worth":3.5},{"value":"over-4","label":"Over 4","worth":5},{"value":"none","label":"Does not apply"}],"help":"Environments, pipelines, permissions, and waiting for them.","limit":2},{"item":"outcome","version":1,"kind":"rating","text":"The platform gives me clear feedback on the outcome of what I do.","required":false,"options":[{"value":"1","label":"Never","worth":1},{"value":"2","label":"Rarely","worth":2},{"value":"3","label":"Sometimes","worth":3},{"value":"4","label":"Mostly","worth":4},{"value":"5","label":"Always","worth":5},{"value":"none","label":"Nothing run"}],"limit":3}]'::jsonb WHERE jsonb_array_length(questions) = 4;
