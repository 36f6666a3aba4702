// mqt-server as a program: its options, its exit codes, its first minutes.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { startDistrict } from '../support/district.mjs';
import { ask, Stream, until } from './client.mjs';

let district;
let program;

before(async () => {
  district = await startDistrict();
  program = resolve(district.build, 'mqt-server');
});
after(() => district?.stop());

function run(args, env = {}) {
  return new Promise((done) => {
    execFile(program, args, { timeout: 20_000, env: { ...process.env, MQT_DATABASE_URL: district.urls.web, ...env } },
      (error, stdout, stderr) => done({ code: error ? error.code : 0, stdout, stderr }));
  });
}

test('--help and --version', async () => {
  const help = await run(['--help']);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /usage: mqt-server/);
  for (const option of ['--port', '--listen', '--web', '--styles', '--run-dir', 'MQT_VIEW_TOKEN', 'MQT_DATABASE_URL'])
    assert.match(help.stdout, new RegExp(option));
  const version = await run(['--version']);
  assert.equal(version.code, 0);
  assert.match(version.stdout, /^mqt-server \d+\.\d+\.\d+\n$/);
});

test('wrong use is exit 2 with one line that names it', async () => {
  for (const [args, env, name] of [[['--port', 'x'], {}, '--port'], [['--nope'], {}, '--nope'], [['--web'], {}, '--web'],
    [[], { PORT: '99999' }, 'PORT'], [[], { MQT_VIEW_TOKEN: 'short' }, 'MQT_VIEW_TOKEN']]) {
    const result = await run(args, env);
    assert.equal(result.code, 2, name);
    assert.equal(result.stdout, '');
    assert.match(result.stderr, new RegExp(`^mqt-server: [^\\n]*${name}[^\\n]*\\n$`));
    assert.doesNotMatch(result.stderr, /short/);
  }
});

test('a port that is taken is exit 1', async () => {
  const result = await run(['--port', new URL(district.url).port]);
  assert.equal(result.code, 1);
  assert.match(result.stderr, /start-failed .*in use/);
  const address = await run(['--port', '0', '--listen', 'localhost']);
  assert.equal(address.code, 1);
  assert.match(address.stderr, /start-failed .*localhost/);
});

test('it starts without a database, says so, and is whole once there is one', async () => {
  const before = await Stream.open(district.url);
  await district.stopServer();
  assert.ok(before.ended || (await until('the stream ends', () => before.ended, 2000)));
  await district.killDatabase();
  const { url } = district;
  const started = district.startServer({ timeout: 40_000 });
  await until('it answers', async () => (await ask(url, '/healthz').catch(() => ({}))).status === 200);
  const ready = await ask(url, '/readyz');
  assert.equal(ready.status, 503);
  assert.equal(ready.json.loaded, false);
  assert.ok(ready.json.cause.length > 0);
  for (const path of ['/tiles', '/tiles/map.json', '/tiles/building/1/0/0.mvt', '/tiles/map/1/0/0.png', '/heat/1/0/0.png',
    '/ogc/collections', '/ogc/collections/building/items', '/search?q=a', '/stats/summary', '/stats/tickets']) {
    const answer = await ask(url, path);
    assert.equal(answer.status, 503, path);
    assert.ok(Number(answer.headers['retry-after']) > 0, path);
  }
  assert.equal((await ask(url, '/tiles/building/99/0/0.mvt')).status, 400);
  await district.startDatabase();
  await started;
  assert.equal((await ask(url, '/readyz')).status, 200);
  assert.equal((await ask(url, '/tiles')).status, 200);
});

test('it ends while it still waits for a database', async () => {
  await district.stopServer();
  await district.killDatabase();
  const started = district.startServer({ timeout: 20_000 }).catch((error) => error);
  await until('it answers', async () => (await ask(district.url, '/healthz').catch(() => ({}))).status === 200);
  await district.stopServer();
  assert.match((await started).message, /ended with 0/);
});
