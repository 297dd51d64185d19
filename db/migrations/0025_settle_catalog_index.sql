-- After a large import the new words wait in lists that each search reads through, and the planner knows nothing of what came. Only the
-- owner of a table may put both right, and the portal is not.
CREATE FUNCTION settle_catalog_index() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  grown regclass;
BEGIN
  PERFORM gin_clean_pending_list('public.entities_words'), gin_clean_pending_list('public.entities_label');
  FOR grown IN
    SELECT s.relid FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
    WHERE s.relid IN ('public.entities'::regclass, 'public.entity_relations'::regclass) AND s.n_mod_since_analyze > 0.3 * greatest(c.reltuples, 1000)
  LOOP
    EXECUTE format('ANALYZE %s', grown);
  END LOOP;
END $$;
