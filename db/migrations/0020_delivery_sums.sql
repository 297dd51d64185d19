CREATE TABLE "delivery_dirty_days" (
	"node" text NOT NULL,
	"is_demo" boolean NOT NULL,
	"day" date NOT NULL,
	CONSTRAINT "delivery_dirty_days_is_demo_day_node_pk" PRIMARY KEY("is_demo","day","node")
);
--> statement-breakpoint
CREATE TABLE "delivery_node_sums" (
	"node" text NOT NULL,
	"is_demo" boolean NOT NULL,
	"grain" text NOT NULL,
	"start" date NOT NULL,
	"deployments" integer NOT NULL,
	"failed_attempts" integer NOT NULL,
	"failures" integer NOT NULL,
	"rework" integer NOT NULL,
	"unlinked" integer NOT NULL,
	"baselines" integer NOT NULL,
	"changes" integer NOT NULL,
	"bot_changes" integer NOT NULL,
	"through" integer NOT NULL,
	"deployment_days" integer NOT NULL,
	"buckets" smallint[] NOT NULL,
	"counts" integer[] NOT NULL,
	CONSTRAINT "delivery_node_sums_node_is_demo_grain_start_pk" PRIMARY KEY("node","is_demo","grain","start")
);
--> statement-breakpoint
CREATE TABLE "delivery_rules" (
	"version" integer PRIMARY KEY NOT NULL,
	"rules" jsonb NOT NULL,
	"note" text NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "delivery_services" (
	"service" text NOT NULL,
	"is_demo" boolean NOT NULL,
	"team_id" text NOT NULL,
	"deployments" integer NOT NULL,
	"repository" text NOT NULL,
	"environments" integer NOT NULL,
	"through_environments" integer NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "delivery_services_service_is_demo_team_id_pk" PRIMARY KEY("service","is_demo","team_id")
);
--> statement-breakpoint
CREATE TABLE "delivery_tree" (
	"team_id" text NOT NULL,
	"node" text NOT NULL,
	CONSTRAINT "delivery_tree_team_id_node_pk" PRIMARY KEY("team_id","node")
);
--> statement-breakpoint
CREATE TABLE "delivery_views" (
	"owner" text PRIMARY KEY NOT NULL,
	"measures" text[] NOT NULL,
	"saved_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "delivery_changes_day";--> statement-breakpoint
DROP TABLE "delivery_node_days" CASCADE;--> statement-breakpoint
ALTER TABLE "delivery_changes" ADD COLUMN "left_out" text;--> statement-breakpoint
ALTER TABLE "delivery_deployments" ADD COLUMN "bot_changes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
-- Everything derived is made again from the facts at the first start.
TRUNCATE "delivery_service_days";--> statement-breakpoint
ALTER TABLE "delivery_service_days" ADD COLUMN "bot_changes" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "delivery_service_days" ADD COLUMN "through" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD COLUMN "sent_by" text;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD COLUMN "about" text;--> statement-breakpoint
CREATE INDEX "delivery_services_team" ON "delivery_services" USING btree ("is_demo","team_id");--> statement-breakpoint
CREATE INDEX "delivery_tree_node" ON "delivery_tree" USING btree ("node");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_about" ON "webhook_deliveries" USING btree ("about") WHERE about is not null;--> statement-breakpoint
CREATE INDEX "delivery_changes_day" ON "delivery_changes" USING btree ("is_demo","day","team_id","lead_seconds") WHERE counted;--> statement-breakpoint
INSERT INTO "delivery_dirty" ("service", "is_demo", "since") SELECT "service", "is_demo", min("finished_at") FROM "delivery_deployments" WHERE "tier" = 'production' GROUP BY 1, 2
  ON CONFLICT ("service", "is_demo") DO UPDATE SET "since" = least("delivery_dirty"."since", excluded."since");