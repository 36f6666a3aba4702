-- Every row that was read is accounted for.
begin;
select plan(10);

select lives_ok($$insert into etl.run (kind, source, file) values ('building', 's', 'f')$$, 'a run begins without counts');
select lives_ok($$insert into etl.run (kind, source, file, status, finished_at, rows_read, rows_inserted, rows_updated,
    rows_unchanged, rows_merged, rows_quarantined, rows_skipped, rows_rejected)
  values ('building', 's', 'f', 'published', now(), 28, 1, 2, 3, 4, 5, 6, 7)$$, 'all seven ways add up');
select throws_ok($$insert into etl.run (kind, source, file, status, finished_at, rows_read, rows_inserted)
  values ('building', 's', 'f', 'published', now(), 3, 2)$$, '23514', null, 'a row that went nowhere is refused');
select throws_ok($$insert into etl.run (kind, source, file, status, finished_at, rows_read, rows_inserted)
  values ('building', 's', 'f', 'published', now(), 1, 2)$$, '23514', null, 'a row that came from nowhere too');
select lives_ok($$insert into etl.run (kind, source, file, status, finished_at, rows_read)
  values ('building', 's', 'f', 'failed', now(), 3)$$, 'a failed run need not add up');
select throws_ok($$insert into etl.run (kind, source, file, status) values ('building', 's', 'f', 'published')$$,
  '23514', null, 'what is finished has a time');
select throws_ok($$insert into etl.run (kind, source, file, finished_at) values ('building', 's', 'f', now())$$,
  '23514', null, 'what is running has none');
select throws_ok($$insert into etl.reject (run_id, file, file_row, reason_code, reason, raw) values (-1, 'f', 1, 'c', 'r', '')$$,
  '23503', null, 'a reject belongs to a run');
insert into etl.reject (run_id, file, file_row, reason_code, reason, raw) select max(id), 'f', 1, 'c', 'r', '' from etl.run;
delete from etl.run;
select is_empty('select * from etl.reject', 'rejects go with their run');
select throws_ok($$with run as (insert into etl.run (kind, source, file) values ('building', 's', 'f') returning id)
  insert into etl.review (run_id, file, file_row, reason_code, reason, raw, decision) select id, 'f', 1, 'c', 'r', '', 'accepted' from run$$,
  '23514', null, 'a decision has a time');

select * from finish();
rollback;
