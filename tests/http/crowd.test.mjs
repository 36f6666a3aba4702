// Too many, too slow, or not allowed.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { startDistrict } from '../support/district.mjs';
import { ask, raw, Stream, sleep, until } from './client.mjs';

let district;
const get = (path, options) => ask(district.url, path, options);

before(async () => {
  district = await startDistrict({ env: { MQT_MAX_CONNECTIONS: '40', MQT_MAX_STREAMS: '5' } });
});
after(() => district?.stop());

async function connect() {
  const { hostname, port } = new URL(district.url);
  const socket = net.connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.text = '';
  socket.on('data', (part) => { socket.text += part.toString('latin1'); });
  socket.closed_ = false;
  socket.on('close', () => { socket.closed_ = true; });
  await once(socket, 'connect');
  return socket;
}

test('beyond the limit a connection gets 503 at once, and room is given back', async () => {
  const idle = [];
  for (let i = 0; i < 40; i++)
    idle.push(await connect());
  await sleep(300);
  const begun = performance.now();
  const refused = await raw(district.url, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  assert.match(refused, /^HTTP\/1\.1 503 /);
  assert.match(refused, /Retry-After: \d/);
  assert.ok(performance.now() - begun < 1000);
  const [head, body] = refused.split('\r\n\r\n');
  assert.equal(Number(/Content-Length: (\d+)/.exec(head)[1]), body.length);
  assert.equal(JSON.parse(body).status, 503);
  for (const socket of idle)
    socket.destroy();
  await until('room again', async () => (await get('/healthz').catch(() => ({}))).status === 200, 3000);
});

test('a flood of a thousand is turned away without a hang', async () => {
  const begun = performance.now();
  const answers = await Promise.all(Array.from({ length: 1000 }, async () => {
    try {
      return (await get('/healthz')).status;
    } catch (error) {
      return error.code ?? error.message;
    }
  }));
  const took = performance.now() - begun;
  const good = answers.filter((answer) => answer === 200).length;
  const busy = answers.filter((answer) => answer === 503).length;
  assert.ok(good > 0, `some are served: ${good}`);
  assert.ok(good + busy >= 950, `almost all have an answer: ${good} + ${busy} of 1000`);
  assert.ok(took < 15_000, `it took ${took} ms`);
  assert.equal((await get('/healthz')).status, 200);
});

test('a client that sends its headers drop by drop is cut off', async () => {
  const slow = await connect();
  const begun = performance.now();
  slow.write('GET /tiles HTTP/1.1\r\nHost: x\r\n');
  const drip = setInterval(() => slow.write(`X-${Math.random()}: y\r\n`), 500);
  await until('it is cut off', () => slow.closed_, 20_000);
  clearInterval(drip);
  const took = performance.now() - begun;
  assert.ok(took > 5000 && took < 15_000, `after ${took} ms`);
  assert.match((await get('/metrics')).body.toString(), /^mqt_http_cut_off_total [1-9]/m);
});

test('a client that says nothing is cut off too', async () => {
  const silent = await connect();
  await until('it is cut off', () => silent.closed_, 20_000);
});

test('more streams than allowed get 503 while tiles go on', async () => {
  const streams = await Promise.all(Array.from({ length: 5 }, () => Stream.open(district.url)));
  const sixth = await get('/live');
  assert.equal(sixth.status, 503);
  assert.ok(sixth.headers['retry-after']);
  assert.equal((await get('/tiles')).status, 200);
  for (const stream of streams)
    stream.close();
  await until('a place is free', async () => {
    const stream = await Stream.open(district.url);
    stream.close();
    return stream.status === 200;
  }, 12_000, 500);
});

test('with a view token everything but /healthz asks for it', async () => {
  const token = 'a-token-of-some-length';
  await district.stopServer();
  await district.startServer({ env: { MQT_VIEW_TOKEN: token } });
  assert.equal((await get('/healthz')).status, 200);
  for (const path of ['/', '/tiles', '/tiles/building/1/0/0.mvt', '/tiles/map/1/0/0.png', '/heat/1/0/0.png',
    '/ogc/collections', '/ogc/collections/building/items', '/search?q=a', '/stats/summary', '/styles/day.json', '/live',
    '/metrics', '/readyz', '/nothing', '/tiles?token=wrong', '/tiles/%zz']) {
    const answer = await get(path);
    assert.equal(answer.status, 401, path);
    assert.match(answer.headers['www-authenticate'], /^Bearer/);
  }
  assert.equal((await get('/tiles', { headers: { authorization: `Bearer ${token}` } })).status, 200);
  assert.equal((await get('/tiles', { headers: { authorization: `Bearer ${token}x` } })).status, 401);
  assert.equal((await get(`/tiles?token=${token}`)).status, 200);
  const page = await get(`/?token=${token}`);
  const cookie = page.headers['set-cookie'][0];
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Strict/);
  assert.equal((await get('/tiles', { headers: { cookie: cookie.split(';')[0] } })).status, 200);
  assert.equal((await get('/tiles', { method: 'OPTIONS' })).status, 204, 'a preflight carries no token');
  assert.doesNotMatch(district.serverLog(), new RegExp(token));
});
