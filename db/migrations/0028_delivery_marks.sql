ALTER TABLE "delivery_dirty" DROP CONSTRAINT "delivery_dirty_service_is_demo_pk";--> statement-breakpoint
ALTER TABLE "delivery_dirty" ADD COLUMN "id" bigserial PRIMARY KEY NOT NULL;--> statement-breakpoint
CREATE INDEX "delivery_dirty_service" ON "delivery_dirty" USING btree ("is_demo","service");