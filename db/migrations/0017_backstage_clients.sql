CREATE INDEX "entities_uid" ON "entities" USING btree ((md5("ref")::uuid));--> statement-breakpoint
-- The values of a document at a dotted, lower-case path, as Backstage compares them: keys without case, through lists, keys that hold dots;
-- a text in a list also is a key with the value true. Values over 200 characters are there, but have no value to compare.
CREATE FUNCTION "catalog_values"("doc" jsonb, "path" text) RETURNS SETOF text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  WITH RECURSIVE walk(rest, node, is_item) AS (
    SELECT path, doc, false
    UNION ALL
    SELECT step.rest, step.node, step.is_item FROM walk w, LATERAL (
      SELECT substr(w.rest, length(m.key) + 2) AS rest, m.value AS node, false AS is_item
        FROM jsonb_each(CASE jsonb_typeof(w.node) WHEN 'object' THEN w.node ELSE '{}'::jsonb END) m
        WHERE w.rest = lower(m.key) OR starts_with(w.rest, lower(m.key) || '.')
      UNION ALL
      SELECT w.rest, i.value, true FROM jsonb_array_elements(CASE jsonb_typeof(w.node) WHEN 'array' THEN w.node ELSE '[]'::jsonb END) i
    ) step
  )
  SELECT CASE WHEN length(node #>> '{}') <= 200 THEN node #>> '{}' END FROM walk WHERE rest = '' AND jsonb_typeof(node) NOT IN ('object', 'array')
  UNION ALL
  SELECT 'true' FROM walk WHERE is_item AND jsonb_typeof(node) = 'string' AND lower(node #>> '{}') = rest
$$;
