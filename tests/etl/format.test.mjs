// Formats and coordinate systems that surveyors send, each made here with ogr2ogr and loaded.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { run, startDistrict } from '../support/district.mjs';

const dir = mkdtempSync(join(tmpdir(), 'mqt-format-'));
let district;

const point = (lon, lat) => ({ type: 'Point', coordinates: [lon, lat] });
const square = (lon, lat, size = 0.0002) => ({
  type: 'Polygon',
  coordinates: [[[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]],
});
function geojson(name, features) {
  writeFileSync(join(dir, name), JSON.stringify({
    type: 'FeatureCollection',
    features: features.map(([properties, geometry]) => ({ type: 'Feature', properties, geometry })),
  }));
  return name;
}
async function convert(format, to, from, ...options) {
  const made = await run('ogr2ogr', ['-f', format, to, from, ...options], { cwd: dir });
  assert.equal(made.code, 0, made.stderr);
  assert.ok(existsSync(join(dir, to)), to);
}
const load = (...args) => district.load(args, { cwd: dir });
function counted({ run: _run, kind: _kind, ...counts }, wanted) {
  const none = { read: 0, inserted: 0, updated: 0, unchanged: 0, merged: 0, quarantined: 0, skipped: 0, rejected: 0 };
  assert.deepEqual(counts, { ...none, ...wanted });
}

before(async () => {
  district = await startDistrict({ server: false });
  geojson('设施.geojson', [[{ 名称: '怡海食堂', 类别: '食堂' }, point(116.3, 39.83)], [{ 名称: '怡海小学', 类别: '小学' }, point(116.31, 39.84)]]);
});
after(async () => {
  await district?.stop();
  rmSync(dir, { recursive: true, force: true });
});

for (const [format, name, options] of [
  ['OpenFileGDB', '设施.gdb', []],
  ['LIBKML', '设施.kmz', ['-nln', 'facilities']], // GDAL names a member of the archive after the table
  ['ESRI Shapefile', '设施.shp', ['-lco', 'ENCODING=GBK']],
  ['GPKG', '设施4548.gpkg', ['-t_srs', 'EPSG:4548']],
  ['GPKG', '设施4527.gpkg', ['-t_srs', 'EPSG:4527']],
])
  test(`facilities from ${name}`, async () => {
    await convert(format, name, '设施.geojson', ...options);
    const source = `${format}:${name}`;
    counted(await load(name, '--kind', 'facility', '--source', source), { read: 2, inserted: 2 });
    counted(await load(name, '--kind', 'facility', '--source', source), { read: 2, unchanged: 2 });
    assert.equal(await district.psql(`select string_agg(concat_ws(' ', name, kind, st_astext(geom, 5)), ', ' order by name) from twin.facility where source = '${source}'`),
      '怡海小学 school POINT(116.31 39.84), 怡海食堂 canteen POINT(116.3 39.83)');
  });

test('swapped axes are refused with a proposal, in degrees and in metres', async () => {
  geojson('swapped.geojson', [[{ name: '一号楼' }, square(39.83, 116.3)], [{ name: '二号楼' }, square(116.3, 39.83)]]);
  writeFileSync(join(dir, 'metres.csv'), '名称,类别,X,Y\n甲,食堂,440076.06,4410887.89\n乙,食堂,4410887.89,440076.06\n丙,食堂,39440076.06,4410887.89\n');
  const rejects = (counts) => district.psql(`select file_row, reason_code, reason from etl.reject where run_id = ${counts.run} order by file_row`);
  const buildings = await load('swapped.geojson', '--kind', 'building');
  counted(buildings, { read: 2, inserted: 1, rejected: 1 });
  assert.match(await rejects(buildings), /^1\|place-axes-swapped\|.*exchange them$/);
  const facilities = await load('metres.csv', '--crs', 'EPSG:4548');
  counted(facilities, { read: 3, inserted: 1, rejected: 2 });
  assert.match(await rejects(facilities), /^3\|place-axes-swapped\|.*exchange them\n4\|place-outside-earth\|.*EPSG:4548/);
  assert.equal(await district.psql("select st_astext(geom, 5) from twin.facility where source = 'metres'"), 'POINT(116.3 39.83)');
});

test('yes and no stay what they are', async () => {
  geojson('cameras.geojson', [[{ name: '甲', has_ai: true, on: 'T' }, point(116.3, 39.8)], [{ name: '乙', has_ai: false, on: 'n' }, point(116.31, 39.8)],
    [{ name: '丙', has_ai: null, on: '?' }, point(116.32, 39.8)]]);
  await convert('GPKG', 'cameras.gpkg', 'cameras.geojson');
  await convert('ESRI Shapefile', 'logical.shp', 'cameras.geojson', '-select', 'on', '-sql', 'select cast("on" as character(1)) from cameras');
  // A column of type L, which ogr2ogr does not write.
  const dbf = readFileSync(join(dir, 'logical.dbf'));
  assert.equal(String.fromCharCode(dbf[32 + 11], dbf[32 + 16]), 'C\x01');
  dbf[32 + 11] = 'L'.charCodeAt(0);
  writeFileSync(join(dir, 'logical.dbf'), dbf);
  writeFileSync(join(dir, 'words.csv'), 'on,lon,lat\ntrue,116.3,39.8\nfalse,116.31,39.8\n,116.32,39.8\n');
  for (const [name, layer, column] of [['cameras.geojson', 'cam_json', 'has_ai'], ['cameras.gpkg', 'cam_gpkg', 'has_ai'], ['logical.shp', 'cam_shp', 'on'], ['words.csv', 'cam_csv', 'on']]) {
    counted(await load(name, '--layer', layer), { read: 3, inserted: 3 });
    const columns = JSON.parse(await district.psql(`select columns from twin.layer where id = '${layer}'`));
    assert.equal(columns.find((entry) => entry.name === column)?.type, 'bool', name);
    assert.equal(await district.psql(`select pg_typeof("${column}"), "${column}" from layer.${layer} order by id`, 'web'), 'boolean|t\nboolean|f\nboolean|', name);
    counted(await load(name, '--layer', layer), { read: 3, unchanged: 3 });
  }
  // A later delivery whose values are none of the two makes the column text.
  writeFileSync(join(dir, 'words.csv'), 'on,lon,lat\ntrue,116.3,39.8\nbroken,116.31,39.8\n');
  await load('words.csv', '--layer', 'cam_csv');
  assert.equal(await district.psql('select pg_typeof("on"), "on" from layer.cam_csv order by id'), 'text|true\ntext|broken\ntext|');
});
