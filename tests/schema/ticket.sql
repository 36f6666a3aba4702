-- The public place of a ticket.
begin;
select plan(31);

-- Two buildings at 39.83 N, where a degree of longitude is 85.5 km: 0.0001 degree is 8.6 m east
-- or 11.1 m north.
insert into twin.building (name, geom) values
  ('west', st_multi(st_makeenvelope(116.3000, 39.8300, 116.3005, 39.8305, 4490))),
  ('east', st_multi(st_makeenvelope(116.3010, 39.8300, 116.3015, 39.8305, 4490)));

create function pg_temp.report(x float8, y float8) returns bigint language sql as $$
  insert into ticket.ticket (location) values (st_setsrid(st_makepoint(x, y), 4490)) returning id
$$;
create function pg_temp.building_of(ticket bigint) returns text language sql as $$
  select b.name from ticket.ticket t join twin.building b on b.id = t.building_id where t.id = ticket
$$;
create function pg_temp.place_of(ticket bigint) returns text language sql as $$
  select st_astext(geom, 5) from ticket.public_ticket where id = ticket
$$;

select is(pg_temp.building_of(pg_temp.report(116.3001, 39.8304)), 'west', 'inside a building');
select is(pg_temp.place_of(pg_temp.report(116.3001, 39.8304)), 'POINT(116.30025 39.83025)',
  'a ticket inside a building is shown in its middle');
select is(pg_temp.building_of(pg_temp.report(116.30066, 39.8302)), 'west', '13.7 m east of a building');
select is(pg_temp.building_of(pg_temp.report(116.30025, 39.83062)), 'west', '13.3 m north of a building');
select is(pg_temp.building_of(pg_temp.report(116.30025, 39.83065)), null, '16.7 m north of a building');
select is(pg_temp.building_of(pg_temp.report(116.30068, 39.8302)), null, '15.4 m from one, 27 m from the other');
select is(pg_temp.building_of(pg_temp.report(116.30095, 39.8302)), 'east', 'the nearer of two');
select is(pg_temp.place_of(pg_temp.report(116.50012, 39.90037)), 'POINT(116.5 39.9005)',
  'away from buildings the place is rounded to 0.0005 degree');
select is(pg_temp.place_of(pg_temp.report(116.50013, 39.90026)), 'POINT(116.5 39.9005)',
  'two places that are near each other round to the same');

insert into ticket.ticket (number) values ('nowhere');
select is((select geom from ticket.public_ticket where number = 'nowhere'), null, 'no location, no place');
insert into ticket.ticket (number, building_id) select 'by building', id from twin.building where name = 'east';
select is((select st_astext(geom, 5) from ticket.public_ticket where number = 'by building'), 'POINT(116.30125 39.83025)',
  'a ticket that names its building is shown there');
insert into ticket.ticket (number, building_id, location)
select 'told', id, st_setsrid(st_makepoint(116.3002, 39.8302), 4490) from twin.building where name = 'east';
select is((select st_astext(geom, 5) from ticket.public_ticket where number = 'told'), 'POINT(116.30125 39.83025)',
  'a building that was named is not replaced by the one at the place');

update ticket.ticket set location = st_setsrid(st_makepoint(116.3012, 39.8302), 4490) where id = (select min(id) from ticket.ticket);
select is(pg_temp.building_of((select min(id) from ticket.ticket)), 'east', 'a corrected location finds another building');
update ticket.ticket set location = st_setsrid(st_makepoint(116.7, 39.9), 4490) where id = (select min(id) from ticket.ticket);
select is(pg_temp.place_of((select min(id) from ticket.ticket)), 'POINT(116.7 39.9)', 'or none');
update ticket.ticket set status = 'filed' where number = 'told';
select is((select st_astext(geom, 5) from ticket.public_ticket where number = 'told'), 'POINT(116.30125 39.83025)',
  'another status leaves the place alone');

-- Buildings that come later, move or go.
create temp table late as select pg_temp.report(116.40002, 39.9002) as id;
select is(pg_temp.building_of((select id from late)), null, 'no building yet');
insert into twin.building (name, geom) values ('late', st_multi(st_makeenvelope(116.4, 39.9, 116.4005, 39.9005, 4490)));
select is(pg_temp.building_of((select id from late)), 'late', 'a building that comes later takes the tickets near it');
create temp table apart as select pg_temp.report(116.4002, 39.90068) as id;
delete from feed.change;
update twin.building set use = 'school' where name = 'late';
select is_empty($$select * from feed.change where layer = 'ticket'$$, 'tickets 20 m away are not announced for nothing');
update twin.building set geom = st_translate(geom, 0.01, 0) where name = 'late';
select is(pg_temp.place_of((select id from late)), 'POINT(116.41025 39.90025)', 'a building that moves takes its tickets along');
delete from twin.building where name = 'late';
select is(pg_temp.place_of((select id from late)), 'POINT(116.4 39.9)', 'without its building the place is rounded again');

-- What the table refuses.
select throws_ok($$insert into ticket.ticket (severity) values (6)$$, '23514', null, 'severity ends at 5');
select throws_ok($$insert into ticket.ticket (channel) values ('fax')$$, '23514', null, 'channels are a closed list');
select throws_ok($$insert into ticket.ticket (reported_at) values ('infinity')$$, '23514', null, 'a report has a real time');
select throws_ok($$insert into ticket.ticket (reported_at, closed_at) values ('2026-01-02', '2026-01-01')$$, '23514', null,
  'nothing is closed before it was reported');
select columns_are('ticket', 'public_ticket',
  array['id', 'number', 'channel', 'category', 'status', 'severity', 'reported_at', 'closed_at', 'building_id', 'geom'],
  'title, description, address and reported place are not public');

-- Photos belong to their ticket and to nobody else.
insert into ticket.ticket (number) values ('pictured');
create function pg_temp.picture(at int, hash bytea default sha256('a'), stage text default 'before') returns void language sql as $$
  insert into ticket.photo (ticket_id, position, stage, sha256, format, bytes, width, height)
  select id, at, stage, hash, 'jpeg', 100, 640, 480 from ticket.ticket where number = 'pictured'
$$;
select lives_ok('select pg_temp.picture(1), pg_temp.picture(2)', 'one picture may stand at two positions');
select throws_ok('select pg_temp.picture(1)', '23505', null, 'a position holds one picture');
select throws_ok($$select pg_temp.picture(3, '\x00')$$, '23514', null, 'a hash has 32 bytes');
select throws_ok($$select pg_temp.picture(3, stage => 'during')$$, '23514', null, 'a picture shows before or after');
select ok(not has_table_privilege('mqt_web', 'ticket.photo', 'select, insert, update, delete'), 'mqt_web has no rights on photos');
delete from ticket.ticket where number = 'pictured';
select is_empty('select * from ticket.photo', 'photos go with their ticket');

select * from finish();
rollback;
