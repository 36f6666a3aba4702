// Bad input is refused by name, before any SQL: here the database is not even there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDistrict } from '../support/district.mjs';
import { ask, raw } from './client.mjs';

let district;
const get = (path, options) => ask(district.url, path, options);

before(async () => {
  district = await startDistrict();
  await district.killDatabase();
});
after(() => district?.stop());

const bad = [
  ['/tiles/building/23/0/0.mvt', 'z'],
  ['/tiles/building/x/0/0.mvt', 'z'],
  ['/tiles/building/-1/0/0.mvt', 'z'],
  ['/tiles/building/1/2/0.mvt', 'x'],
  ['/tiles/building/1/1.5/0.mvt', 'x'],
  ['/tiles/building/1/0/2.mvt', 'y'],
  ['/tiles/building/1/0/%27.mvt', 'y'],
  ['/tiles/building/1/0/0.gif', 'format'],
  ['/tiles/building,building/1/0/0.mvt', 'layer'],
  ['/tiles/map/1/0/0.png?size=1024', 'size'],
  ['/tiles/map/1/0/0.png?style=nothing', 'style'],
  ['/tiles/map/1/0/0.png?style=..%2fsecret', 'style'],
  ['/heat/1/0/0.png?window=7w', 'window'],
  ['/heat/1/0/0.png?from=soon', 'from'],
  ['/heat/1/0/0.png?to=2026-02-30', 'to'],
  ['/heat/1/0/0.png?half_life=-1d', 'half_life'],
  ['/heat/1/0/0.png?category=', 'category'],
  ['/heat/1/0/0.png?channel=,', 'channel'],
  ['/heat/1/0/0.png?status=a,,b', 'status'],
  ['/heat/1/0/0.png?size=', 'size'],
  ['/heat/25/0/0.png', 'z'],
  ['/ogc/collections/building/items?bbox=1,2,3', 'bbox'],
  ['/ogc/collections/building/items?bbox=1,2,3,nan', 'bbox'],
  ['/ogc/collections/building/items?bbox=5,2,3,4', 'bbox'],
  ['/ogc/collections/building/items?limit=0', 'limit'],
  ['/ogc/collections/building/items?limit=10001', 'limit'],
  ['/ogc/collections/building/items?limit=1;drop', 'limit'],
  ['/ogc/collections/building/items?offset=-1', 'offset'],
  ['/ogc/collections/building/items?after=x', 'after'],
  ['/ogc/collections/building/items?f=xml', 'f'],
  ['/ogc/collections/building/items?unknown=1', 'unknown'],
  ['/ogc/collections/building/items/seven', 'id'],
  ['/stats/building/0', 'id'],
  ['/stats/building/1%20or%201=1', 'id'],
  ['/stats/building/0/units', 'id'],
  ['/stats/building/x/units', 'id'],
  ['/areas/0', 'id'],
  ['/areas/first', 'id'],
  ['/areas/99999999999999999999', 'id'],
  ['/areas?lon=116', 'lat'],
  ['/areas?lat=39', 'lon'],
  ['/areas?lon=181&lat=39', 'lon'],
  ['/areas?lon=116&lat=85.06', 'lat'],
  ['/areas?lon=nan&lat=39', 'lon'],
  ['/areas?lon=116&lat=39&lat=40', 'lat'],
  ['/search', 'q'],
  ['/search?q=', 'q'],
  ['/search?q=a&limit=0', 'limit'],
  ['/stats/tickets?limit=0', 'limit'],
  ['/stats/tickets?limit=101', 'limit'],
  ['/stats/tickets?limit=many', 'limit'],
  ['/search?q=%ff', 'q'],
  ['/search?q=%00', 'q'],
  ['/search?q=' + 'a'.repeat(600), 'q'],
  ['/live?bbox=here', 'bbox'],
  ['/live?layers=A', 'layers'],
  ['/live?bbox=1,86,2,87', 'bbox'],
  ['/tiles/%zz', 'path'],
  ['/' + 'a'.repeat(5000), 'url'],
];

test('a bad parameter is 400 and named, even without a database', async () => {
  for (const [path, parameter] of bad) {
    const answer = await get(path);
    assert.equal(answer.status, 400, path);
    assert.equal(answer.headers['content-type'], 'application/problem+json', path);
    const problem = answer.json;
    assert.equal(problem.parameter, parameter, path);
    assert.equal(problem.status, 400);
    assert.ok(problem.type && problem.title && problem.detail);
    assert.equal(answer.headers['access-control-allow-origin'], '*');
  }
});

test('what is not there is 404, even without a database', async () => {
  for (const [path, parameter] of [['/tiles/nothing/1/0/0.mvt', 'layer'], ['/tiles/building,nothing/1/0/0.png', 'layer'],
    ['/tiles/nothing.json', 'layer'], ['/tiles/map,building/1/0/0.mvt', 'layer'],
    ["/tiles/building';drop/1/0/0.mvt", 'layer'], ['/ogc/collections/nothing', 'layer'],
    ['/ogc/collections/nothing/items', 'layer'], ['/ogc/collections/pg_catalog.pg_authid/items', 'layer'],
    ['/styles/nothing.json', 'style'], ['/stats/building/5', 'id'], ['/no/such/page', 'path'], ['/tiles/building', 'path'],
    ['/stats', 'path'], ['/ogc/conform', 'path']]) {
    const answer = await get(path);
    assert.equal(answer.status, 404, path);
    assert.equal(answer.json.parameter, parameter, path);
  }
});

test('a good request that needs the database says 503, without SQL', async () => {
  const answer = await get('/ogc/collections/building/items');
  assert.equal(answer.status, 503);
  assert.ok(Number(answer.headers['retry-after']) > 0);
  assert.doesNotMatch(answer.body.toString(), /select|socket|postgres|mqt_web/i);
});

test('what is not HTTP gets 400 or a closed door', async () => {
  for (const bytes of ['\0\0\0\0\r\n\r\n', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n',
    'GET /tiles HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\nConnection: close\r\n\r\n',
    `GET /${'a'.repeat(40000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40000)}\r\nConnection: close\r\n\r\n`]) {
    const answer = await raw(district.url, bytes, { waitMs: 1500 });
    assert.doesNotMatch(answer, /^HTTP\/1\.1 2/, JSON.stringify(bytes.slice(0, 40)));
  }
  assert.equal((await get('/healthz')).status, 200);
});

test('a large body is not swallowed', async () => {
  const answer = await raw(district.url,
    `POST /tiles HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n${'a'.repeat(200000)}`, { waitMs: 3000 });
  assert.doesNotMatch(answer, /^HTTP\/1\.1 2/);
  assert.equal((await get('/healthz')).status, 200);
});
