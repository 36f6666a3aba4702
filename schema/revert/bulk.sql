-- Revert minqingtu:bulk from pg
begin;
drop function etl.begin_bulk(regclass, bigint), etl.end_bulk(regclass), etl.drop_indexes(regclass), etl.try_lock(regclass);
drop table etl.put_aside;
drop trigger refuse_run_in_use on etl.run;
drop function etl.refuse_run_in_use();
drop function etl.refuse_unfinished_bulk();
commit;
