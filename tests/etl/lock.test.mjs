// Loads that have to wait for others, and loads that are ended while they do.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startDistrict } from '../support/district.mjs';

const dir = mkdtempSync(join(tmpdir(), 'mqt-lock-'));
let district;

before(async () => {
  district = await startDistrict({ server: false });
  writeFileSync(join(dir, '设施.csv'), '名称,类别,经度,纬度\n甲,食堂,116.3,39.8\n');
});
after(async () => {
  await district?.stop();
  rmSync(dir, { recursive: true, force: true });
});

// A session that holds what the statement takes until it is let go.
async function hold(statement) {
  const child = spawn('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', district.urls.admin], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(`begin; ${statement}; \\echo held\n`);
  await until(child.stdout, /held/);
  return async () => {
    child.stdin.end('commit;\n');
    await once(child, 'exit');
  };
}
function until(stream, wanted) {
  let text = '';
  return new Promise((done, fail) => {
    stream.on('data', (piece) => {
      text += piece;
      if (wanted.test(text)) done(text);
    });
    stream.on('end', () => fail(new Error(`ended without ${wanted}: ${text}`)));
  });
}
const start = (args, env = {}) => spawn(join(district.build, 'mqt-etl'), args,
  { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, RUN_DIR: district.runDir, MQT_DATABASE_URL: district.urls.etl, ...env } });
const sameSource = "select pg_advisory_xact_lock(746902, hashtext('设施'))";
const newest = () => district.psql('select status, message from etl.run order by id desc limit 1');

test('a second load of a source says that it waits, and goes on when the first has ended', { timeout: 60_000 }, async () => {
  const release = await hold(sameSource);
  const child = start(['load', '设施.csv']);
  await until(child.stderr, /another load of 设施 is under way/);
  await release();
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
  assert.match(await newest(), /^published/);
});

test('a load that is ended while it waits leaves no statement on the server, and no run under way', { timeout: 60_000 }, async () => {
  for (const signal of ['SIGINT', 'SIGKILL']) {
    const release = await hold(sameSource);
    const child = start(['load', '设施.csv']);
    await until(child.stderr, /another load/);
    child.kill(signal);
    await once(child, 'exit');
    const ended = Date.now();
    while (await district.psql("select count(*) from pg_stat_activity where application_name = 'mqt-etl'") !== '0')
      assert.ok(Date.now() - ended < 20_000, `${signal}: the statement is still there`);
    const listed = await district.etl(['runs']);
    assert.equal(listed.code, 0, listed.stderr);
    assert.match(listed.stdout.split('\n')[1], /^\d+\tfailed\t.*the program ended before the run/, signal);
    await release();
  }
});

test('a wait has an end, and a sentence', { timeout: 60_000 }, async () => {
  for (const [statement, args] of [[sameSource, ['设施.csv']], ['lock table twin.facility in access exclusive mode', ['设施.csv', '--source', '又一']]]) {
    const release = await hold(statement);
    const child = start(['load', ...args], { PGOPTIONS: '-c lock_timeout=300ms' });
    const told = until(child.stderr, /^mqt-etl: .*did not let go of the tables in time.*/m);
    const [code] = await once(child, 'exit');
    assert.equal(code, 1);
    await told;
    assert.match(await newest(), /^failed\|.*did not let go/);
    await release();
  }
});

test('a layer is made by one load at a time, and the book names it', { timeout: 60_000 }, async () => {
  const release = await hold("select pg_advisory_xact_lock(746902, hashtext('layer stops'))");
  const child = start(['load', '设施.csv', '--layer', 'stops', '--source', '某某']);
  await until(child.stderr, /another load of layer stops/);
  await release();
  assert.equal((await once(child, 'exit'))[0], 0);
  assert.equal(await district.psql("select target from etl.run where kind = 'layer'"), 'stops');
});
