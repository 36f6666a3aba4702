// The drill-down: the tree of areas with its figures, where a building is, its units and rooms.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { startDistrict } from '../support/district.mjs';
import { ask, Stream, until } from './client.mjs';

let district;
let ids; // of areas by code, of buildings by their code
const get = (path, options) => ask(district.url, path, options);
const area = async (code) => (await get(`/areas/${ids[code]}`)).json;
const names = (list) => list.map((item) => item.name);

// A district of 0.04 by 0.04 degrees: two subdistricts side by side; the western one has two
// communities, the southern of which has two grids and an estate across both.
const areasSql = `
create function pg_temp.box(w float8, s float8, e float8, n float8) returns geometry language sql as
  $$ select st_multi(st_makeenvelope(116 + w / 100, 39 + s / 100, 116 + e / 100, 39 + n / 100, 4490)) $$;
insert into twin.area (level, code, name, parent_code, manager, geom) values
  ('district', '110199', '澄河区', null, null, pg_temp.box(0, 0, 4, 4)),
  ('subdistrict', '110199001', '西街道', null, null, pg_temp.box(0, 0, 2, 4)),
  ('subdistrict', '110199002', '东街道', null, null, pg_temp.box(2, 0, 4, 4)),
  ('community', '110199001010', '北社区', null, null, pg_temp.box(0, 2, 2, 4)),
  ('community', '110199001002', '南社区', null, null, pg_temp.box(0, 0, 2, 2)),
  ('grid', '110199001002001', '第一网格', '110199001002', '南社区网格办', pg_temp.box(0, 0, 1, 2)),
  ('grid', '110199001002002', '第二网格', null, null, pg_temp.box(1, 0, 2, 2)),
  ('estate', 'E1', '幸福里', null, '幸福物业', pg_temp.box(0.5, 0.5, 1.5, 1.5));
insert into twin.building (code, name, estate, number, floors_above, dwelling_count, household_count, person_count, geom)
select code, code || '楼', estate, number, 6, 12, 11, persons,
  pg_temp.box(x, y, x + 0.02, y + 0.02)
from (values ('a10', '幸福里', '10', 40, 0.6, 0.6), ('a2', '幸福里', '2', 30, 0.7, 0.6), ('shed', null, null, 4, 0.1, 0.1),
  ('b', '幸福里', '甲3', 50, 1.2, 0.6), ('north', null, '1', 20, 1, 3), ('east', null, null, 3, 3, 3),
  ('lost', '荒地', '1', 60, 9, 9), ('gap', null, null, null, 1.5, 1.5)) b (code, estate, number, persons, x, y);
insert into ticket.ticket (status, reported_at, building_id)
select status, now() - age::interval, (select id from twin.building where twin.building.code = t.code)
from (values ('received', '1 day', 'a2'), ('closed', '40 days', 'a2'), ('filed', '2 hours', 'b'), ('filed', '1 day', 'lost'),
  ('filed', '1 day', null)) t (status, age, code);
`;

const unitsSql = `
insert into twin.unit (building_id, name, dwelling_count, household_count, person_count)
select id, u.name, u.dwellings, u.dwellings, u.persons from twin.building,
  (values ('10单元', 2, 4), ('2单元', 4, 20), ('无', 1, 16)) u (name, dwellings, persons) where code = 'a10';
insert into twin.dwelling (unit_id, floor, room, area_m2, use)
select u.id, d.floor, d.room, 89.5, '住宅' from twin.unit u,
  (values ('2单元', '2层', '201室'), ('2单元', '10层', '1002室'), ('2单元', '10层', '1001室'), ('2单元', '10层', '901室'),
   ('2单元', '无', '601室'), ('2单元', '无', '705室'), ('2单元', '无', '8888号'), ('10单元', '无', '3室'), ('10单元', '地下1层', '库'), ('无', '2层', '门面')) d (unit, floor, room)
where u.name = d.unit;
with tower as (
  insert into twin.unit (building_id, name) select id, '1单元' from twin.building where code = 'b' returning id
) insert into twin.dwelling (unit_id, floor, room)
select id, f || '层', f || lpad(r::text, 2, '0') || '室' from tower, generate_series(1, 40) f, generate_series(1, 31) r;
`;

before(async () => {
  district = await startDistrict({ server: false });
  await district.psql(areasSql);
  await district.psql(unitsSql);
  const rows = await district.psql(`select code || ' ' || id from twin.area union all select code || ' ' || id from twin.building`);
  ids = Object.fromEntries(rows.split('\n').map((row) => row.split(' ')));
  await district.startServer();
});
after(() => district?.stop());

test('the top of the tree', async () => {
  const { status, headers, json } = await get('/areas');
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'application/json');
  assert.deepEqual(names(json.children), ['澄河区']);
  assert.equal(json.child_level, 'district');
  assert.deepEqual(json.estates, []);
  assert.equal(json.figures.buildings, 8);
  assert.equal(json.figures.tickets_total, 5);
  const [top] = json.children;
  assert.deepEqual(Object.keys(top), ['id', 'level', 'code', 'name', 'manager', 'bbox', 'lon', 'lat', 'figures']);
  assert.equal(top.id, Number(ids['110199']));
  assert.equal(top.manager, null);
  top.bbox.forEach((side, i) => assert.ok(Math.abs(side - [116, 39, 116.04, 39.04][i]) < 1e-6));
  assert.ok(top.lon > 116 && top.lon < 116.04 && top.lat > 39 && top.lat < 39.04);
});

test('what lies in no area is counted and reachable, and so is what lies in no child', async () => {
  const { rest } = (await get('/areas')).json;
  assert.equal(rest.name, '无');
  assert.deepEqual(rest.buildings.map((building) => building.name), ['lost楼']);
  assert.equal(rest.buildings_total, 1);
  assert.deepEqual([rest.figures.persons, rest.figures.tickets_total], [60, 2], 'a ticket without a place is here');
  assert.equal((await area('110199')).rest, null);
  await district.psql(`insert into twin.building (code, name, geom) values ('hole', '夹缝',
    st_multi(st_makeenvelope(116.0395, 39.0395, 116.0396, 39.0396, 4490)));
    update twin.area set geom = st_multi(st_makeenvelope(116.02, 39, 116.039, 39.04, 4490)) where code = '110199002'`);
  const between = await until('it lies between', async () => (await area('110199')).rest, 2000);
  assert.deepEqual(between.buildings.map((building) => building.name), ['夹缝']);
  assert.equal(between.figures.buildings, 1);
  await district.psql(`delete from twin.building where code = 'hole';
    update twin.area set geom = st_multi(st_makeenvelope(116.02, 39, 116.04, 39.04, 4490)) where code = '110199002'`);
  await until('it is gone', async () => !(await area('110199')).rest, 2000);
});

test('from the district down to the grid', async () => {
  const top = await area('110199');
  assert.deepEqual([top.path, top.child_level, names(top.children)], [[], 'subdistrict', ['西街道', '东街道']]);
  assert.ok(!('buildings' in top));
  const west = await area('110199001');
  assert.deepEqual([names(west.path), names(west.children)], [['澄河区'], ['南社区', '北社区']]);
  const south = await area('110199001002');
  assert.deepEqual([south.child_level, names(south.children), names(south.estates)],
    ['grid', ['第一网格', '第二网格'], ['幸福里']]);
  const grid = await area('110199001002001');
  assert.deepEqual(grid.path.map(({ level, code }) => [level, code]),
    [['district', '110199'], ['subdistrict', '110199001'], ['community', '110199001002']]);
  assert.deepEqual(Object.keys(grid.path[0]), ['id', 'level', 'code', 'name']);
  assert.deepEqual([grid.manager, grid.child_level, grid.children, grid.estates], ['南社区网格办', null, [], []]);
  assert.deepEqual(grid.buildings.map((building) => building.name), ['a2楼', 'a10楼', 'shed楼'], 'by estate and number');
  assert.equal(grid.buildings_total, 3);
  const { lon, lat, ...building } = grid.buildings[0];
  assert.deepEqual(building, { id: Number(ids.a2), name: 'a2楼', number: '2', estate: '幸福里', use: null, floors_above: 6,
    dwelling_count: 12, open_tickets: 1 });
  assert.ok(Math.abs(lon - 116.0071) < 1e-4 && Math.abs(lat - 39.0061) < 1e-4);
  const estate = await area('E1');
  assert.deepEqual([names(estate.path), estate.manager], [['澄河区', '西街道', '南社区'], '幸福物业']);
  assert.deepEqual(estate.buildings.map((item) => item.number), ['2', '10', '甲3']);
  const north = await area('110199001010'); // a community without grids has its buildings itself
  assert.deepEqual([north.child_level, north.buildings.map((item) => item.name)], [null, ['north楼']]);
});

test('figures add up, and tell no more of people than the buildings do', async () => {
  const grid = (await area('110199001002001')).figures;
  assert.deepEqual(grid, { buildings: 3, dwellings: 36, households: 33, persons: 70, person_band: null,
    buildings_withheld: 1, tickets_open: 1, tickets_30d: 1, tickets_total: 2 });
  const south = await area('110199001002');
  assert.deepEqual(south.children[0].figures, grid);
  assert.equal(south.figures.persons, 120, 'the sum of what is shown, so nothing follows from a difference');
  for (const key of ['buildings', 'dwellings', 'tickets_open', 'tickets_total'])
    assert.equal(south.figures[key], south.children.reduce((sum, child) => sum + child.figures[key], 0), key);
  const east = (await area('110199002')).figures;
  assert.deepEqual([east.persons, east.person_band, east.buildings_withheld], [null, '<10', 1]);
  await district.psql(`update twin.building set person_count = case code when 'b' then 9 else 2 end where code in ('b', 'north')`);
  await until('two are withheld', async () => (await area('110199001010')).figures.person_band === '<10', 2000);
  assert.equal((await area('110199001')).figures.persons, 70);
  await district.psql(`update twin.setting set value = '5' where name = 'k_anonymity'`);
  await until('another threshold', async () => (await area('110199002')).figures.person_band === '<5', 2000);
  assert.equal((await area('110199001')).figures.persons, 79);
  await district.psql(`update twin.setting set value = '10' where name = 'k_anonymity'`);
  await district.psql(`update twin.building set person_count = case code when 'b' then 50 else 20 end where code in ('b', 'north')`);
  await until('as before', async () => (await area('110199001')).figures.persons === 140, 2000);
});

test('the areas of a place and of a building', async () => {
  const at = async (lon, lat) => (await get(`/areas?lon=${lon}&lat=${lat}`)).json;
  const here = await at(116.006, 39.006);
  assert.deepEqual(here.path.map((item) => item.level), ['district', 'subdistrict', 'community', 'grid']);
  assert.equal(here.path[3].id, Number(ids['110199001002001']));
  assert.deepEqual(here.estate, { id: Number(ids.E1), level: 'estate', code: 'E1', name: '幸福里' });
  const there = await at(116.03, 39.03);
  assert.deepEqual([names(there.path), there.estate], [['澄河区', '东街道'], null]);
  assert.deepEqual(await at(-180, -85), { path: [], estate: null });
  const { path, estate, ...rest } = (await get(`/stats/building/${ids.b}`)).json;
  assert.deepEqual([names(path), estate.name], [['澄河区', '西街道', '南社区', '第二网格'], '幸福里']);
  assert.deepEqual(rest, { building_id: Number(ids.b), open_tickets: 1, tickets_30d: 1, tickets_total: 1 });
  const lost = (await get(`/stats/building/${ids.lost}`)).json;
  assert.deepEqual([lost.path, lost.estate], [[], null]);
});

test('a search result says which area or building it is', async () => {
  const { results } = (await get(`/search?q=${encodeURIComponent('幸福里')}`)).json;
  const estate = results.find((result) => result.layer === 'estate');
  assert.equal(estate.id, Number(ids.E1));
  assert.equal(estate.bbox.length, 4);
  assert.deepEqual((await get(`/areas/${estate.id}`)).json.bbox, estate.bbox);
});

test('a ticket is in the figures by the time it is told of', async () => {
  const stream = await Stream.open(district.url, '/live?layers=ticket');
  const open = async () => Promise.all(['110199001002002', '110199001002', '110199', 'E1'].map(async (code) =>
    (await area(code)).figures.tickets_open));
  const first = await open();
  let news = stream.next('ticket');
  const id = await district.psql(`insert into ticket.ticket (building_id) values (${ids.b}) returning id`);
  await news;
  assert.deepEqual(await open(), first.map((count) => count + 1));
  assert.equal((await area('110199001002002')).figures.tickets_30d, 2);
  news = stream.next('ticket');
  await district.psql(`update ticket.ticket set status = 'closed', closed_at = now() where id = ${id}`);
  await news;
  assert.deepEqual(await open(), first);
  news = stream.next('ticket');
  await district.psql(`delete from ticket.ticket where id = ${id}`);
  await news;
  assert.equal((await area('110199001002002')).figures.tickets_total, 1);
  stream.close();
});

test('a building that moves into another grid takes its figures along by the time it is told of', async () => {
  const stream = await Stream.open(district.url, '/live?layers=building');
  const figures = async (code) => {
    const { buildings, persons, tickets_total: tickets } = (await area(code)).figures;
    return [buildings, persons, tickets];
  };
  assert.deepEqual([await figures('110199001002001'), await figures('110199001002002')], [[3, 70, 2], [2, 50, 1]]);
  let news = stream.next('change');
  await district.psql(`update twin.building set geom = st_translate(geom, 0.005, 0) where code = 'a2'`);
  await news;
  assert.deepEqual([await figures('110199001002001'), await figures('110199001002002')], [[2, 40, 0], [3, 80, 3]]);
  assert.deepEqual(names((await get(`/stats/building/${ids.a2}`)).json.path).at(-1), '第二网格');
  news = stream.next('change');
  await district.psql(`update twin.building set geom = st_translate(geom, -0.005, 0) where code = 'a2'`);
  await news;
  assert.deepEqual([await figures('110199001002001'), await figures('110199001002002')], [[3, 70, 2], [2, 50, 1]]);
  stream.close();
});

test('an area that comes, is renamed or goes', async () => {
  const id = await district.psql(`insert into twin.area (level, code, name, geom) values
    ('grid', '110199001010001', '新网格', st_multi(st_makeenvelope(116, 39.02, 116.02, 39.04, 4490))) returning id`);
  await until('it is there', async () => (await get(`/areas/${id}`)).status === 200, 2000);
  assert.deepEqual(names((await area('110199001010')).children), ['新网格']);
  assert.equal((await get(`/areas/${id}`)).json.buildings_total, 1);
  await district.psql(`update twin.area set name = '老网格' where id = ${id}`);
  await until('it is renamed', async () => (await area('110199001010')).children[0].name === '老网格', 2000);
  await district.psql(`delete from twin.area where id = ${id}`);
  await until('it is gone', async () => (await get(`/areas/${id}`)).status === 404, 2000);
  assert.deepEqual((await area('110199001010')).children, []);
});

test('very many areas without a parent are all there', async () => {
  await district.psql(`insert into twin.area (level, code, name, geom)
    select 'grid', 'flat' || i, '格' || i, st_multi(st_makeenvelope(117 + i * 0.001, 39, 117.001 + i * 0.001, 39.001, 4490))
    from generate_series(1, 1500) i`);
  const all = await until('they are there', async () => {
    const { json } = await get('/areas');
    return json.children.length === 1501 && json;
  });
  assert.deepEqual(names(all.children).slice(0, 3), ['澄河区', '格1', '格2'], 'districts first, numbers by value');
  await district.psql(`delete from twin.area where code like 'flat%'`);
  await until('they are gone', async () => (await get('/areas')).json.children.length === 1);
});

test('tags, HEAD and gzip', async () => {
  const path = `/areas/${ids['110199001002001']}`;
  const full = await get(path);
  assert.match(full.headers.etag, /^"[^"]+"$/);
  const again = await get(path, { headers: { 'If-None-Match': full.headers.etag } });
  assert.deepEqual([again.status, again.body.length], [304, 0]);
  const head = await get(path, { method: 'HEAD' });
  assert.deepEqual([head.status, head.body.length, head.headers.etag], [200, 0, full.headers.etag]);
  assert.equal(Number(head.headers['content-length']), full.body.length);
  const packed = await get(path, { headers: { 'Accept-Encoding': 'gzip' } });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.deepEqual(gunzipSync(packed.body), full.body);
});

test('what is not there is 404, and says what', async () => {
  for (const [path, parameter] of [['/areas/999999', 'id'], [`/areas/${ids.lost}9999`, 'id'], ['/areas/1/2', 'path'],
    ['/stats/building/999999/units', 'id'], ['/stats/building/1/floors', 'path'], ['/stats/building/1/units/1', 'path']]) {
    const { status, headers, json } = await get(path);
    assert.deepEqual([status, headers['content-type'], json.parameter], [404, 'application/problem+json', parameter], path);
  }
});

test('units with their rooms from the top floor down', async () => {
  const { status, json } = await get(`/stats/building/${ids.a10}/units`);
  assert.equal(status, 200);
  assert.equal(json.building_id, Number(ids.a10));
  assert.equal(json.complete, true);
  assert.deepEqual(json.floors, ['10层', '6层', '2层', '地下1层']);
  assert.deepEqual(names(json.units), ['2单元', '10单元', '无']);
  const [second, tenth, none] = json.units;
  assert.deepEqual(second.rooms.map((room) => `${room.floor} ${room.room}`),
    ['10层 901室', '10层 1001室', '10层 1002室', '6层 601室', '2层 201室', '无 705室', '无 8888号'],
    'the floor that a file names, else that of the number, if the building is so high');
  assert.deepEqual(second.rooms[4], { floor: '2层', room: '201室', area_m2: 89.5, use: '住宅' });
  assert.deepEqual(tenth.rooms.map((room) => room.floor), ['地下1层', '无']);
  const people = ({ persons, person_band: band }) => [persons, band];
  assert.deepEqual([people(tenth), people(none), people(second)], [[null, '<10'], [null, null], [20, null]],
    'the smallest of the others is withheld too, or the 4 would follow from the 40 of the building');
  assert.deepEqual([second.dwellings, second.households], [4, 4]);
});

test('a building without units has floors, a tower of 1,240 homes all of them', async () => {
  assert.deepEqual((await get(`/stats/building/${ids.north}/units`)).json,
    { building_id: Number(ids.north), complete: true, floors: ['6层', '5层', '4层', '3层', '2层', '1层'], units: [] });
  const tower = (await get(`/stats/building/${ids.b}/units`)).json;
  assert.equal(tower.floors.length, 40);
  assert.equal(tower.units[0].rooms.length, 1240);
  assert.deepEqual([tower.units[0].rooms[0].room, tower.units[0].rooms.at(-1).room], ['4001室', '131室']);
  assert.deepEqual([tower.units[0].dwellings, tower.units[0].persons], [null, null], 'no loader has counted yet');
});

test('without the database the areas go on, the rooms say when to come back', async () => {
  const before = (await get('/areas')).json;
  await district.killDatabase();
  const { status, headers, json } = await until('it is noticed', async () => {
    const answer = await get('/areas');
    return answer.headers['x-data-stale'] !== undefined && answer;
  });
  assert.equal(status, 200);
  assert.deepEqual(json, before);
  assert.ok(Number(headers['x-data-stale']) >= 0);
  assert.equal((await get(`/areas/${ids.E1}`)).status, 200);
  const away = await get(`/stats/building/${ids.a10}/units`);
  assert.deepEqual([away.status, away.headers['content-type']], [503, 'application/problem+json']);
  assert.ok(Number(away.headers['retry-after']) > 0);
  assert.doesNotMatch(away.body.toString(), /select|socket|postgres/i);
  assert.equal((await get('/stats/building/999999/units')).status, 404, 'that is known without a question');
  await district.startDatabase();
  await until('the rooms are back', async () => (await get(`/stats/building/${ids.a10}/units`)).status === 200, 10_000);
});
