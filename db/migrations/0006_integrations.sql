CREATE TABLE "integrations" (
	"name" text PRIMARY KEY NOT NULL,
	"config" jsonb NOT NULL,
	"secrets" text NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by" text
);
