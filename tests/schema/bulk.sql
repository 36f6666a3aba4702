-- Large loads: the table is afterwards as it was, and the rows are as the triggers would have made them.
begin;
select plan(27);

create function pg_temp.shape(watched regclass) returns setof text language sql as $$
  select pg_get_indexdef(indexrelid) from pg_index where indrelid = watched
  union all select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where conrelid = watched
  union all select concat(tgname, ' ', tgenabled) from pg_trigger where tgrelid = watched and not tgisinternal
$$;
create temp table building_shape as select * from pg_temp.shape('twin.building') as line;
create temp table ticket_shape as select * from pg_temp.shape('ticket.ticket') as line;
grant select on building_shape, ticket_shape to mqt_etl;

-- Reported before there are buildings: in one, beside one (10 m), and far from all.
insert into ticket.ticket (number, location)
select number, st_setsrid(st_makepoint(x, 39.83005), 4490)
from (values ('inside', 116.30005), ('beside', 116.30022), ('apart', 116.3018)) v (number, x);
create function pg_temp.put_buildings() returns void language sql as $$
  insert into twin.building (name, geom)
  select 'b' || i, st_multi(st_makeenvelope(116.3 + i * 0.002, 39.83, 116.3001 + i * 0.002, 39.8301, 4490))
  from generate_series(0, 2) i
$$;

set local role mqt_etl;
select ok(not etl.begin_bulk('twin.building', 19999), 'few rows go the ordinary way');
select throws_ok($$select etl.begin_bulk('registry.person', 1000000)$$, null, null, 'only two tables can go the other way');
select throws_ok($$select etl.end_bulk('twin.building')$$, null, null, 'what did not begin does not end');
select ok(etl.begin_bulk('twin.building', 20000), 'many rows go the other way');
select is((select count(*) from pg_index where indrelid = 'twin.building'::regclass), 1::bigint, 'only the primary key is left');
select pg_temp.put_buildings();
select is((select count(*) from ticket.ticket where building_id is not null), 0::bigint, 'triggers rest');
reset role;
delete from feed.change;
set local role mqt_etl;
select lives_ok($$select etl.end_bulk('twin.building')$$, 'the end');
select bag_eq($$select * from pg_temp.shape('twin.building')$$, 'select * from building_shape', 'the table is as it was');
select bag_eq($$select t.number, b.name from ticket.ticket t left join twin.building b on b.id = t.building_id$$,
  $$values ('inside', 'b0'), ('beside', 'b0'), ('apart', null)$$, 'tickets have found their buildings');
select is((select st_astext(geom, 5) from ticket.ticket where number = 'inside'), 'POINT(116.30005 39.83005)',
  'and stand in their middle');
select is((select count(*) from feed.change where layer = 'building'), 1::bigint, 'one line in the feed');
select is((select kind from feed.change where layer = 'building'), 'reload', 'says that all is new');

-- The same tickets, as a loader brings them.
create temp table reported as select number, location, building_id, geom from ticket.ticket;
delete from ticket.ticket;
reset role;
delete from feed.change;
set local role mqt_etl;
select ok(etl.begin_bulk('ticket.ticket', 20000), 'tickets go that way too');
insert into ticket.ticket (number, location, building_id, geom)
select r.number, r.location, n.building_id,
  ticket.public_place(r.location, (select b.geom from twin.building b where b.id = n.building_id))
from reported r left join lateral ticket.nearest_building(r.location) n on true;
select lives_ok($$select etl.end_bulk('ticket.ticket')$$, 'the end');
select bag_eq($$select * from pg_temp.shape('ticket.ticket')$$, 'select * from ticket_shape', 'the table is as it was');
select bag_eq('select number, building_id, geom from ticket.ticket', 'select number, building_id, geom from reported',
  'places are those that the trigger sets');
select bag_eq('select layer, kind from feed.change', $$values ('ticket', 'reload')$$, 'one line in the feed');

-- What is refused.
savepoint s;
select ok(etl.begin_bulk('ticket.ticket', 20000), 'once more');
insert into ticket.ticket (number, location, geom)
select 'bare', p, p from (select st_setsrid(st_makepoint(116.50012, 39.90037), 4490) as p) place;
select throws_ok($$select etl.end_bulk('ticket.ticket')$$, null, null, 'a ticket is never shown where it was reported');
rollback to savepoint s;
set local role mqt_etl;
savepoint s;
select ok(etl.begin_bulk('twin.building', 20000), 'a load that does not end');
select throws_ok('set constraints etl.nothing_left_aside immediate', null, null, 'cannot be committed');
rollback to savepoint s;

-- A load that is smaller than what is there leaves the indexes alone.
reset role;
insert into twin.building (name, geom)
select 'many', st_multi(st_makeenvelope(117 + i % 200 * 0.001, 39 + i / 200 * 0.001, 117.0001 + i % 200 * 0.001,
                                        39.0001 + i / 200 * 0.001, 4490))
from generate_series(1, 20001) i;
set local role mqt_etl;
select ok(etl.begin_bulk('twin.building', 20000), 'a large part of the table');
select bag_eq($$select line from pg_temp.shape('twin.building') line where line ~ 'INDEX'$$,
  $$select line from building_shape where line ~ 'INDEX'$$, 'its indexes stay');
select lives_ok($$select etl.end_bulk('twin.building')$$, 'the end');
select bag_eq($$select * from pg_temp.shape('twin.building')$$, 'select * from building_shape', 'the table is as it was');

-- A run that rows name stays in the book.
reset role;
insert into etl.run (kind, source, file) values ('building', 'named', 'f'), ('building', 'free', 'f');
update twin.building set run_id = (select id from etl.run where source = 'named') where name = 'b0';
select throws_ok($$delete from etl.run where source = 'named'$$, '23503', null, 'a run that rows name stays');
select lives_ok($$delete from etl.run where source = 'free'$$, 'another one may go');

select * from finish();
rollback;
