ALTER TABLE "delivery_changes" ADD COLUMN "merged_by" text;--> statement-breakpoint
ALTER TABLE "survey_changes" ADD COLUMN "href" text;--> statement-breakpoint
ALTER TABLE "survey_changes" ADD COLUMN "link_label" text;--> statement-breakpoint
ALTER TABLE "surveys" ADD COLUMN "translations" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "surveys" ADD COLUMN "k" integer DEFAULT 5 NOT NULL;