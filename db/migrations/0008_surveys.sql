CREATE TABLE "feedback" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"text" text NOT NULL,
	"page" text,
	"answer" text,
	"answered_by" text,
	"answered_at" timestamp (3) with time zone,
	"is_demo" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "survey_answers" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"survey_id" text NOT NULL,
	"node" text NOT NULL,
	"item" text NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "survey_box" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"survey_id" text NOT NULL,
	"sealed" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "survey_changes" (
	"id" text PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"detail" text NOT NULL,
	"changed_on" text NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "survey_participation" (
	"survey_id" text NOT NULL,
	"user_id" text NOT NULL,
	"node" text NOT NULL,
	"answered_on" text,
	"attempt" text,
	CONSTRAINT "survey_participation_survey_id_user_id_pk" PRIMARY KEY("survey_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "survey_results" (
	"survey_id" text NOT NULL,
	"item" text NOT NULL,
	"node" text NOT NULL,
	"cell" jsonb NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL,
	CONSTRAINT "survey_results_survey_id_item_node_pk" PRIMARY KEY("survey_id","item","node")
);
--> statement-breakpoint
CREATE TABLE "surveys" (
	"id" text PRIMARY KEY NOT NULL,
	"period" text NOT NULL,
	"round" integer DEFAULT 1 NOT NULL,
	"state" text NOT NULL,
	"opens_at" timestamp (3) with time zone NOT NULL,
	"closes_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"opened_by" text,
	"closed_by" text,
	"questions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"tree" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"reminded_day" integer DEFAULT 0 NOT NULL,
	"settled_at" timestamp (3) with time zone,
	"is_demo" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_answers" ADD CONSTRAINT "survey_answers_survey_id_surveys_id_fk" FOREIGN KEY ("survey_id") REFERENCES "public"."surveys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_box" ADD CONSTRAINT "survey_box_survey_id_surveys_id_fk" FOREIGN KEY ("survey_id") REFERENCES "public"."surveys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_participation" ADD CONSTRAINT "survey_participation_survey_id_surveys_id_fk" FOREIGN KEY ("survey_id") REFERENCES "public"."surveys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_participation" ADD CONSTRAINT "survey_participation_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_results" ADD CONSTRAINT "survey_results_survey_id_surveys_id_fk" FOREIGN KEY ("survey_id") REFERENCES "public"."surveys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "feedback_user" ON "feedback" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "feedback_created" ON "feedback" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "survey_answers_survey" ON "survey_answers" USING btree ("survey_id");--> statement-breakpoint
CREATE INDEX "survey_box_survey" ON "survey_box" USING btree ("survey_id");--> statement-breakpoint
CREATE UNIQUE INDEX "surveys_period" ON "surveys" USING btree ("period","round","is_demo");--> statement-breakpoint
CREATE UNIQUE INDEX "surveys_one_open" ON "surveys" USING btree ("state") WHERE state in ('open', 'scheduled') and not is_demo;--> statement-breakpoint
CREATE INDEX "surveys_closed" ON "surveys" USING btree ("is_demo","closed_at");--> statement-breakpoint
-- Published results never change; only the demo company's can be removed.
CREATE FUNCTION refuse_result_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.is_demo THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'survey_results are published once and do not change';
END $$;
--> statement-breakpoint
CREATE TRIGGER survey_results_immutable BEFORE UPDATE OR DELETE ON "survey_results"
  FOR EACH ROW EXECUTE FUNCTION refuse_result_change();
