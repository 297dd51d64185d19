CREATE TABLE "catalog_words" (
	"word" text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE "entities" ADD COLUMN "text_hash" text;--> statement-breakpoint
CREATE INDEX "catalog_words_near" ON "catalog_words" USING gin ("word" gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "entities_kind_order" ON "entities" USING btree ("kind",lower("name"),"ref");--> statement-breakpoint
CREATE INDEX "entities_text" ON "entities" USING hash ("text_hash");--> statement-breakpoint
-- Words are weighted anew (A name, B title, C the rest, D documents) and split at everything that is no letter or digit.
UPDATE "entities" SET "words" =
  setweight(to_tsvector('simple', regexp_replace("name" || ' ' || regexp_replace("name", '([a-z0-9])([A-Z])', '\1 \2', 'g'), '[^[:alnum:]]+', ' ', 'g')), 'A')
  || setweight(to_tsvector('simple', regexp_replace("title", '[^[:alnum:]]+', ' ', 'g')), 'B')
  || setweight(to_tsvector('simple', regexp_replace(concat_ws(' ', array_to_string("tags", ' '), "ref", "type", "lifecycle", "owner_ref", "system_ref", left("description", 5000),
    left("definition" #>> '{metadata,annotations}', 2000)), '[^[:alnum:]]+', ' ', 'g')), 'C')
  || setweight(to_tsvector('simple', coalesce((SELECT regexp_replace(left(string_agg("text", ' '), 200000), '[^[:alnum:]]+', ' ', 'g') FROM "entity_docs" WHERE "entity_ref" = "ref"), '')), 'D');
--> statement-breakpoint
INSERT INTO "catalog_words" SELECT DISTINCT lexeme FROM "entities", unnest("words") WHERE lexeme ~ '^[[:alpha:]]{3,40}$';
