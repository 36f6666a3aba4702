-- Revert minqingtu:feed from pg
begin;
drop schema feed cascade;
commit;
