CREATE TABLE "telemetry_counted" (
	"source_id" integer NOT NULL,
	"span" bigint NOT NULL,
	"ended_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "telemetry_counted_source_id_span_pk" PRIMARY KEY("source_id","span")
);
--> statement-breakpoint
CREATE TABLE "telemetry_logs" (
	"source_id" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"hash" bigint NOT NULL,
	"severity" smallint NOT NULL,
	"body" text NOT NULL,
	"trace_id" text,
	"span_id" text,
	CONSTRAINT "telemetry_logs_source_id_at_hash_pk" PRIMARY KEY("source_id","at","hash")
);
--> statement-breakpoint
CREATE TABLE "telemetry_minutes" (
	"source_id" integer NOT NULL,
	"minute" timestamp (3) with time zone NOT NULL,
	"route" text NOT NULL,
	"requests" integer NOT NULL,
	"errors" integer NOT NULL,
	"buckets" integer[] NOT NULL,
	CONSTRAINT "telemetry_minutes_source_id_minute_route_pk" PRIMARY KEY("source_id","minute","route")
);
--> statement-breakpoint
CREATE TABLE "telemetry_readings" (
	"source_id" integer NOT NULL,
	"name" text NOT NULL,
	"minute" timestamp (3) with time zone NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"value" double precision NOT NULL,
	CONSTRAINT "telemetry_readings_source_id_name_minute_pk" PRIMARY KEY("source_id","name","minute")
);
--> statement-breakpoint
CREATE TABLE "telemetry_sources" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "telemetry_sources_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"environment_id" text,
	"entity_ref" text,
	"team_id" text NOT NULL,
	"service" text NOT NULL,
	"environment" text NOT NULL,
	"version" text,
	"last_span_at" timestamp (3) with time zone,
	"last_metric_at" timestamp (3) with time zone,
	"last_log_at" timestamp (3) with time zone,
	"refused_at" timestamp (3) with time zone,
	"refused_because" text,
	"is_demo" boolean DEFAULT false NOT NULL,
	"first_seen_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "telemetry_traces" (
	"source_id" integer NOT NULL,
	"trace_id" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone NOT NULL,
	"name" text NOT NULL,
	"route" text,
	"duration_ms" double precision NOT NULL,
	"status_code" smallint,
	"is_error" boolean NOT NULL,
	"spans" jsonb NOT NULL,
	CONSTRAINT "telemetry_traces_source_id_trace_id_pk" PRIMARY KEY("source_id","trace_id")
);
--> statement-breakpoint
ALTER TABLE "telemetry_counted" ADD CONSTRAINT "telemetry_counted_source_id_telemetry_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."telemetry_sources"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "telemetry_logs" ADD CONSTRAINT "telemetry_logs_source_id_telemetry_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."telemetry_sources"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "telemetry_minutes" ADD CONSTRAINT "telemetry_minutes_source_id_telemetry_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."telemetry_sources"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "telemetry_readings" ADD CONSTRAINT "telemetry_readings_source_id_telemetry_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."telemetry_sources"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "telemetry_sources" ADD CONSTRAINT "telemetry_sources_environment_id_environments_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "telemetry_sources" ADD CONSTRAINT "telemetry_sources_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "telemetry_traces" ADD CONSTRAINT "telemetry_traces_source_id_telemetry_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."telemetry_sources"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "telemetry_counted_ended" ON "telemetry_counted" USING brin ("ended_at");--> statement-breakpoint
CREATE INDEX "telemetry_logs_trace" ON "telemetry_logs" USING btree ("trace_id") WHERE trace_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "telemetry_sources_environment" ON "telemetry_sources" USING btree ("environment_id");--> statement-breakpoint
CREATE UNIQUE INDEX "telemetry_sources_service" ON "telemetry_sources" USING btree ("entity_ref","environment") WHERE environment_id is null;--> statement-breakpoint
CREATE INDEX "telemetry_sources_entity" ON "telemetry_sources" USING btree ("entity_ref");--> statement-breakpoint
CREATE INDEX "telemetry_traces_recent" ON "telemetry_traces" USING btree ("source_id","started_at");--> statement-breakpoint
CREATE INDEX "telemetry_traces_id" ON "telemetry_traces" USING btree ("trace_id");