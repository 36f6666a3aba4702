// Files that other people surveyed. Their folder is MQT_REAL_DATA; without it the tests are skipped.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { startDistrict } from '../support/district.mjs';

const data = process.env.MQT_REAL_DATA && resolve(process.env.MQT_REAL_DATA);
const skip = data ? false : 'MQT_REAL_DATA is not set';
let district;

before(async () => {
  if (data) district = await startDistrict({ server: false });
});
after(async () => {
  await district?.stop();
});

async function twice(args, wanted) {
  const first = await district.load(args, { cwd: data });
  const { run, kind, ...counts } = first;
  const none = { inserted: 0, updated: 0, unchanged: 0, merged: 0, quarantined: 0, skipped: 0, rejected: 0 };
  assert.deepEqual(counts, { ...none, ...wanted });
  const { run: again, kind: same, ...second } = await district.load(args, { cwd: data });
  assert.deepEqual(second, { ...none, ...wanted, inserted: 0, unchanged: wanted.inserted });
  assert.equal(kind, same);
  assert.ok(again > run);
  return first;
}

test('5,442 Beijing buildings with their names and heights', { skip }, async () => {
  await twice(['beijing_chaoyang_buildings.geojson'], { read: 5442, inserted: 5442 });
  assert.equal(await district.psql("select count(*), count(name), min(height_m), max(height_m), bool_and(st_isvalid(geom)) from twin.building"), '5442|1840|1|74|t');
});

test('the outlines of two districts', { skip }, async () => {
  await twice(['fengtai_district.geojson'], { read: 1, inserted: 1 });
  await twice(['yuhuatai_district.geojson'], { read: 1, inserted: 1 });
  assert.equal(await district.psql('select level, code, name from twin.area order by code'), 'district|110106|丰台区\ndistrict|320114|雨花台区');
});

test("Andorra's roads as a layer", { skip }, async () => {
  const args = ['andorra.osm.pbf', '--layer', 'andorra_roads', '--table', 'lines', '--where', 'highway IS NOT NULL'];
  await twice(args, { read: 1614, inserted: 1614 });
  assert.equal(await district.psql("select geometry_type, (select count(*) from layer.andorra_roads) from twin.layer where id = 'andorra_roads'"), 'line|1614');
});

test('OpenStreetMap buildings of Haidian and Monaco', { skip }, async () => {
  const haidian = await district.load(['beijing_haidian.osm', '--kind', 'building', '--table', 'multipolygons', '--where', 'building IS NOT NULL'], { cwd: data });
  assert.ok(haidian.inserted > 500 && haidian.rejected === 0, JSON.stringify(haidian));
  const monaco = await district.load(['monaco.osm.pbf', '--kind', 'building', '--table', 'multipolygons', '--where', 'building IS NOT NULL'], { cwd: data });
  assert.ok(monaco.inserted > 1000 && monaco.rejected === 0, JSON.stringify(monaco));
});

// Seven of the thousand were closed before they were reported (one of them in 1900).
test('1,000 requests of New York', { skip }, async () => {
  const first = await twice(['nyc311_1000.json', '--time-zone', 'America/New_York'], { read: 1000, inserted: 1000 });
  assert.equal(first.kind, 'ticket');
  assert.match(await district.psql(`select message from etl.run where id = ${first.run}`), /(^|; )7 tickets were closed before they were reported/);
  assert.equal(await district.psql("select to_char(min(reported_at) at time zone 'UTC', 'YYYY'), count(geom), count(*) from ticket.ticket"), '2012|1000|1000');
});
