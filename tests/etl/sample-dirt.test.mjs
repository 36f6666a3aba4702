// The dirt of the sample, found again in its files by other means than the loader's: GDAL's tools, and
// a few lines of our own for what GDAL loses. Every dirty row must be one that truth.rows.csv names, with its kind.
// MQT_SAMPLE_SCALE=district (or city) asks for a larger sample than community; MQT_SAMPLE_HOUSEHOLDS=1 for a city's registers.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { run } from '../support/district.mjs';
import { readWorkbook } from '../support/workbook.mjs';

const program = resolve(process.env.MQT_BUILD ?? '.build', 'mqt-etl');
const scale = process.env.MQT_SAMPLE_SCALE ?? 'community';
const households = process.env.MQT_SAMPLE_HOUSEHOLDS === '1' ? ['--households'] : [];
const hasPeople = scale !== 'city' || households.length > 0;
const dir = mkdtempSync(join(tmpdir(), 'mqt-dirt-'));
const found = new Map(); // file -> Map(row -> kind)
let truth;
let told; // the same from truth.rows.csv
let kinds; // id -> { share, outcome } from --help
let folders; // of the districts of a city, with a slash; of anything smaller the one without a name
const numbered = new Map(); // file of buildings -> how many have a number
const buildings = new Map(); // folder -> "estate/number" of all of them

const folderOf = (file) => file.slice(0, file.lastIndexOf('/') + 1);
const read = (name, encoding) => new TextDecoder(encoding, { fatal: true }).decode(readFileSync(join(dir, name)));
const table = (text, separator) => text.trimEnd().split('\r\n').map((line) => line.split(separator));

async function ogr(name, ...options) {
  const result = await run('ogr2ogr', ['-f', 'GeoJSONSeq', '/vsistdout/', join(dir, name), ...options], { timeout: 600_000 });
  assert.equal(result.code, 0, result.stderr);
  return result.stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
}

before(async () => {
  const args = ['sample', '--scale', scale, '--seed', '5', '--until', '2026-11-22T16:00', '--out', dir, ...households];
  const made = await run(program, args, { timeout: 3_600_000 });
  assert.equal(made.code, 0, made.stderr);
  truth = JSON.parse(readFileSync(join(dir, 'truth.json'), 'utf8'));
  folders = Object.keys(truth.files).filter((file) => file.endsWith('楼栋.shp')).map(folderOf);
  told = new Map(Object.keys(truth.files).map((file) => [file, new Map()]));
  for (const [file, row, kind] of table(read('truth.rows.csv', 'utf8'), ',').slice(1)) told.get(file).set(Number(row), kind);
  const help = (await run(program, ['sample', '--help'])).stdout;
  const lines = help.matchAll(/^ {2}([a-z-]+) +(?:([\d.]+) %)? +(inserted|merged|quarantined|skipped|rejected) /gm);
  kinds = new Map([...lines].map(([, id, share, outcome]) => [id, { share: Number(share ?? 0) / 100, outcome }]));
});
after(() => rmSync(dir, { recursive: true, force: true }));

function compare(file) {
  const [ours, theirs] = [found, told].map((all) => [...all.get(file)].sort(([a], [b]) => a - b).map((pair) => pair.join(' ')));
  assert.deepEqual(ours, theirs, file);
  const counts = {};
  for (const kind of found.get(file).values()) counts[kind] = (counts[kind] ?? 0) + 1;
  assert.deepEqual(counts, truth.files[file].dirt, file);
}
// Keeps for a file the kind that each row shows.
function keep(file, rows) {
  found.set(file, new Map(rows.filter(([, kind]) => kind)));
}

const invisible = /[\u200b-\u200f\u2060\ufeff]/;
const wide = /[\uff10-\uff19]/;
const numerals = '〇一二三四五六七八九';
const isNumeral = (text) => [...text].some((letter) => numerals.includes(letter));
const figures = (text) => [...text.normalize('NFKC').replaceAll(new RegExp(invisible, 'g'), '')]
  .map((letter) => (numerals.includes(letter) ? numerals.indexOf(letter) : letter)).join('');
const bare = (text) => figures(text).replace(/(号楼|单元|栋|幢|座|#|门|号|室)$/, '');
const absent = (text) => ['', '无', '—'].includes(text ?? '');

test('buildings: numbers in other words, rows twice', async () => {
  for (const folder of folders) {
    const file = `${folder}楼栋.shp`;
    const seen = new Set();
    const rows = (await ogr(file, '-oo', 'ENCODING=GBK', '-nlt', 'NONE')).map(({ properties }, i) => {
      const { 楼栋编号: code, 楼栋号: number } = properties;
      const kind = seen.has(code) ? 'row-twice' : !number ? null
        : wide.test(number) ? 'full-width' : isNumeral(number) ? 'numerals' : /[栋幢#座]$/.test(number) ? 'other-word' : null;
      seen.add(code);
      return [i + 1, kind, `${properties['小区名称']}/${number ? bare(number) : ''}`];
    });
    buildings.set(folder, new Set(rows.map(([, , place]) => place)));
    numbered.set(file, rows.filter(([, kind, place]) => kind !== 'row-twice' && !place.endsWith('/')).length);
    keep(file, rows);
    compare(file);
  }
});

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checkDigit = (number) => '10X98765432'[weights.reduce((sum, weight, i) => sum + weight * number[i], 0) % 11];
function isDate(text) {
  const [, year, month, day] = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(text);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === Number(day);
}
const modern = (id) => (/^\d{15}$/.test(id) ? `${id.slice(0, 6)}19${id.slice(6)}${checkDigit(`${id.slice(0, 6)}19${id.slice(6)}`)}` : id);

function idKind({ text = '', number = false } = {}) {
  if (number) return 'id-as-number';
  if (absent(text)) return 'id-absent';
  if (wide.test(text)) return 'id-full-width';
  if (/[Хx]$/.test(text)) return 'id-cyrillic';
  if (/^P/.test(text)) return 'id-other';
  if (/^\d{15}$/.test(text)) return 'id-old';
  if (text.length !== 18) return 'id-length';
  if (!isDate(text.slice(6, 14))) return 'id-date';
  return checkDigit(text) === text[17] ? null : 'id-checksum';
}

// How the row says where it is, whatever else is wrong with it.
function placeKind(row, folder) {
  if (row.filled && (row.estate === undefined || row.number === undefined)) return 'broken-merge';
  if (/^\S+-\d+-\d+$/.test(row.room)) return 'all-in-room';
  if (absent(row.room)) return 'room-missing';
  if (absent(row.unit)) return 'unit-missing';
  if (!buildings.get(folder).has(`${row.estate}/${bare(row.number)}`)) return 'building-unknown';
  const all = row.filled ? row.unit + row.room : row.number + row.unit + row.room;
  if (invisible.test(all)) return 'zero-width';
  if (wide.test(all)) return 'full-width';
  if (isNumeral(all)) return 'numerals';
  return /[栋幢#座]$/.test(row.number) || /门$/.test(row.unit) ? 'other-word' : null;
}

function readRegister(file) {
  const { rows, merges } = readWorkbook(join(dir, file));
  const columns = rows.get(3).map((cell) => cell?.text);
  const at = (name) => columns.indexOf(name);
  const last = new Map();
  for (const { column, first, last: end } of merges.filter((merge) => merge.first > 3)) {
    for (let row = first + 1; row <= end; row++) {
      assert.equal(rows.get(row)[column], undefined, `a cell below another of its range: ${file} row ${row}`);
      rows.get(row)[column] = rows.get(first)[column];
      last.set(row, true);
    }
    last.set(first, true);
  }
  const text = (cells, name) => cells[at(name)]?.text;
  const people = [...rows].filter(([number, cells]) => number > 3 && !['合计', '小计'].includes(cells[0].text)).map(([number, cells]) => ({
    row: number, filled: last.has(number), estate: text(cells, '小区名称'), number: text(cells, '楼号'),
    unit: text(cells, '单元'), room: text(cells, '房号'), id: cells[at('身份证号')], phone: text(cells, '手机号'), entered: text(cells, '登记日期'),
    name: text(cells, '姓名'),
  }));
  const totals = [...rows].filter(([number, cells]) => number > 3 && ['合计', '小计'].includes(cells[0].text)).map(([number]) => [number, 'total']);
  return { people, totals, title: rows.get(1), filledDown: merges.filter((merge) => merge.first > 3 && merge.column === at('楼号')).reduce((sum, { first, last: end }) => sum + end - first, 0) };
}

// Which of the rows without a unit can be filled: by the rows that say theirs and are not refused.
function settleUnits(people, kindOf) {
  const refused = (kind) => kinds.get(kind)?.outcome === 'rejected' || kind === 'building-unknown';
  const known = new Map(); // building -> Map(unit -> Set(room))
  for (const row of people) {
    if (refused(kindOf.get(row)) || kindOf.get(row) === 'unit-missing') continue;
    const [number, unit, room] = /-/.test(row.room) ? row.room.split('-') : [row.number, row.unit, row.room].map(bare);
    const building = `${row.estate}/${bare(number)}`;
    if (!known.has(building)) known.set(building, new Map());
    const units = known.get(building);
    if (!units.has(unit)) units.set(unit, new Set());
    units.get(unit).add(bare(room));
  }
  for (const row of people.filter((person) => kindOf.get(person) === 'unit-missing')) {
    const units = known.get(`${row.estate}/${bare(row.number)}`);
    const fitting = [...units.values()].filter((rooms) => rooms.has(bare(row.room)));
    kindOf.set(row, fitting.length === 1 || units.size === 1 ? 'unit-fillable' : 'unit-ambiguous');
  }
}

function settleRepeats(people, kindOf) {
  const entries = new Map(); // person -> dwellings
  for (const row of people) {
    const id = modern((row.id?.text ?? '').normalize('NFKC').toUpperCase().replace('Х', 'X'));
    if (!/^(\d{17}[\dX]|P\d+)$/.test(id)) continue;
    const dwelling = [row.estate, ...(/-/.test(row.room) ? row.room.split('-') : [row.number, row.unit ?? '', row.room ?? '']).map(bare)].join('/');
    const dwellings = entries.get(id);
    if (dwellings) kindOf.set(row, dwellings.has(dwelling) ? 'row-twice' : 'person-in-two-dwellings');
    entries.set(id, (dwellings ?? new Set()).add(dwelling));
  }
}

test('registers: people, addresses, merged cells, titles and totals', () => {
  const files = Object.keys(truth.files).filter((file) => file.endsWith('.xlsx'));
  assert.equal(files.length > 0, hasPeople);
  for (const file of files) {
    const { people, totals, title, filledDown } = readRegister(file);
    assert.match(title[0].text, /户籍登记表/);
    assert.equal(people.length, truth.files[file].person_rows);
    assert.equal(filledDown, truth.files[file].rows_filled_down);
    const kindOf = new Map(people.map((row) => {
      const kind = placeKind(row, folderOf(file)) ?? (row.phone === '无' ? 'absent-mark' : isDate(row.entered) ? null : 'entry-date') ?? idKind(row.id);
      return [row, kind];
    }));
    settleUnits(people, kindOf);
    settleRepeats(people, kindOf);
    keep(file, [[1, 'title'], [3, 'header-below'], ...totals, ...people.map((row) => [row.row, kindOf.get(row)])]);
    compare(file);
  }
});

function placeOf(lon, lat, centre) {
  const [x, y] = [Number(lon), Number(lat)];
  if (lon === '') return null;
  if (lon === '无') return 'place-missing';
  if (/°.*′.*″/.test(lon) && /°.*′.*″/.test(lat)) return 'place-dms';
  if (x === 0 && y === 0) return 'place-zero';
  if (x > 1e7) return 'place-metres';
  if (x > 1e6) return 'place-packed-dms';
  if (y > 90) return 'place-swapped';
  return centre(x, y) ? null : 'place-outside';
}
// True for what lies in the grids' box, or, shifted, half a kilometre beside it.
async function nearGrids() {
  const grids = (await ogr('行政区划.gpkg', '-where', "级别 = '网格'")).map(({ geometry }) => geometry.coordinates.flat(geometry.type === 'Polygon' ? 1 : 2));
  const [xs, ys] = [0, 1].map((axis) => grids.flat().map((spot) => spot[axis]));
  const range = (values) => values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  const [[west, east], [south, north]] = [range(xs), range(ys)];
  return (x, y) => x > west - 0.01 && x < east + 0.01 && y > south - 0.01 && y < north + 0.01;
}

test('facilities: GBK with title and sum, UTF-16 in degrees and minutes, metres under a header of two rows', async () => {
  const centre = await nearGrids();
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const rightCode = (code) => alphabet[(31 - [...code].slice(0, 17).reduce((sum, letter, i) => sum + alphabet.indexOf(letter) * (3 ** i % 31), 0) % 31) % 31] === code[17];
  for (const folder of folders) {
    assert.throws(() => read(`${folder}公共设施.csv`, 'utf-8'), 'GBK is not UTF-8');
    const rows = table(read(`${folder}公共设施.csv`, 'gbk'), ',');
    const seen = new Set();
    assert.deepEqual(rows[1], ['设施类型', '名称', '地址', '联系电话', '统一社会信用代码', '经度', '纬度']);
    keep(`${folder}公共设施.csv`, rows.map((row, i) => {
      if (i === 1) return [];
      if (i === 0 || i === rows.length - 1) return [i + 1, i === 0 ? 'title' : 'total'];
      const [kind, name, address, phone, code, lon, lat] = row;
      const twice = seen.has(kind + name);
      seen.add(kind + name);
      return [i + 1, twice ? 'row-twice' : placeOf(lon, lat, centre) ?? (wide.test(address) ? 'full-width' : phone === '无' ? 'absent-mark' : code && !rightCode(code) ? 'credit-code' : null)];
    }));
    compare(`${folder}公共设施.csv`);

    assert.deepEqual([...readFileSync(join(dir, `${folder}充电设施.txt`)).subarray(0, 2)], [0xff, 0xfe]);
    const chargers = table(read(`${folder}充电设施.txt`, 'utf-16le'), '\t');
    keep(`${folder}充电设施.txt`, chargers.slice(1).map((row, i) => [i + 2, placeOf(row[3], row[4], centre)]));
    compare(`${folder}充电设施.txt`);

    const sheds = table(read(`${folder}自行车棚.csv`, 'utf-8'), ',');
    assert.deepEqual([sheds[0].length, sheds[1].slice(0, 4), sheds[2]], [1, ['设施类型', '名称', '地址', '位置'], ['', '', '', 'X坐标', 'Y坐标']]);
    assert.ok(sheds.slice(3).every((row) => /^39\d{6}\.\d\d$/.test(row[3]) && /^4\d{6}\.\d\d$/.test(row[4])));
    keep(`${folder}自行车棚.csv`, [[1, 'title'], [3, 'header-below']]);
    compare(`${folder}自行车棚.csv`);
  }
});

test('tickets: places, times, words, numbers', async () => {
  const centre = await nearGrids();
  for (const folder of folders) {
    const text = read(`${folder}民情诉求.csv`, 'utf-8'); // the decoder takes the mark off
    const rows = table(text, ',');
    const head = rows[0];
    const channels = new Set(['12345热线', '微信小程序', '物业客服', '网格巡查', '入户走访', '居民接待日', '意见箱', '扫码上报', 'AI摄像头', '消防传感器']);
    const seen = new Set();
    keep(`${folder}民情诉求.csv`, rows.slice(1).map((row, i) => {
      const ticket = Object.fromEntries(head.map((name, column) => [name, row[column]]));
      const number = figures(ticket['工单编号']);
      const twice = seen.has(number);
      seen.add(number);
      const kind = twice ? 'row-twice' : wide.test(ticket['工单编号']) ? 'full-width' : invisible.test(ticket['工单编号']) ? 'zero-width'
        : !isDate(ticket['诉求时间'].slice(0, 10)) ? 'date-impossible' : ticket['地址'] === '—' ? 'absent-mark' : !channels.has(ticket['诉求渠道']) ? 'unknown-word'
        : ticket['办结时间'] !== '' && ticket['办结时间'] < ticket['诉求时间'] ? 'closed-before' : placeOf(ticket['经度'], ticket['纬度'], centre);
      return [i + 2, kind];
    }));
    compare(`${folder}民情诉求.csv`);
  }
});

test('the other layers are clean and as long as told', async () => {
  for (const file of Object.keys(truth.files).filter((name) => name.endsWith('.gpkg'))) {
    assert.deepEqual(truth.files[file].dirt, {}, file);
    const { stdout } = await run('ogrinfo', ['-ro', '-so', '-al', join(dir, file)]);
    assert.match(stdout, new RegExp(`Feature Count: ${truth.files[file].accounting.read}\\b`), file);
  }
});

test('every kind of dirt is there, at its stated share', () => {
  const all = new Set([...found.values()].flatMap((rows) => [...rows.values()]));
  const ofRegisters = /^(id-|unit-|entry-|building-|room-|all-in-room|person-)/;
  assert.deepEqual([...all].sort(), [...kinds.keys()].filter((kind) => hasPeople || !ofRegisters.test(kind)).sort());
  for (const [file, rows] of found) {
    const { dirt: counts, accounting: { read: all, skipped }, persons } = truth.files[file];
    const size = persons ?? all - skipped - (counts['row-twice'] ?? 0);
    for (const [kind, count] of Object.entries(counts)) {
      const most = kind !== 'row-twice' && numbered.has(file) ? Math.floor(numbered.get(file) / 10) : Infinity;
      const wanted = Math.max(1, Math.min(most, Math.round(kinds.get(kind).share * size)));
      if (kinds.get(kind).share === 0 || count === rows.size) continue; // structure, or a file that is all of one kind
      const message = `${kind} in ${file}: ${count} of ${size}, not ${wanted}`;
      // Which of the two a row without a unit is, the ground decides: an estate of towers has no ambiguous one.
      if (kind.startsWith('unit-')) assert.ok(count <= 2 * wanted + 1, message);
      // A row that two kinds fall on has one of them.
      else assert.ok(Math.abs(count - wanted) <= Math.max(1, wanted * 0.02), message);
    }
  }
});

test('the accounting of truth.json follows from the rows', () => {
  for (const [file, { accounting, dirt }] of Object.entries(truth.files)) {
    const by = { inserted: accounting.read, merged: 0, quarantined: 0, skipped: 0, rejected: 0 };
    for (const [kind, count] of Object.entries(dirt)) {
      by.inserted -= count;
      by[kinds.get(kind).outcome] += count;
    }
    assert.deepEqual({ read: accounting.read, ...by }, accounting, file);
  }
});
