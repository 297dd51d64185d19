-- After a large import the new words wait in lists that each search reads through. Only the owner of an index may work them in, and the portal is not.
CREATE FUNCTION settle_catalog_index() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT gin_clean_pending_list('public.entities_words'), gin_clean_pending_list('public.entities_label');
  SELECT;
$$;
