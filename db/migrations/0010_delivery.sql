CREATE TABLE "delivery_changes" (
	"service" text NOT NULL,
	"is_demo" boolean NOT NULL,
	"repository" text NOT NULL,
	"sha" text NOT NULL,
	"deployment_id" text NOT NULL,
	"deployed_at" timestamp (3) with time zone NOT NULL,
	"counted" boolean NOT NULL,
	"team_id" text,
	"day" date NOT NULL,
	"lead_seconds" integer NOT NULL,
	"raw_lead_seconds" integer NOT NULL,
	CONSTRAINT "delivery_changes_service_is_demo_repository_sha_pk" PRIMARY KEY("service","is_demo","repository","sha")
);
--> statement-breakpoint
CREATE TABLE "delivery_commits" (
	"repository" text NOT NULL,
	"sha" text NOT NULL,
	"parents" text[] NOT NULL,
	"parents_reported" boolean DEFAULT true NOT NULL,
	"service" text,
	"authored_at" timestamp (3) with time zone NOT NULL,
	"committed_at" timestamp (3) with time zone NOT NULL,
	"author" text NOT NULL,
	"subject" text NOT NULL,
	"paths" text[],
	"is_demo" boolean DEFAULT false NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "delivery_commits_repository_sha_pk" PRIMARY KEY("repository","sha")
);
--> statement-breakpoint
CREATE TABLE "delivery_deployments" (
	"id" text PRIMARY KEY NOT NULL,
	"service" text NOT NULL,
	"environment" text NOT NULL,
	"external_id" text NOT NULL,
	"tier" text NOT NULL,
	"status" text NOT NULL,
	"repository" text NOT NULL,
	"commit" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone NOT NULL,
	"release_id" text,
	"paths" text[],
	"remediates" text,
	"flags" text[] DEFAULT '{}' NOT NULL,
	"team_id" text,
	"source" text NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"day" date,
	"kind" text,
	"attribution" text,
	"changes" integer DEFAULT 0 NOT NULL,
	"previous_commit" text,
	"is_rework" boolean DEFAULT false NOT NULL,
	"caused_failure" boolean DEFAULT false NOT NULL,
	"recovered_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "delivery_dirty" (
	"service" text NOT NULL,
	"is_demo" boolean NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "delivery_dirty_service_is_demo_pk" PRIMARY KEY("service","is_demo")
);
--> statement-breakpoint
CREATE TABLE "delivery_missing" (
	"service" text NOT NULL,
	"is_demo" boolean NOT NULL,
	"repository" text NOT NULL,
	"sha" text NOT NULL,
	"deployment_id" text NOT NULL,
	"deployed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "delivery_missing_service_is_demo_repository_sha_pk" PRIMARY KEY("service","is_demo","repository","sha")
);
--> statement-breakpoint
CREATE TABLE "delivery_node_days" (
	"node" text NOT NULL,
	"is_demo" boolean NOT NULL,
	"day" date NOT NULL,
	"deployments" integer NOT NULL,
	"failed_attempts" integer NOT NULL,
	"failures" integer NOT NULL,
	"rework" integer NOT NULL,
	"unlinked" integer NOT NULL,
	"baselines" integer NOT NULL,
	"changes" integer NOT NULL,
	"leads" "bytea",
	CONSTRAINT "delivery_node_days_node_is_demo_day_pk" PRIMARY KEY("node","is_demo","day")
);
--> statement-breakpoint
CREATE TABLE "delivery_pull_requests" (
	"repository" text NOT NULL,
	"number" integer NOT NULL,
	"title" text NOT NULL,
	"state" text NOT NULL,
	"author" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"merged_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"merge_commit" text,
	"first_authored_at" timestamp (3) with time zone,
	"is_demo" boolean DEFAULT false NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "delivery_pull_requests_repository_number_pk" PRIMARY KEY("repository","number")
);
--> statement-breakpoint
CREATE TABLE "delivery_service_days" (
	"service" text NOT NULL,
	"is_demo" boolean NOT NULL,
	"day" date NOT NULL,
	"team_id" text NOT NULL,
	"deployments" integer NOT NULL,
	"failed_attempts" integer NOT NULL,
	"failures" integer NOT NULL,
	"rework" integer NOT NULL,
	"unlinked" integer NOT NULL,
	"baselines" integer NOT NULL,
	"changes" integer NOT NULL,
	CONSTRAINT "delivery_service_days_service_is_demo_day_team_id_pk" PRIMARY KEY("service","is_demo","day","team_id")
);
--> statement-breakpoint
CREATE TABLE "delivery_state" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" text PRIMARY KEY NOT NULL,
	"service" text NOT NULL,
	"external_id" text NOT NULL,
	"title" text NOT NULL,
	"severity" text NOT NULL,
	"environment" text,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	"caused_by" text,
	"declared_by" text,
	"resolved_by" text,
	"team_id" text,
	"source" text NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"deployment_id" text,
	"link" text DEFAULT 'none' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"delivery_key" text NOT NULL,
	"source_id" text,
	"event" text NOT NULL,
	"body" text NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"repeats" integer DEFAULT 0 NOT NULL,
	"status" text NOT NULL,
	"result" text,
	"processed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "webhook_sources" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"secret_sealed" text NOT NULL,
	"previous_secret_sealed" text,
	"previous_until" timestamp (3) with time zone,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhook_sources_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE INDEX "delivery_changes_deployment" ON "delivery_changes" USING btree ("deployment_id");--> statement-breakpoint
CREATE INDEX "delivery_changes_service" ON "delivery_changes" USING btree ("service","is_demo","day","lead_seconds") WHERE counted;--> statement-breakpoint
CREATE INDEX "delivery_changes_team" ON "delivery_changes" USING btree ("is_demo","team_id","day","lead_seconds") WHERE counted;--> statement-breakpoint
CREATE INDEX "delivery_changes_day" ON "delivery_changes" USING btree ("is_demo","day","lead_seconds") WHERE counted;--> statement-breakpoint
CREATE INDEX "delivery_commits_recent" ON "delivery_commits" USING btree ("repository","committed_at");--> statement-breakpoint
CREATE UNIQUE INDEX "delivery_deployments_external" ON "delivery_deployments" USING btree ("service","environment","external_id");--> statement-breakpoint
CREATE INDEX "delivery_deployments_service" ON "delivery_deployments" USING btree ("service","is_demo","finished_at");--> statement-breakpoint
CREATE INDEX "delivery_deployments_team" ON "delivery_deployments" USING btree ("is_demo","team_id","finished_at") WHERE tier = 'production';--> statement-breakpoint
CREATE INDEX "delivery_deployments_recent" ON "delivery_deployments" USING btree ("is_demo","finished_at") WHERE tier = 'production';--> statement-breakpoint
CREATE INDEX "delivery_deployments_unowned" ON "delivery_deployments" USING btree ("service") WHERE team_id is null;--> statement-breakpoint
CREATE INDEX "delivery_missing_sha" ON "delivery_missing" USING btree ("repository","sha");--> statement-breakpoint
CREATE INDEX "delivery_pull_requests_merge" ON "delivery_pull_requests" USING btree ("repository","merge_commit");--> statement-breakpoint
CREATE INDEX "delivery_service_days_day" ON "delivery_service_days" USING btree ("is_demo","day","team_id");--> statement-breakpoint
CREATE UNIQUE INDEX "incidents_external" ON "incidents" USING btree ("service","external_id");--> statement-breakpoint
CREATE INDEX "incidents_service" ON "incidents" USING btree ("service","is_demo","opened_at");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_key" ON "webhook_deliveries" USING btree ("type","delivery_key");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_recent" ON "webhook_deliveries" USING btree ("received_at");