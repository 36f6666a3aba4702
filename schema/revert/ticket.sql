-- Revert minqingtu:ticket from pg
begin;
drop schema ticket cascade; -- its triggers on twin.building go with it
commit;
