// `mqt-etl sample --live`: tickets that keep coming, move on and close; signals; a lost database.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { run, startDistrict } from '../support/district.mjs';

const program = resolve(process.env.MQT_BUILD ?? '.build', 'mqt-etl');
const sources = new Set();
let district;

// A small district far from the sample's: 40 houses in four estates, one of which holds half of all people; shops; a few
// tickets that somebody filed, three of them from one home about one thing.
const DISTRICT = `
  insert into twin.area (level, code, name, geom)
    values ('district', '320199', '某区', st_multi(st_makeenvelope(118.79, 31.99, 118.83, 32.03, 4490)));
  insert into twin.building (estate, number, use, floors_above, person_count, geom)
    select '梅园' || (n / 10 + 1), (n % 10 + 1)::text, '住宅', 6, case n when 7 then 1170 else 30 end,
      st_multi(st_makeenvelope(118.80 + (n % 8) * 0.002, 32.00 + n / 8 * 0.002, 118.8006 + (n % 8) * 0.002,
        32.0002 + n / 8 * 0.002, 4490)) from generate_series(0, 39) n;
  insert into twin.unit (building_id, name) select id, '2单元' from twin.building;
  insert into twin.dwelling (unit_id, room) select id, '301室' from twin.unit;
  insert into twin.facility (kind, name, geom)
    select 'shop', '便民店' || n, st_setsrid(st_makepoint(118.8 + n * 0.001, 32.005), 4490) from generate_series(1, 12) n;
  insert into ticket.ticket (number, category, address, location)
    select 'own-' || n, '供暖', '梅园1八号楼老地方', st_setsrid(st_makepoint(118.8141, 32.0001), 4490) from generate_series(1, 3) n;`;

before(async () => {
  district = await startDistrict({ server: false });
  await district.psql(DISTRICT);
});
after(async () => { await district?.stop(); });
// A test that fails must not leave a source behind that the next one meets.
afterEach(async () => { await Promise.all([...sources].map((source) => source.stop())); });

// A live source in a process of its own; end() sends a signal and gives what it said and how it ended.
function live(...args) {
  const child = spawn(program, ['sample', '--live', ...args], {
    env: { ...process.env, RUN_DIR: district.runDir, MQT_DATABASE_URL: district.urls.etl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'])
    child[stream].setEncoding('utf8').on('data', (text) => { said[stream] += text; });
  const exit = once(child, 'close');
  const source = {
    said,
    async stop() {
      sources.delete(source);
      child.kill('SIGKILL');
      await exit;
    },
    async end(signal = 'SIGINT') {
      sources.delete(source);
      child.kill(signal);
      const [code] = await exit;
      const sum = /filed (\d+) tickets, moved them on (\d+) times and closed (\d+); (\d+) are open\n$/.exec(said.stdout);
      assert.ok(sum, said.stdout + said.stderr);
      const [filed, moved, closed, open] = sum.slice(1).map(Number);
      return { ...said, code, filed, moved, closed, open };
    },
  };
  sources.add(source);
  return source;
}

// Asks again and again until the answer suits; a machine may be busy.
async function until(ask, suits, what) {
  const last = performance.now() + 90_000;
  let answer;
  while (performance.now() < last) {
    answer = await ask();
    if (suits(answer)) return answer;
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.fail(`${what}: ${answer}`);
}
const count = async (where = 'true') =>
  Number(await district.psql(`select count(*) from ticket.ticket where source = 'live' and ${where}`));

test('tickets come from the places of the district, go through their states and close', async () => {
  const others = `select md5(string_agg(t::text, '' order by id)) from ticket.ticket t where source <> 'live'`;
  const earlier = await district.psql(others);
  const source = live('6/s', '--steady', '--pace', '1000000', '--seed', '3');
  await until(() => count(`status = 'closed'`), (closed) => closed >= 80, 'closed tickets');
  await until(() => count(`address = '梅园1八号楼老地方' and category = '供暖'`), (again) => again >= 1, 'a home that complains again');
  const { code, filed, moved, closed, open, stderr } = await source.end();
  assert.equal(code, 0);
  assert.equal(stderr, '');
  assert.equal(filed, await count());
  assert.equal(closed, await count(`status = 'closed'`));
  assert.equal(open, filed - closed);
  assert.ok(moved >= 6 * closed, `${moved} steps, ${closed} closed`);
  assert.equal(source.said.stdout.split('\n').filter((line) => /^\d{8}-\w{8} \S+ \S+/.test(line)).length, filed);
  // Every closed ticket has a time, no other one has; nothing of the others was touched.
  assert.equal(await count(`(status = 'closed') <> (closed_at is not null)`), 0);
  assert.equal(await district.psql(others), earlier);
  // Most have a place, within the district; some have none.
  const placed = await count('location is not null');
  assert.ok(placed > filed * 0.8 && placed < filed, `${placed} of ${filed}`);
  assert.equal(await count(`not exists (select from twin.area a where st_intersects(a.geom, location))`), filed - placed);
  // Half of the people live in one house, so about half of what happens at home happens there.
  const home = await count(`address ~ '号楼(2单元301室)?$'`);
  const crowded = await count(`address ~ '^梅园18号楼(2单元301室)?$'`);
  assert.ok(home > filed * 0.4 && crowded > home * 0.25 && crowded < home * 0.75, `${crowded} of ${home}`);
  assert.ok(await count(`address like '便民店%附近'`) > 5, 'outside');
  assert.ok(Number(await district.psql(`select count(distinct category) from ticket.ticket where source = 'live'`)) > 8);
  assert.equal(await count(`description !~ '，.+[。？！]$' or description ~ '[0-9]{7}'`), 0);
});

test('tickets of mobile channels come with pictures that are in the store', async () => {
  const rows = (await district.psql(`select encode(p.sha256, 'hex'), p.stage, t.channel, t.status from ticket.photo p
    join ticket.ticket t on t.id = p.ticket_id where t.source = 'live'`)).split('\n').map((line) => line.split('|'));
  assert.ok(rows.length >= 2, `${rows.length} pictures`);
  for (const [hash, stage, , status] of rows) {
    assert.ok(existsSync(join(district.runDir, 'photos', hash.slice(0, 2), `${hash}.jpg`)), hash);
    assert.ok(stage === 'before' || status === 'closed');
  }
});

test('the next one takes up the open tickets of the last one', async () => {
  const earlier = await count();
  const first = live('20/s', '--steady', '--pace', '1000', '--quiet');
  await until(() => count(), (now) => now >= earlier + 40, 'tickets');
  const { open, stdout } = await first.end('SIGTERM');
  assert.match(stdout, /^filed \d+ tickets/, 'quiet but for the sum');
  assert.ok(open >= 35, `${open} open`);
  const second = live('0.001/d', '--pace', '1000000', '--quiet');
  await until(() => count(`status <> 'closed'`), (left) => left < 5, 'tickets that were taken up');
  const end = await second.end();
  assert.equal(end.filed, 0);
  assert.ok(end.closed > open - 5);
});

test('the number of open tickets comes to rest', async () => {
  const source = live('6/s', '--steady', '--pace', '600000', '--quiet');
  // At this pace a ticket takes about a second.
  const earlier = await count(`status = 'closed'`);
  await until(() => count(`status = 'closed'`), (closed) => closed >= earlier + 30, 'closed tickets');
  const open = [];
  for (let filed = await count(); open.length < 4; filed = await count()) {
    open.push(await count(`status <> 'closed'`));
    await until(() => count(), (now) => now >= filed + 15, 'more tickets');
  }
  const { filed } = await source.end();
  assert.ok(Math.max(...open) < filed / 3 + 10, `${open} open of ${filed}`);
});

test('a rate in the long run: as many as were asked for', async () => {
  const earlier = await count();
  const begun = performance.now();
  const source = live('20/s', '--steady', '--quiet', '--pace', '1');
  await until(() => count(), (now) => now >= earlier + 100, 'tickets');
  const seconds = (performance.now() - begun) / 1000;
  const { filed } = await source.end();
  // A hundred arrivals at 20 a second: 5 s, give or take three standard deviations, and a slow machine.
  assert.ok(seconds > 3.4, `${filed} in ${seconds} s`);
});

test('a lost database is waited for, and told once', async () => {
  const source = live('10/s', '--steady', '--quiet', '--pace', '1');
  const earlier = await count();
  await until(() => count(), (now) => now >= earlier + 20, 'tickets');
  await district.killDatabase();
  await until(() => source.said.stderr, (text) => /waiting for it/.test(text), 'the loss is told');
  await new Promise((done) => setTimeout(done, 2500)); // longer than two attempts
  await district.startDatabase();
  await until(() => source.said.stderr, (text) => /the database is back/.test(text), 'the return is told');
  const back = await count();
  await until(() => count(), (now) => now >= back + 20, 'tickets after the loss');
  const { code, stderr } = await source.end();
  assert.equal(code, 0);
  assert.equal(stderr.match(/waiting for it/g).length, 1);
  assert.equal(stderr.match(/is back/g).length, 1);
});

test('names and addresses of any length are shortened between two characters', async () => {
  await district.psql(`update twin.building set estate = repeat('很长的名字', 60), number = case when id % 2 = 0 then repeat('九', 100) end, name = repeat('a很长', 80);
    update twin.unit set name = repeat('一', 90); update twin.facility set name = 'a' || repeat('店', 150);
    update ticket.ticket set address = 'a' || repeat('址', 150) where source <> 'live'`);
  const before = await count();
  const source = live('10/s', '--steady', '--seed', '5');
  await until(() => count(), (filed) => filed >= before + 60, 'tickets at long names');
  const { code, stderr } = await source.end();
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
});

test('one at a time, and only where there are buildings', async () => {
  const source = live('1/s', '--quiet');
  await until(() => district.psql(`select count(*) from pg_locks where locktype = 'advisory'`), (locks) => locks === '1', 'lock');
  const other = await district.etl(['sample', '--live', '1/s']);
  assert.equal(other.code, 1);
  assert.match(other.stderr, /another live source/);
  assert.equal((await source.end()).code, 0);
  await district.psql('create database bare template template0');
  const bare = await run(program, ['sample', '--live', '60'],
    { env: { MQT_DATABASE_URL: district.urls.etl.replace('minqingtu', 'bare') } });
  assert.equal(bare.code, 1);
  const away = await run(program, ['sample', '--live', '60'], { env: { MQT_DATABASE_URL: 'host=/nowhere' } });
  assert.equal(away.code, 1);
  assert.match(away.stderr, /cannot be reached/);
});

test('wrong use', async () => {
  for (const args of [['--live', 'often'], ['--live', '0'], ['--live'], ['--live', '60', '--out', 'x'], ['--live', '200/s']]) {
    const { code, stderr } = await run(program, ['sample', ...args]);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, /--/);
  }
  const help = await run(program, ['sample', '--live', '60', '--help']);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /--pace/);
});
