-- Revert minqingtu:ticket from pg
begin;
drop schema ticket cascade;
commit;
