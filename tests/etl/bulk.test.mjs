// Large loads: what they leave is what small ones leave, and a load that is cut off leaves nothing.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startDistrict } from '../support/district.mjs';

const ROWS = 20_500; // above what etl.begin_bulk calls many
const dir = mkdtempSync(join(tmpdir(), 'mqt-bulk-'));
let district;

before(async () => {
  district = await startDistrict({ server: false });
});
after(async () => {
  await district?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const load = (...args) => district.load(args, { cwd: dir });
const shape = () => district.psql(`select string_agg(line, E'\\n' order by line) from (
  select pg_get_indexdef(indexrelid) as line from pg_index where indrelid in ('twin.building'::regclass, 'ticket.ticket'::regclass)
  union all select tgname || tgenabled::text from pg_trigger
    where tgrelid in ('twin.building'::regclass, 'ticket.ticket'::regclass) and not tgisinternal) l`);

// A lattice of houses of 20 m, 43 m apart.
const at = (i) => [116 + (i % 200) * 0.0005, 39.5 + Math.floor(i / 200) * 0.0005];
function houses(name, { from = 0, taller = 0, broken = false } = {}) {
  const features = Array.from({ length: ROWS }, (_, n) => {
    const [x, y] = at(from + n), [e, f] = [x + 0.00023, y + 0.00018];
    // The first one crosses itself and is repaired, the second one is a line on itself and is not.
    const ring = broken && n === 0 ? [[x, y], [e, f], [e, y], [x, f], [x, y]]
      : broken && n === 1 ? [[x, y], [e, y], [x, y], [x, y]] : [[x, y], [e, y], [e, f], [x, f], [x, y]];
    return { type: 'Feature', properties: { code: `B${from + n}`, floors: n < taller ? 9 : 6 }, geometry: { type: 'Polygon', coordinates: [ring] } };
  });
  if (broken) features.push(features[5]);
  writeFileSync(join(dir, name), JSON.stringify({ type: 'FeatureCollection', features }));
  return [name, '--kind', 'building', '--source', 'houses'];
}
// In a house, 8 m beside it, 20 m beside it, nowhere.
const beside = [[0.0001, 0.0001], [0.00032, 0.0001], [0.0001, 0.00036], null];
function tickets(name, count, { source = 'tickets', prefix = 'T' } = {}) {
  const rows = Array.from({ length: count }, (_, n) => {
    const [x, y] = at(n % ROWS), d = beside[n % 4];
    return `${prefix}${n},2026-11-01 08:00:00,噪声,${d ? (x + d[0]).toFixed(6) : ''},${d ? (y + d[1]).toFixed(6) : ''}`;
  });
  writeFileSync(join(dir, name), `工单编号,诉求时间,诉求类别,经度,纬度\n${rows.join('\n')}\n`);
  return [name, '--kind', 'ticket', '--source', source];
}
function counted(counts, wanted) {
  const all = { inserted: 0, updated: 0, unchanged: 0, merged: 0, quarantined: 0, skipped: 0, rejected: 0, ...wanted };
  for (const [name, count] of Object.entries(all)) assert.equal(counts[name], count, `${name} in ${JSON.stringify(counts)}`);
}

test('buildings: every row is accounted for, indexes and triggers are as before, one reload is announced', { timeout: 120_000 }, async () => {
  const before = await shape();
  const first = await load(...houses('houses.geojson', { broken: true }));
  counted(first, { inserted: ROWS - 1, merged: 1, rejected: 1 });
  assert.equal(await shape(), before);
  assert.equal(await district.psql("select string_agg(distinct kind, ',') from feed.change where layer = 'building'"), 'reload');
  assert.equal(await district.psql("select count(*) from twin.building where not st_isvalid(geom)"), '0');

  const again = await load('houses.geojson', '--kind', 'building', '--source', 'houses');
  counted(again, { unchanged: ROWS - 1, merged: 1, rejected: 1 });
  const changed = await load(...houses('taller.geojson', { taller: 40 }));
  counted(changed, { inserted: 1, updated: 39, unchanged: ROWS - 40 });
  assert.equal(await district.psql('select count(*) from twin.building where floors_above = 9'), '40');
});

test('tickets: places are those that one by one would have got', { timeout: 120_000 }, async () => {
  const before = await shape();
  const many = await load(...tickets('tickets.csv', ROWS));
  counted(many, { inserted: ROWS });
  assert.equal(await shape(), before);
  const few = await load(...tickets('few.csv', 400, { source: 'few' }));
  counted(few, { inserted: 400 });
  assert.equal(await district.psql(`select count(*) from ticket.ticket a join ticket.ticket b using (number)
    where a.source = 'tickets' and b.source = 'few'
      and (a.building_id, a.geom, a.location) is distinct from (b.building_id, b.geom, b.location)`), '0');
  assert.equal(await district.psql(`select count(*) filter (where building_id is not null) || ' ' || count(*) filter (where geom is not null)
    || ' ' || count(*) from ticket.ticket where source = 'few'`), '200 300 400');
  assert.equal(await district.psql("select string_agg(distinct kind, ',') from feed.change where layer = 'ticket' and id <= (select min(id) from feed.change where layer = 'ticket')"), 'reload');

  const again = await load('tickets.csv', '--kind', 'ticket', '--source', 'tickets');
  counted(again, { unchanged: ROWS });
});

test('buildings that come after many tickets find them', { timeout: 120_000 }, async () => {
  await district.psql('delete from ticket.ticket; delete from twin.building');
  await load(...tickets('early.csv', ROWS, { source: 'early' }));
  assert.equal(await district.psql('select count(*) from ticket.ticket where building_id is not null'), '0');
  const late = await load(...houses('late.geojson'));
  counted(late, { inserted: ROWS });
  assert.equal(await district.psql('select count(*) from ticket.ticket where building_id is not null'), String(ROWS / 2));
});

test('a large load that is killed while it publishes leaves all as it was', { timeout: 120_000 }, async () => {
  await district.psql('delete from ticket.ticket; delete from twin.building');
  const before = await shape();
  const args = houses('killed.geojson');
  // The feed cannot be written, so the load stands still at its very end, its indexes made again.
  const holder = spawn('psql', ['-XAtq', district.urls.admin], { stdio: ['pipe', 'pipe', 'inherit'] });
  holder.stdin.write('begin; lock table feed.change in share mode; \\echo held\n');
  await once(holder.stdout, 'data');
  const child = spawn(join(district.build, 'mqt-etl'), ['load', ...args],
    { cwd: dir, stdio: 'ignore', env: { ...process.env, RUN_DIR: district.runDir, MQT_DATABASE_URL: district.urls.etl } });
  const stands = "select count(*) from pg_stat_activity where application_name = 'mqt-etl' and wait_event_type = 'Lock'";
  const began = Date.now();
  while (await district.psql(stands) !== '1') assert.ok(Date.now() - began < 60_000, 'the load does not come to its end');
  child.kill('SIGKILL');
  await once(child, 'exit');
  holder.stdin.end('commit;\n');
  while (await district.psql("select count(*) from pg_stat_activity where application_name = 'mqt-etl'") !== '0')
    assert.ok(Date.now() - began < 90_000, 'the statement is still there');
  assert.equal(await shape(), before);
  assert.equal(await district.psql('select count(*) from twin.building'), '0');
  assert.equal(await district.psql('select count(*) from etl.put_aside'), '0');
  const whole = await load(...args);
  counted(whole, { inserted: ROWS });
});

test('two loads that change tickets and bring many: one after the other, and neither waits for what the other waits for', { timeout: 120_000 }, async () => {
  const sources = ['one', 'two'];
  for (const source of sources) await load(...tickets(`${source}.csv`, 40, { source, prefix: source }));
  // Both have their rows changed before a table is taken whole, unless the one keeps the other from it.
  const holder = spawn('psql', ['-XAtq', district.urls.admin], { stdio: ['pipe', 'pipe', 'inherit'] });
  holder.stdin.write('begin; lock table twin.building in row exclusive mode; \\echo held\n');
  await once(holder.stdout, 'data');
  for (const source of sources) {
    tickets(`${source}.csv`, ROWS, { source, prefix: source });
    const path = join(dir, `${source}.csv`);
    writeFileSync(path, readFileSync(path, 'utf8').replace('噪声', '停车'));
  }
  const loads = sources.map((source) => load(`${source}.csv`, '--kind', 'ticket', '--source', source));
  const began = Date.now();
  while (await district.psql("select count(*) from pg_stat_activity where application_name = 'mqt-etl' and wait_event_type = 'Lock'") !== '2')
    assert.ok(Date.now() - began < 60_000, 'the loads do not come to where they wait');
  holder.stdin.end('commit;\n');
  for (const counts of await Promise.all(loads)) counted(counts, { inserted: ROWS - 40, updated: 1, unchanged: 39 });
});
