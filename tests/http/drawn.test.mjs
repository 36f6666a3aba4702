// Tiles for one style: what it does not draw with is not in them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDistrict } from '../support/district.mjs';
import { ask, tileAt, townSql } from './client.mjs';

let district;
const get = (path, options) => ask(district.url, path, options);
const far = tileAt(116.365, 39.8505, 14);
const near = tileAt(116.365, 39.8505, 16);
const address = (tile, query = '') => `/tiles/building/${tile}.mvt${query}`;

before(async () => {
  district = await startDistrict({ server: false });
  await district.psql(townSql);
  await district.startServer();
});
after(() => district?.stop());

test('a tile for a style has its columns alone, and is another tile', async () => {
  const whole = await get(address(far));
  const drawn = await get(address(far, '?style=day'));
  assert.equal(drawn.status, 200);
  assert.ok(whole.body.includes('height_m') && whole.body.includes('dwelling_count'));
  assert.ok(drawn.body.includes('height_m') && !drawn.body.includes('dwelling_count'));
  assert.ok(drawn.body.length < whole.body.length);
  assert.notEqual(drawn.headers.etag, whole.headers.etag);
  const again = await get(address(far, '?style=day'), { headers: { 'if-none-match': drawn.headers.etag } });
  assert.equal(again.status, 304);
});

test('near by a tile tells everything', async () => {
  const whole = await get(address(near));
  const drawn = await get(address(near, '?style=day'));
  assert.deepEqual(drawn.body, whole.body);
});

test('the TileJSON passes the style on, an unknown one is refused', async () => {
  const { tiles } = (await get('/tiles/map.json?style=night')).json;
  assert.match(tiles[0], /\/tiles\/map\/\{z\}\/\{x\}\/\{y\}\.mvt\?style=night$/);
  assert.doesNotMatch((await get('/tiles/map.json')).json.tiles[0], /style/);
  const refused = await get(address(far, '?style=noon'));
  assert.equal(refused.status, 400);
  assert.match(refused.json.detail, /noon/);
});
