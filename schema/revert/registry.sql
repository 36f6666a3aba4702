-- Revert minqingtu:registry from pg
begin;
drop schema registry cascade;
commit;
