-- Revert minqingtu:twin from pg
begin;
drop schema layer cascade;
drop schema twin cascade;
commit;
