CREATE TABLE "agent_clients" (
	"token_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"version" text NOT NULL,
	"last_call_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "confirmations" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"token_id" text NOT NULL,
	"token_name" text NOT NULL,
	"client" text NOT NULL,
	"tool" text NOT NULL,
	"title" text NOT NULL,
	"input_hash" text NOT NULL,
	"shown" jsonb NOT NULL,
	"effects" jsonb NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "guardrail_decisions" (
	"id" text PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"ability" text NOT NULL,
	"stage" text NOT NULL,
	"outcome" text NOT NULL,
	"channel" text NOT NULL,
	"actor_id" text,
	"actor_label" text NOT NULL,
	"team_id" text,
	"subject_id" text,
	"run_id" text,
	"run_attempt" integer,
	"document" jsonb NOT NULL,
	"results" jsonb NOT NULL,
	"request_id" text NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "guardrail_exceptions" (
	"id" text PRIMARY KEY NOT NULL,
	"guardrail_id" text NOT NULL,
	"team_id" text NOT NULL,
	"reason" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"granted_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" text
);
--> statement-breakpoint
CREATE TABLE "guardrail_revisions" (
	"guardrail_id" text NOT NULL,
	"revision" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"saved_by" text,
	"saved_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "guardrail_revisions_guardrail_id_revision_pk" PRIMARY KEY("guardrail_id","revision")
);
--> statement-breakpoint
CREATE TABLE "guardrails" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"definition" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by" text,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "mcp_client" text;--> statement-breakpoint
ALTER TABLE "agent_clients" ADD CONSTRAINT "agent_clients_token_id_api_tokens_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."api_tokens"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "confirmations" ADD CONSTRAINT "confirmations_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guardrail_exceptions" ADD CONSTRAINT "guardrail_exceptions_guardrail_id_guardrails_id_fk" FOREIGN KEY ("guardrail_id") REFERENCES "public"."guardrails"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guardrail_revisions" ADD CONSTRAINT "guardrail_revisions_guardrail_id_guardrails_id_fk" FOREIGN KEY ("guardrail_id") REFERENCES "public"."guardrails"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "confirmations_user" ON "confirmations" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "guardrail_decisions_recent" ON "guardrail_decisions" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "guardrail_decisions_ability" ON "guardrail_decisions" USING btree ("ability","at") WHERE stage = 'submit';--> statement-breakpoint
CREATE INDEX "guardrail_decisions_subject" ON "guardrail_decisions" USING btree ("subject_id","at") WHERE subject_id is not null;--> statement-breakpoint
CREATE INDEX "guardrail_decisions_run" ON "guardrail_decisions" USING btree ("run_id") WHERE run_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "guardrail_exceptions_open" ON "guardrail_exceptions" USING btree ("guardrail_id","team_id") WHERE ended_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "guardrails_name" ON "guardrails" USING btree ("name");