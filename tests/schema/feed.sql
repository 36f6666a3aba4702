-- What a statement leaves in the change feed.
begin;
select plan(26);

create table layer.t (id bigint primary key, kind text, geom geometry(Point, 4490));
select feed.watch('layer.t', 'column', 'kind');
create table layer.one (id bigint primary key, geom geometry(Point, 4490));
select feed.watch('layer.one', 'layer', 'one');
insert into twin.layer (id, title_zh, title_en, source_table, served_from, geometry_type)
values ('kind_a', 'a', 'a', 'layer.t', 'layer.t', 'point'), ('kind_b', 'b', 'b', 'layer.t', 'layer.t', 'point');
delete from feed.change;

-- What is new in the feed, oldest first, and forget it.
create function pg_temp.news() returns setof text language sql as $$
  with gone as (delete from feed.change returning *)
  select concat_ws(' ', kind, layer, feature, 'old ' || old_box::text, 'new ' || new_box::text) from gone order by id
$$;
create function pg_temp.point(x float8, y float8) returns geometry language sql as $$
  select st_setsrid(st_makepoint(x, y), 4490)
$$;

insert into layer.one values (1, pg_temp.point(1, 2)), (2, null);
select results_eq('select * from pg_temp.news()', array['change one 1 new BOX(1 2,1 2)', 'change one 2'],
  'an inserted row is told with its box, one without shape without');
update layer.one set geom = pg_temp.point(3, 4) where id = 1;
select results_eq('select * from pg_temp.news()', array['change one 1 old BOX(1 2,1 2) new BOX(3 4,3 4)'],
  'an updated row is told with its old and its new box');
update layer.one set id = 9 where id = 1;
select set_eq('select * from pg_temp.news()', array['change one 1 old BOX(3 4,3 4)', 'change one 9 new BOX(3 4,3 4)'],
  'a changed id is one feature less and one more');
delete from layer.one where id = 9;
select results_eq('select * from pg_temp.news()', array['change one 9 old BOX(3 4,3 4)'],
  'a deleted row is told with its old box');

insert into layer.one select 100 where false;
update layer.one set geom = null where id = 12345;
delete from layer.one where id = 12345;
select is_empty('select * from pg_temp.news()', 'a statement that changes no row leaves nothing');

savepoint before;
insert into layer.one values (50, null);
rollback to before;
select is_empty('select * from pg_temp.news()', 'what is rolled back leaves nothing');

insert into layer.one values (2, pg_temp.point(7, 7)) on conflict (id) do update set geom = excluded.geom;
select results_eq('select * from pg_temp.news()', array['change one 2 new BOX(7 7,7 7)'], 'an upsert is told once');

insert into layer.t values (1, 'kind_a', pg_temp.point(1, 1)), (2, 'kind_b', pg_temp.point(2, 2));
select results_eq('select * from pg_temp.news()',
  array['change kind_a 1 new BOX(1 1,1 1)', 'change kind_b 2 new BOX(2 2,2 2)'], 'the column names the layer');
update layer.t set kind = 'kind_b', geom = pg_temp.point(5, 5) where id = 1;
select set_eq('select * from pg_temp.news()',
  array['change kind_a 1 old BOX(1 1,1 1)', 'change kind_b 1 new BOX(5 5,5 5)'],
  'a row that moves to another layer leaves one and enters the other');
update layer.t set kind = case kind when 'kind_a' then 'kind_b' else 'kind_a' end;
select is((select count(*) from pg_temp.news()), 4::bigint, 'two rows that move are four notes');
truncate layer.t;
select set_eq('select * from pg_temp.news()', array['reload kind_a', 'reload kind_b'],
  'truncate of a shared table reloads every layer of it');
truncate layer.one;
select results_eq('select * from pg_temp.news()', array['reload one'], 'truncate reloads the layer');

insert into layer.one select i, pg_temp.point(0, 0) from generate_series(1, feed.reload_threshold()) i;
select is((select count(*) from pg_temp.news()), feed.reload_threshold()::bigint, 'at the threshold each row is told');
insert into layer.one select i, null from generate_series(10001, 10001 + feed.reload_threshold()) i;
select results_eq('select * from pg_temp.news()', array['reload one'], 'above the threshold an insert is a reload');
update layer.one set geom = null;
select results_eq('select * from pg_temp.news()', array['reload one'], 'above the threshold an update is a reload');
delete from layer.one;
select results_eq('select * from pg_temp.news()', array['reload one'], 'above the threshold a delete is a reload');
insert into layer.t select i, case when i % 2 = 0 then 'kind_a' else 'kind_b' end, null
from generate_series(1, 2 + feed.reload_threshold()) i;
select set_eq('select * from pg_temp.news()', array['reload kind_a', 'reload kind_b'], 'a bulk insert reloads the layers it has');
update layer.t set kind = 'kind_a';
select set_eq('select * from pg_temp.news()', array['reload kind_a', 'reload kind_b'],
  'a bulk move reloads the layer that was left too');

update twin.layer set draw_order = 7 where id = 'kind_a';
select results_eq('select * from pg_temp.news()', array['reload catalog'], 'a changed catalogue is told');
update twin.setting set value = '7' where name = 'k_anonymity';
select results_eq('select * from pg_temp.news()', array['reload building'], 'a changed threshold reloads the buildings');
select feed.reload('one');
select results_eq('select * from pg_temp.news()', array['reload one'], 'a loader announces a reload');
select throws_ok($$select feed.watch('layer.one', 'colour', 'x')$$, 'P0001', null, 'feed.watch refuses what it does not know');

-- Pruning. Rows of this transaction have an xid that no snapshot has passed yet.
insert into feed.change (kind, layer, xid, changed_at) values ('reload', 'old', '3', now() - interval '8 days'),
  ('reload', 'old', '5', now() - interval '8 days'), ('reload', 'old', '6', now());
insert into feed.change (kind, layer, changed_at) values ('reload', 'running', now() - interval '9 days');
select is(feed.prune('7 days'), 2::bigint, 'old rows are pruned');
select is((select string_agg(layer, ' ' order by id) from feed.change), 'old running',
  'young rows and those of running transactions stay');
select is((select pruned_before from feed.state), '6'::xid8, 'the state says how far the feed is pruned');
select is(feed.prune('7 days'), 0::bigint, 'nothing is pruned twice');

select * from finish();
rollback;
