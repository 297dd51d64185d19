DROP INDEX "entities_order";--> statement-breakpoint
DROP INDEX "entities_kind";--> statement-breakpoint
DROP INDEX "entities_kind_order";--> statement-breakpoint
DROP INDEX "entities_owner";--> statement-breakpoint
CREATE INDEX "entities_order" ON "entities" USING btree (lower("name"),"ref") WHERE "entities"."gone_at" is null;--> statement-breakpoint
CREATE INDEX "entities_kind" ON "entities" USING btree ("kind","type","lifecycle") WHERE "entities"."gone_at" is null;--> statement-breakpoint
CREATE INDEX "entities_kind_order" ON "entities" USING btree ("kind",lower("name"),"ref") WHERE "entities"."gone_at" is null;--> statement-breakpoint
CREATE INDEX "entities_owner" ON "entities" USING btree ("owner_ref") WHERE "entities"."gone_at" is null;