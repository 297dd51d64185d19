ALTER TABLE "action_runs" ALTER COLUMN "definition" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "action_versions" ALTER COLUMN "definition" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "actions" ALTER COLUMN "draft" SET DATA TYPE json;