DROP INDEX "entity_relations_from";--> statement-breakpoint
ALTER TABLE "entity_relations" DROP CONSTRAINT "entity_relations_origin_ref_from_ref_type_to_ref_pk";--> statement-breakpoint
CREATE UNIQUE INDEX "entity_relations_once" ON "entity_relations" USING btree ("from_ref","type",hashtextextended("origin_ref" || ' ' || "to_ref", 0));--> statement-breakpoint
CREATE INDEX "entity_relations_origin" ON "entity_relations" USING btree ("origin_ref");