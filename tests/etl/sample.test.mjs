// The sample district's files, read with GDAL's own tools and compared with truth.json.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { run } from '../support/district.mjs';

const program = resolve(process.env.MQT_BUILD ?? '.build', 'mqt-etl');
const until = '2026-11-22T16:00';
const scratch = mkdtempSync(join(tmpdir(), 'mqt-sample-'));
const dir = join(scratch, 'one');
let truth;

const sample = (...args) => run(program, ['sample', ...args]);

// All features of a file as GeoJSON, coordinates in degrees.
async function features(name, options = []) {
  const args = ['-f', 'GeoJSON', '-t_srs', 'EPSG:4326', '/vsistdout/', join(dir, name), ...options];
  const result = await run('ogr2ogr', args);
  assert.equal(result.code, 0, result.stderr);
  return JSON.parse(result.stdout).features;
}

// Fields of a CSV that quotes nothing but what it must.
function table(name) {
  const text = readFileSync(join(dir, name), 'utf8').replace(/^\ufeff/, '');
  const [head, ...rows] = text.trimEnd().split('\r\n').map((line) => line.split(','));
  return rows.map((row) => {
    assert.equal(row.length, head.length, row.join());
    return Object.fromEntries(head.map((name, i) => [name, row[i]]));
  });
}

function tally(rows, key) {
  const sums = {};
  for (const row of rows) sums[row[key]] = (sums[row[key]] ?? 0) + 1;
  return sums;
}
const near = (lon, lat) => Math.hypot((lon - 116.3) * 85500, (lat - 39.83) * 111000);

before(async () => {
  const result = await sample('--scale', 'community', '--seed', '1', '--until', until, '--out', dir);
  assert.equal(result.code, 0, result.stderr);
  truth = JSON.parse(readFileSync(join(dir, 'truth.json'), 'utf8'));
});
after(() => rmSync(scratch, { recursive: true, force: true }));

test('load.list names every data file once, areas first', () => {
  const names = readFileSync(join(dir, 'load.list'), 'utf8').trimEnd().split('\n').map((line) => line.split(' ')[0]);
  assert.equal(names[0], '行政区划.gpkg');
  assert.deepEqual([...names].sort(), Object.keys(truth.files).sort());
  for (const name of names) assert.ok(existsSync(join(dir, name)), name);
});

test('areas', async () => {
  const areas = await features('行政区划.gpkg');
  const { rows, levels } = truth.files['行政区划.gpkg'];
  assert.equal(areas.length, rows);
  const words = { district: '区', subdistrict: '街道', community: '社区', grid: '网格', estate: '小区' };
  const seen = tally(areas.map((area) => area.properties), '级别');
  for (const [level, count] of Object.entries(levels)) assert.equal(seen[words[level]], count, level);
  const codes = new Set(areas.map((area) => area.properties['编码']));
  assert.equal(codes.size, rows);
  for (const { properties } of areas)
    assert.ok(properties['上级编码'] === '' || codes.has(properties['上级编码']), properties['名称']);
  const grids = areas.filter((area) => area.properties['级别'] === '网格');
  for (const grid of grids) assert.match(grid.properties['编码'], /^\d{15}$/);
});

test('buildings: GBK without a .cpg, names cut at ten bytes, EPSG:4548', async () => {
  assert.ok(!existsSync(join(dir, '楼栋.cpg')));
  const dbf = readFileSync(join(dir, '楼栋.dbf'));
  const names = [];
  for (let at = 32; dbf[at] !== 0x0d; at += 32) {
    const field = dbf.subarray(at, at + 11);
    names.push(new TextDecoder('gbk', { fatal: true }).decode(field.subarray(0, field.indexOf(0))));
  }
  for (const name of ['小区名称', '楼栋编号', '建筑高度', '建成年份', '建筑结构类', '地上总层数']) assert.ok(names.includes(name), name);
  assert.match(readFileSync(join(dir, '楼栋.prj'), 'utf8'), /Central_Meridian",117/);

  const buildings = await features('楼栋.shp', ['-oo', 'ENCODING=GBK']);
  const { rows, residential, with_courtyard, dirt } = truth.files['楼栋.shp'];
  assert.equal(buildings.length, rows);
  assert.equal(residential, 42);
  const once = [...new Map(buildings.map((building) => [building.properties['楼栋编号'], building])).values()];
  assert.equal(once.length, rows - dirt['row-twice']);
  assert.equal(once.filter((building) => building.properties['房屋用途'] === '住宅').length, residential);
  assert.equal(once.filter((building) => building.geometry.coordinates.length > 1).length, with_courtyard);
  for (const { geometry } of buildings) assert.ok(near(...geometry.coordinates[0][0]) < 700);
});

test('household register: as many people and households as told', async () => {
  const result = await run('ogr2ogr', ['-f', 'CSV', '/vsistdout/', join(dir, '户籍登记.xlsx'),
    '--config', 'OGR_XLSX_HEADERS', 'DISABLE', '--config', 'OGR_XLSX_FIELD_TYPES', 'STRING']);
  assert.equal(result.code, 0, result.stderr);
  const rows = result.stdout.trimEnd().split('\n').slice(1).map((line) => line.replaceAll('"', '').split(','));
  const facts = truth.files['户籍登记.xlsx'];
  const column = rows[2].indexOf('身份证号');
  assert.match(rows[0][0], /户籍登记表/);
  assert.ok(rows[1].includes('房屋情况'));
  assert.equal(rows.at(-1)[0], '合计');
  const people = rows.slice(3).filter((row) => !['合计', '小计'].includes(row[0]));
  assert.equal(people.length, facts.person_rows);
  assert.equal(facts.person_rows, facts.persons + facts.dirt['row-twice'] + facts.dirt['person-in-two-dwellings']);
  assert.equal(new Set(people.map((row) => row[6])).size, facts.households);
  // Nobody's: province 99, documents with P99, phones with 154.
  for (const row of people) {
    const number = row[column].normalize('NFKC');
    assert.match(number, /^(9\.9\d*E\+17|99\d{13}|99\d{15}|99\d{15}[\dXxХ]|P99\d{7}|无|—)$/);
    assert.match(row[column + 2], /^(154\d{8}|无)?$/);
  }
});

test('facilities: off by the GCJ-02 shift, in known kinds', async () => {
  const decoded = await run('iconv', ['-f', 'GB18030', '-t', 'UTF-8', join(dir, '公共设施.csv')]);
  const rows = decoded.stdout.trimEnd().split('\r\n').slice(2, -1).map((line) => line.split(','));
  const facts = ['公共设施.csv', '充电设施.txt', '自行车棚.csv'].map((name) => truth.files[name]);
  assert.equal(rows.length, facts[0].rows);
  for (const { rows: count, kinds } of facts) {
    assert.equal(Object.values(kinds).reduce((a, b) => a + b), count);
    assert.equal(kinds.other, undefined);
  }
  assert.ok(facts[0].kinds.bin >= 50 && facts[0].kinds.bank >= 7);
  // The middle of the clean ones lies where the shift puts it, 500 to 620 m from the middle of the town.
  const places = rows.map((row) => row.slice(-2).map(Number)).filter(([lon, lat]) => Math.abs(lon - 116.3) < 0.02 && Math.abs(lat - 39.83) < 0.02);
  assert.ok(places.length > rows.length * 0.9);
  const mean = (i) => places.reduce((sum, place) => sum + place[i], 0) / places.length;
  const off = near(mean(0), mean(1));
  assert.ok(off > 400 && off < 720, `${off} m`);
});

test('tickets: byte order mark, a year up to the last moment, some without a place', () => {
  assert.deepEqual([...readFileSync(join(dir, '民情诉求.csv')).subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  const rows = table('民情诉求.csv');
  const facts = truth.files['民情诉求.csv'];
  assert.equal(rows.length, facts.rows);
  assert.deepEqual(tally(rows, '诉求类别'), facts.categories);
  assert.deepEqual(tally(rows, '诉求渠道'), facts.channels);
  assert.deepEqual(tally(rows, '状态'), facts.statuses);
  assert.equal(rows.filter((row) => row['办结时间'] === '').length, facts.not_closed);
  assert.equal(rows.filter((row) => row['经度'] === '').length, facts.without_place);
  assert.equal(rows.filter((row) => row['地址'] === '').length, facts.without_address);
  assert.equal(new Set(rows.map((row) => row['工单编号'])).size, rows.length - facts.dirt['row-twice']);
  const sound = rows.filter((row) => row['诉求时间'] !== '2026-02-30 10:00:00');
  assert.equal(sound.length, rows.length - facts.dirt['date-impossible']);
  for (const row of sound)
    assert.ok(row['诉求时间'] >= '2025-11-22 16:00:00' && row['诉求时间'] < '2026-11-22 16:00:00', row['诉求时间']);
  const far = rows.filter((row) => row['经度'] !== '' && !(near(Number(row['经度']), Number(row['纬度'])) < 800));
  const odd = ['place-outside', 'place-swapped', 'place-metres', 'place-packed-dms', 'place-zero', 'place-dms'];
  assert.equal(far.length, odd.reduce((sum, kind) => sum + facts.dirt[kind], 0));
  // Heating complaints belong to the winter, flooding to the rain.
  const share = (category, months) => {
    const all = rows.filter((row) => row['诉求类别'] === category);
    return all.filter((row) => months.includes(row['诉求时间'].slice(5, 7))).length / all.length;
  };
  assert.ok(share('供暖', ['11', '12', '01', '02', '03']) > 0.75);
  assert.ok(share('积水内涝', ['06', '07', '08']) > 0.75);
});

test('map layers', async () => {
  const columns = {
    '道路.gpkg': ['LineString', ['name', 'class', 'width_m']],
    '绿地.gpkg': ['Polygon', ['name', 'kind']],
    '水系.gpkg': ['Polygon', ['name', 'kind']],
    '摄像头.gpkg': ['Point', ['name', 'has_ai']],
  };
  for (const [name, [type, keys]] of Object.entries(columns)) {
    const rows = await features(name);
    assert.equal(rows.length, truth.files[name].rows, name);
    assert.ok(rows.every((row) => row.geometry.type === type), name);
    assert.deepEqual(Object.keys(rows[0].properties), keys, name);
  }
  const cameras = await features('摄像头.gpkg');
  assert.equal(cameras.filter((camera) => camera.properties.has_ai).length, truth.files['摄像头.gpkg'].with_ai);
});

const digest = (folder, name) => createHash('sha256').update(readFileSync(join(folder, name))).digest('hex');

test('the same seed and moment give the same files, another seed another town', async () => {
  const again = join(scratch, 'again');
  const other = join(scratch, 'other');
  assert.equal((await sample('--seed', '1', '--until', until, '--out', again)).code, 0);
  assert.equal((await sample('--seed', '2', '--until', until, '--out', other)).code, 0);
  const files = (folder) => readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile()).sort();
  const names = files(dir);
  assert.ok(names.length >= 20);
  assert.deepEqual(files(again), names);
  for (const name of names) assert.equal(digest(again, name), digest(dir, name), name);
  assert.notEqual(digest(other, '民情诉求.csv'), digest(dir, '民情诉求.csv'));
  assert.notEqual(digest(other, '楼栋.shp'), digest(dir, '楼栋.shp'));
});

test('a second run replaces the files of the first', async () => {
  const folder = join(scratch, 'twice');
  assert.equal((await sample('--seed', '2', '--until', until, '--out', folder)).code, 0);
  assert.equal((await sample('--seed', '1', '--until', until, '--out', folder)).code, 0);
  assert.equal(digest(folder, '楼栋.shp'), digest(dir, '楼栋.shp'));
  assert.equal(digest(folder, '行政区划.gpkg'), digest(dir, '行政区划.gpkg'));
});

test('wrong arguments end with 2 and a line that says why', async () => {
  const rows = [
    [['--scale', 'galaxy', '--out', scratch], /galaxy.*community/],
    [['--seed', '-1', '--out', scratch], /--seed/],
    [['--until', 'soon', '--out', scratch], /--until/],
    [['--colour', 'red'], /--colour/],
    [['--out'], /--out/],
    [[], /--out/],
  ];
  for (const [args, message] of rows) {
    const { code, stderr } = await sample(...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, message);
    assert.equal(stderr.trimEnd().split('\n').length, 1);
  }
  const unwritable = await sample('--out', '/proc/nowhere');
  assert.equal(unwritable.code, 1);
});
