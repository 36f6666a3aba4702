-- What is served, and to whom how much is told.
begin;
select plan(23);

insert into twin.building (name, person_count, geom)
select n::text, n, st_multi(st_makeenvelope(116, 39, 116.001, 39.001, 4490)) from unnest(array[null, 0, 1, 9, 10, 250]) n;
select results_eq(
  'select person_count, person_band from twin.public_building order by id',
  $$values (null::int, null), (0, null), (null, '<10'), (null, '<10'), (10, null), (250, null)$$,
  'a count of people below the threshold is withheld, and said to be');
update twin.setting set value = '3' where name = 'k_anonymity';
select results_eq(
  'select person_count, person_band from twin.public_building order by id',
  $$values (null::int, null), (0, null), (null, '<3'), (9, null), (10, null), (250, null)$$,
  'the threshold is a setting');

-- Units of one building a row, told by the people in each; what is shown: a count, '-' or a band.
update twin.setting set value = '10' where name = 'k_anonymity';
create temp table unit_case (people int[], shown text[]);
insert into unit_case values
  (array[36, 40], array['36', '40']), (array[0, 40], array['0', '40']), (array[null, 40], array['-', '40']),
  (array[3, 40, 36, 50], array['<10', '40', '-', '50']), -- 36 goes with the only small one
  (array[3, 4, 36, 50], array['<10', '<10', '-', '50']), -- 7 people in two would follow as well
  (array[5, 6, 36, 50], array['<10', '<10', '36', '50']), -- 11 people in two are enough
  (array[9, 9, 36], array['<10', '<10', '-']), -- 18 people in two are nine in each
  (array[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 36],
    array['<10', '<10', '<10', '<10', '<10', '<10', '<10', '<10', '<10', '<10', '-']),
  (array[3, 36, 36], array['<10', '-', '36']), (array[3, 0, 12], array['<10', '0', '-']),
  (array[10, 9], array['-', '<10']), (array[3, 0], array['<10', '0']), (array[3], array['<10']);
create function pg_temp.shown(house bigint) returns text[] language sql as $$
  select array_agg(coalesce(person_band, person_count::text, '-') order by id) from twin.public_unit where building_id = house
$$;
insert into twin.building (geom) select b.geom from (select geom from twin.building limit 1) b, generate_series(1, 7);
create temp table unit_house as
  select c.people, c.shown, b.id from (select *, row_number() over () as n from unit_case) c
  join (select id, row_number() over (order by id) as n from twin.building) b using (n);
insert into twin.unit (building_id, name, person_count)
select h.id, u.n || '单元', u.people from unit_house h, unnest(h.people) with ordinality u (people, n) order by h.id, u.n;
select results_eq('select pg_temp.shown(id) from unit_house order by id', 'select shown from unit_house order by id',
  'no unit''s people follow from its building''s');
update twin.setting set value = '3' where name = 'k_anonymity';
select is((select pg_temp.shown(id) from unit_house where people = array[3, 4, 36, 50]), array['3', '4', '36', '50'],
  'by the same threshold');

select hasnt_column('twin', 'public_facility', 'phone', 'phones are not served');
select hasnt_column('twin', 'public_facility', 'attributes', 'nor is what else a file had');

-- Each catalogue row can be read as the server does it.
select lives_ok(format('select id, geom, %s from %s limit 0',
  (select string_agg(quote_ident(c->>'name') || case c->>'type' when 'int' then '::int8' when 'real' then '::float8'
     when 'bool' then '::bool' else '::text' end, ', ') from jsonb_array_elements(columns) c), served_from),
  'layer ' || id || ' has its columns')
from twin.layer order by id;

insert into twin.area (level, code, name, geom) values
  ('grid', '1', 'g', st_multi(st_makeenvelope(116, 39, 117, 40, 4490))), ('grid', '2', 'without shape', null),
  ('estate', '3', 'e', st_multi(st_makeenvelope(116, 39, 117, 40, 4490)));
select results_eq('select name from twin.area_grid', array['g'], 'a level is a layer of its own; shapeless areas are not served');

create function pg_temp.add(id text, columns jsonb, served text default 'twin.public_building') returns void language sql as $$
  insert into twin.layer (id, title_zh, title_en, source_table, served_from, geometry_type, columns)
  values (id, 'x', 'x', 'twin.building', served, 'polygon', columns)
$$;
select lives_ok($$select pg_temp.add('fine', '[{"name": "a", "type": "int"}, {"name": "b", "type": "text"}]')$$, 'a layer is a row');
select throws_ok($$select pg_temp.add('x1', '{"name": "a", "type": "int"}')$$, '23514', null, 'columns are a list');
select throws_ok($$select pg_temp.add('x2', '[{"name": "a", "type": "date"}]')$$, '23514', null, 'of four types');
select throws_ok($$select pg_temp.add('x3', '[{"type": "int"}]')$$, '23514', null, 'with names');
select throws_ok($$select pg_temp.add('x4', '[{"name": "a", "type": "int"}, {"name": "a", "type": "int"}]')$$, '23514', null,
  'each once');
select throws_ok($$select pg_temp.add('x5', '[]', 'public_building')$$, '23514', null, 'a source has a schema');
select throws_ok($$select pg_temp.add('x6', '[]', 'twin.a;drop')$$, '23514', null, 'and a plain name');
select throws_ok($$select pg_temp.add('ticket', '[]')$$, '23514', null, 'names that mean something else are refused');
select throws_ok($$select pg_temp.add('Bad-Id', '[]')$$, '23514', null, 'ids are plain');

select * from finish();
rollback;
