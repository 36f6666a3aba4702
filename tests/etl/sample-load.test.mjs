// The sample as the loader sees it: its accounting equals truth.json exactly, file by file and row by row.
// MQT_SAMPLE_SCALE=district (or city) asks for a larger one than community; MQT_SAMPLE_HOUSEHOLDS=1 for a city's registers.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { accounting, run, startDistrict } from '../support/district.mjs';

const scale = process.env.MQT_SAMPLE_SCALE ?? 'community';
const households = process.env.MQT_SAMPLE_HOUSEHOLDS === '1' ? ['--households'] : [];
const hasPeople = scale !== 'city' || households.length > 0;
const seed = process.env.MQT_SAMPLE_SEED ?? '7';
const whole = scale === 'community'; // small enough to be loaded twice
const timeout = whole ? 120_000 : 3_600_000;
const dir = mkdtempSync(join(tmpdir(), 'mqt-sample-load-'));
const none = { read: 0, inserted: 0, updated: 0, unchanged: 0, merged: 0, quarantined: 0, skipped: 0, rejected: 0 };
let district;
let truth;
let dirty; // truth.rows.csv: [file, row, dirt, outcome, code]
let lines;

before(async () => {
  district = await startDistrict({ server: false });
  const args = ['sample', '--scale', scale, '--seed', seed, '--until', '2026-11-22T16:00', '--out', dir, ...households];
  const made = await run(join(district.build, 'mqt-etl'), args, { timeout });
  assert.equal(made.code, 0, made.stderr);
  truth = JSON.parse(readFileSync(join(dir, 'truth.json'), 'utf8'));
  lines = readFileSync(join(dir, 'load.list'), 'utf8').trimEnd().split('\n').map((line) => line.split(' '));
  dirty = readFileSync(join(dir, 'truth.rows.csv'), 'utf8').trimEnd().split('\r\n').slice(1).map((line) => line.split(','));
});
after(async () => {
  await district?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const counts = ({ run: id, kind, ...rest }) => rest;
const rowsOf = async (table, id) =>
  (await district.psql(`select file_row || ',' || reason_code from etl.${table} where run_id = ${id} order by file_row`))
    .split('\n').filter(Boolean);
const expected = (file, outcome) =>
  dirty.filter((row) => row[0] === file && row[3] === outcome)
    .sort((a, b) => a[1] - b[1]).map(([, row, , , code]) => `${row},${code}`);

async function load(args) {
  const [file] = args;
  const told = await district.load(args, { cwd: dir, timeout });
  assert.deepEqual(await rowsOf('reject', told.run), expected(file, 'rejected'), `rejects of ${file}`);
  assert.deepEqual(await rowsOf('review', told.run), expected(file, 'quarantined'), `reviews of ${file}`);
  const warnings = JSON.parse(await district.psql(`select warnings from etl.run where id = ${told.run}`));
  assert.deepEqual(warnings, truth.files[file].warnings, `warnings of ${file}`);
  return told;
}

test('every file: each row goes the way that truth says', async () => {
  assert.deepEqual(lines.map(([file]) => file).sort(), Object.keys(truth.files).sort());
  for (const args of lines) {
    const told = await load(args);
    assert.deepEqual(counts(told), { ...none, ...truth.files[args[0]].accounting }, args[0]);
  }
  assert.equal(await district.psql("select count(*) from etl.run where status <> 'published'"), '0');
  const kept = (kind) => lines.filter((args) => args[2] === kind)
    .reduce((sum, [file]) => sum + truth.files[file].accounting.inserted, 0);
  assert.equal(Number(await district.psql('select count(*) from registry.person')), kept('household'));
  assert.equal(Number(await district.psql('select count(*) from ticket.ticket')), kept('ticket'));
  assert.equal(Number(await district.psql('select count(*) from twin.facility')), kept('facility'));
  assert.equal(Number(await district.psql('select sum(person_count) from twin.building')), kept('household'));
});

test('what waits for a person has its distance and its candidates', async () => {
  const reviews = (await district.psql("select reason_code, jsonb_array_length(candidates), candidates->0 from etl.review"))
    .split('\n').map((line) => line.split('|'));
  const ofPeople = { 'building-unknown': [1, 'distance'], 'unit-ambiguous': [2, 'unit'] };
  const least = { 'place-outside-grids': [3, 'distance_m'], ...(hasPeople ? ofPeople : {}) };
  assert.deepEqual([...new Set(reviews.map(([code]) => code))].sort(), Object.keys(least).sort());
  for (const [code, candidates, first] of reviews) {
    assert.ok(Number(candidates) >= least[code][0], `${code} ${candidates}`);
    assert.ok(least[code][1] in JSON.parse(first), first);
  }
  assert.ok(reviews.every(([code, , first]) => code !== 'place-outside-grids' || JSON.parse(first).distance_m > 2000));
});

test('the same files again: unchanged, and the same rows refused and kept back', { skip: !whole }, async () => {
  for (const args of lines) {
    const told = await load(args);
    const { inserted, ...others } = truth.files[args[0]].accounting;
    assert.deepEqual(counts(told), { ...none, ...others, unchanged: inserted }, args[0]);
  }
});

test('what arrives again in 再次报送: a repeated file is unchanged, half a file publishes nothing', { skip: scale === 'city' }, async () => {
  const state = () => district.psql("select (select count(*) from twin.facility), (select count(*) from ticket.ticket), (select count(*) from registry.person), (select count(*) from etl.reject), (select max(xid::text::bigint) from feed.change)");
  assert.deepEqual([...new Set(Object.values(truth.redelivered).map(({ what }) => what))].sort(), ['cut', 'repeated']);
  for (const [path, { what, arguments: options, exit, accounting: wanted }] of Object.entries(truth.redelivered)) {
    const before = await state();
    const result = await district.etl(['load', path, ...options], { cwd: dir, timeout });
    assert.equal(result.code, exit, `${path}: ${result.stderr}`);
    if (what === 'cut') {
      assert.equal(await state(), before, path);
      assert.match(result.stderr, /breaks off|damaged|not a readable/, path);
      assert.equal(await district.psql(`select status from etl.run where file = '${basename(path)}' order by id desc limit 1`), 'failed');
    } else {
      assert.deepEqual(counts(accounting(result.stdout)), { ...none, ...wanted }, path);
    }
  }
});

test('a second register beside the first does not take minutes for want of statistics or an index', { skip: !whole }, async () => {
  const other = await district.load(['户籍登记.xlsx', '--kind', 'household', '--source', '另一册'], { cwd: dir, timeout: 60_000 });
  assert.equal(other.inserted, truth.files['户籍登记.xlsx'].accounting.inserted);
});
