DROP INDEX "scorecard_levels_entity";--> statement-breakpoint
DROP INDEX "scorecard_results_entity";--> statement-breakpoint
ALTER TABLE "scorecard_levels" DROP CONSTRAINT "scorecard_levels_scorecard_id_entity_ref_pk";--> statement-breakpoint
ALTER TABLE "scorecard_results" DROP CONSTRAINT "scorecard_results_scorecard_id_entity_ref_check_id_pk";--> statement-breakpoint
ALTER TABLE "scorecard_levels" ADD CONSTRAINT "scorecard_levels_entity_ref_scorecard_id_pk" PRIMARY KEY("entity_ref","scorecard_id");--> statement-breakpoint
ALTER TABLE "scorecard_results" ADD CONSTRAINT "scorecard_results_entity_ref_scorecard_id_check_id_pk" PRIMARY KEY("entity_ref","scorecard_id","check_id");--> statement-breakpoint
ALTER TABLE "environments" ADD COLUMN "secrets_sealed" text;--> statement-breakpoint
ALTER TABLE "scorecard_facts" ADD COLUMN "answered" text[];