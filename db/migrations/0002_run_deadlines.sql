ALTER TABLE "runs" ADD COLUMN "deadline_ms" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "retry_until" timestamp (3) with time zone;