CREATE TABLE "delivery_annotations" (
	"id" text PRIMARY KEY NOT NULL,
	"day" date NOT NULL,
	"note" text NOT NULL,
	"team_id" text,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "delivery_commits" ADD COLUMN "ai" text;--> statement-breakpoint
ALTER TABLE "delivery_commits" ADD COLUMN "ai_version" integer;--> statement-breakpoint
CREATE INDEX "delivery_annotations_day" ON "delivery_annotations" USING btree ("day");