-- Revert minqingtu:etl from pg
begin;
drop schema etl cascade;
commit;
