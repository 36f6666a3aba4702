// The sample district at scale `district`: its files, read with GDAL's own tools, against truth.json.
import assert from 'node:assert/strict';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { run } from '../support/district.mjs';

const program = resolve(process.env.MQT_BUILD ?? '.build', 'mqt-etl');
const dir = mkdtempSync(join(tmpdir(), 'mqt-district-'));
const ownLayers = 7; // district, subdistrict, community, grid, estate, building, facility
let truth;
let lines;

before(async () => {
  const args = ['sample', '--scale', 'district', '--seed', '1', '--until', '2026-11-22T16:00', '--out', dir];
  const result = await run(program, args);
  assert.equal(result.code, 0, result.stderr);
  truth = JSON.parse(readFileSync(join(dir, 'truth.json'), 'utf8'));
  lines = readFileSync(join(dir, 'load.list'), 'utf8').trimEnd().split('\n').map((line) => line.split(' '));
});
after(() => rmSync(dir, { recursive: true, force: true }));

// The number that a SQL statement gives.
async function ask(name, sql, options = []) {
  const result = await run('ogr2ogr', ['-f', 'CSV', '/vsistdout/', join(dir, name), '-dialect', 'sqlite', '-sql', sql, ...options]);
  assert.equal(result.code, 0, result.stderr);
  return result.stdout.trim().split('\n').slice(1).map((line) => line.replaceAll('"', ''));
}
const of = (kind) => lines.filter((line) => line[line.indexOf('--kind') + 1] === kind);

test('load.list names every file once; with the layers that are always there it makes 36', () => {
  const names = lines.map((line) => line[0]);
  assert.deepEqual([...names].sort(), Object.keys(truth.files).sort());
  for (const name of names) assert.ok(existsSync(join(dir, name)), name);
  assert.equal(ownLayers + of('layer').length, 36);
  assert.equal(new Set(of('layer').map((line) => line[line.indexOf('--layer') + 1])).size, of('layer').length);
});

test('26 subdistricts, and every area has the parent that it names', async () => {
  const { levels, rows } = truth.files['行政区划.gpkg'];
  assert.equal(levels.subdistrict, 26);
  assert.equal(levels.district, 1);
  const counts = await ask('行政区划.gpkg', 'select 级别, count(*) from 行政区划 group by 级别 order by 级别');
  const words = { 区: 'district', 街道: 'subdistrict', 社区: 'community', 网格: 'grid', 小区: 'estate' };
  for (const line of counts) assert.equal(Number(line.split(',')[1]), levels[words[line.split(',')[0]]], line);
  assert.equal(counts.length, 5);
  const orphans = await ask('行政区划.gpkg',
    "select count(*) from 行政区划 a where 上级编码 <> '' and not exists (select 1 from 行政区划 b where b.编码 = a.上级编码)");
  assert.equal(Number(orphans[0]), 0);
  assert.equal(rows, Object.values(levels).reduce((a, b) => a + b));
});

test('buildings: as many as told, each code once but for the rows that come twice', async () => {
  const { rows, dirt } = truth.files['楼栋.shp'];
  const counts = await ask('楼栋.shp', 'select count(*), count(distinct "楼栋编号") from "楼栋"', ['-oo', 'ENCODING=GBK']);
  assert.deepEqual(counts[0].split(',').map(Number), [rows, rows - dirt['row-twice']]);
});

test('registers: one a subdistrict with homes, 103,000 dwellings and 250,000 people together', () => {
  const registers = of('household').map((line) => line[0]);
  const sum = (key) => registers.reduce((total, name) => total + truth.files[name][key], 0);
  assert.ok(registers.length > 20 && registers.length <= 26);
  assert.equal(sum('households'), 103000);
  assert.equal(sum('persons'), 250000);
});

test('200,000 tickets, each number once but for the rows that come twice', async () => {
  const { rows, dirt } = truth.files['民情诉求.csv'];
  assert.equal(rows, 200000 + dirt['row-twice']);
  const numbers = new Set();
  const input = createInterface({ input: createReadStream(join(dir, '民情诉求.csv')), crlfDelay: Infinity });
  for await (const line of input) numbers.add(line.slice(0, line.indexOf(',')));
  assert.equal(numbers.size, 200000 + 1); // and the header
});

test('facilities: no two of a kind have one name', () => {
  const text = new TextDecoder('gb18030').decode(readFileSync(join(dir, '公共设施.csv')));
  const rows = text.trimEnd().split('\r\n').slice(2, -1);
  const { rows: count, kinds, dirt } = truth.files['公共设施.csv'];
  assert.equal(rows.length, count);
  assert.equal(kinds.other, undefined);
  assert.ok(Object.keys(kinds).length >= 23);
  assert.equal(new Set(rows.map((row) => row.split(',', 2).join())).size, rows.length - dirt['row-twice']);
});

test('237 cameras, 90 with AI; each layer has the rows that truth tells', async () => {
  assert.equal(truth.files['摄像头.gpkg'].rows, 237);
  assert.equal(truth.files['摄像头.gpkg'].with_ai, 90);
  for (const [name] of of('layer')) {
    const result = await run('ogrinfo', ['-ro', '-so', '-al', join(dir, name)]);
    assert.match(result.stdout, new RegExp(`Feature Count: ${truth.files[name].rows}\\b`), name);
    assert.ok(truth.files[name].rows > 10, name);
  }
});
