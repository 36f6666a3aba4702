-- Tickets that are filed while buildings come by the many.
begin;
select plan(7);

create function pg_temp.tickets_locked() returns boolean language sql as $$
  select exists (select from pg_locks where pid = pg_backend_pid() and relation = 'ticket.ticket'::regclass
                 and mode = 'ShareRowExclusiveLock')
$$;
create function pg_temp.put_buildings(number_of integer) returns void language sql as $$
  insert into twin.building (name, geom)
  select 'many', st_multi(st_makeenvelope(117 + i % 200 * 0.001, 39 + i / 200 * 0.001, 117.0001 + i % 200 * 0.001,
                                          39.0001 + i / 200 * 0.001, 4490))
  from generate_series(1, number_of) i
$$;

set local role mqt_etl;
select ok(etl.begin_bulk('twin.building', 20000), 'a load into an empty table');
select pg_temp.put_buildings(20001);
select lives_ok($$select etl.end_bulk('twin.building')$$, 'the end');
select ok(not pg_temp.tickets_locked(), 'who files a ticket waits for the buildings, and is not waited for');

select ok(etl.begin_bulk('twin.building', 20000), 'a load beside what is there');
select pg_temp.put_buildings(1);
select ok(not pg_temp.tickets_locked(), 'beside a load into a full table tickets can be filed');
select lives_ok($$select etl.end_bulk('twin.building')$$, 'the end');
select ok(pg_temp.tickets_locked(), 'but for the last moment, in which they would miss the new buildings');

select * from finish();
rollback;
