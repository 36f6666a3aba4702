-- Deploy minqingtu:extensions to pg
-- Needs a superuser unless the extension is there already.
begin;
create extension if not exists postgis;
commit;
