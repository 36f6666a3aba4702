-- Revert minqingtu:extensions from pg
-- PostGIS stays: it may have been there before us, and other schemas may use it.
begin;
commit;
