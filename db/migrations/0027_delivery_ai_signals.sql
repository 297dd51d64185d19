ALTER TABLE "delivery_commits" ADD COLUMN "ai" text;--> statement-breakpoint
ALTER TABLE "delivery_commits" ADD COLUMN "ai_version" integer;