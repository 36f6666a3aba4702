// Every path of the server, as a web developer meets it.
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { startDistrict } from '../support/district.mjs';
import { ask, raw, tileAt, townSql } from './client.mjs';

let district;
const get = (path, options) => ask(district.url, path, options);
const middle = tileAt(116.365, 39.8505, 15);

before(async () => {
  district = await startDistrict({ server: false });
  await district.psql(townSql);
  const web = join(district.runDir, 'web');
  mkdirSync(join(web, 'assets'), { recursive: true });
  writeFileSync(join(web, 'index.html'), '<!doctype html><title>电子民情图</title>' + ' '.repeat(2000));
  writeFileSync(join(web, 'assets/index-a1b2c3d4.js'), 'export default 1;\n'.repeat(100));
  writeFileSync(join(web, 'assets/plain.css'), 'body{}');
  writeFileSync(join(web, '.hidden'), 'secret');
  writeFileSync(join(district.runDir, 'outside.txt'), 'secret');
  symlinkSync(join(district.runDir, 'outside.txt'), join(web, 'link.txt'));
  await district.startServer({ extra: ['--web', web] });
});
after(() => district?.stop());

test('the pages come with a sane type, compressed, and can be kept', async () => {
  for (const path of ['/', '/wall', '/plan', '/grid/110101001001001', '/steward', '/index.html']) {
    const page = await get(path);
    assert.equal(page.status, 200, path);
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
    assert.match(page.body.toString(), /电子民情图/);
    assert.equal(page.headers['cache-control'], 'no-cache');
    assert.match(page.headers['content-security-policy'], /default-src 'self'/);
  }
  const asset = await get('/assets/index-a1b2c3d4.js', { headers: { 'accept-encoding': 'gzip' } });
  assert.match(asset.headers['cache-control'], /immutable/);
  assert.match(asset.headers['content-type'], /^text\/javascript/);
  assert.equal(asset.headers['content-encoding'], 'gzip');
  assert.match(gunzipSync(asset.body).toString(), /^export default 1/);
  const plain = await get('/assets/plain.css');
  assert.equal(plain.headers['cache-control'], 'no-cache');
  const again = await get('/', { headers: { 'if-none-match': (await get('/')).headers.etag } });
  assert.equal(again.status, 304);
  assert.equal(again.body.length, 0);
});

test('nothing outside the web directory is served', async () => {
  const tries = ['/../outside.txt', '/%2e%2e/outside.txt', '/assets/../../outside.txt', '/assets/..%2f..%2foutside.txt',
    '/..%5coutside.txt', '//etc/passwd', '/link.txt', '/.hidden', '/assets', '/assets/', '/index.html/x', '/nothing',
    '/..;/outside.txt', '/%00', '/index.html%00.png'];
  for (const path of tries) {
    const answer = await raw(district.url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 (400|404) /, path);
    assert.doesNotMatch(answer, /secret|root:/, path);
  }
});

test('the list and TileJSON describe every layer', async () => {
  const list = (await get('/tiles')).json;
  assert.deepEqual(list.map((layer) => layer.id).sort(),
    ['building', 'community', 'district', 'estate', 'facility', 'grid', 'subdistrict']);
  const building = list.find((layer) => layer.id === 'building');
  assert.equal(building.features, 600);
  assert.ok(building.bytes > 0 && building.version > 0);
  assert.equal(building.geometry_type, 'polygon');
  assert.deepEqual(building.bounds.map((degrees) => degrees.toFixed(4)), ['116.3500', '39.8500', '116.3796', '39.8694']);
  assert.ok(building.columns.some((column) => column.name === 'height_m' && column.type === 'real'));
  assert.equal(building.tilejson, district.url + '/tiles/building.json');
  for (const names of ['building', 'building,grid', 'map']) {
    const doc = (await get(`/tiles/${names}.json`)).json;
    assert.equal(doc.tilejson, '3.0.0');
    assert.equal(doc.tiles[0], `${district.url}/tiles/${names}/{z}/{x}/{y}.mvt`);
    assert.ok(doc.vector_layers.length >= names.split(',').length);
  }
  const doc = (await get('/tiles/building.json')).json;
  assert.equal(doc.vector_layers[0].fields.height_m, 'Number');
  assert.equal(doc.vector_layers[0].fields.name, 'String');
  const labels = doc.vector_layers.find((layer) => layer.id === 'building_label');
  assert.deepEqual(Object.keys(labels.fields), ['side_px', 'name', 'number', 'height_m']);
  assert.ok(!(await get('/tiles/facility.json')).json.vector_layers.some((layer) => layer.id.endsWith('_label')));
  const behind = await get('/tiles/building.json',
    { headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'twin.example' } });
  assert.match(behind.json.tiles[0], /^https:\/\/twin\.example\/tiles\//);
});

test('vector tiles: one layer, several, all, none', async () => {
  const one = await get(`/tiles/building/${middle}.mvt`);
  assert.equal(one.status, 200);
  assert.equal(one.headers['content-type'], 'application/vnd.mapbox-vector-tile');
  assert.equal(one.headers['access-control-allow-origin'], '*');
  assert.equal(one.headers['cache-control'], 'no-cache');
  assert.ok(Math.abs(Date.parse(one.headers['x-data-as-of']) - Date.now()) < 5000);
  assert.equal(one.headers['x-data-stale'], undefined);
  assert.match(one.body.toString('latin1'), /building/);
  const two = await get(`/tiles/building,facility/${middle}.mvt`);
  assert.match(two.body.toString('latin1'), /building[\s\S]*facility/);
  assert.ok(two.body.length > one.body.length);
  const all = await get(`/tiles/map/${middle}.mvt`);
  for (const layer of ['building', 'facility', 'grid'])
    assert.match(all.body.toString('latin1'), new RegExp(layer));
  const empty = await get('/tiles/building/15/0/0.mvt');
  assert.equal(empty.status, 204);
  assert.equal(empty.body.length, 0);
  assert.equal((await get(`/tiles/building/${tileAt(116.365, 39.86, 5)}.mvt`)).status, 204, 'below its least zoom');
});

test('names of areas stand in one tile each, and not where nothing could be read', async () => {
  const [z, x, y] = middle.split('/').map(Number);
  const text = async (layer, tile) => (await get(`/tiles/${layer}/${tile}.mvt`)).body.toString();
  let tilesWithName = 0;
  for (let dx = -2; dx <= 2; dx++)
    for (let dy = -2; dy <= 2; dy++)
      tilesWithName += /grid_label/.test(await text('grid', `${z}/${x + dx}/${y + dy}`)) ? 1 : 0;
  const grids = await district.psql("select count(*) from twin.area where level = 'grid'");
  assert.ok(tilesWithName >= 1 && tilesWithName <= Number(grids), `${tilesWithName} tiles for ${grids} grids`);
  assert.match(await text('building', tileAt(116.365, 39.8505, 18)), /building_label/);
  assert.doesNotMatch(await text('building', tileAt(116.365, 39.8505, 12)), /building_label/);
  assert.equal((await get(`/tiles/building_label/${middle}.mvt`)).status, 404);
});

test('the catalogue may choose other words for labels: tiles and their tags follow', async () => {
  const path = `/tiles/grid/${tileAt(116.37, 39.86, 15)}.mvt`;
  const before = await get(path);
  assert.match(before.body.toString(), /grid_label[\s\S]*第一网格/);
  const style = await district.psql("select style from twin.layer where id = 'grid'");
  try {
    await district.psql(`update twin.layer set style = '{"label": "code"}' where id = 'grid'`);
    let after = before;
    for (const end = Date.now() + 10_000; after.headers.etag === before.headers.etag && Date.now() < end;) {
      after = await get(path);
    }
    assert.notEqual(after.headers.etag, before.headers.etag);
    assert.match(after.body.toString(), /grid_label[\s\S]*110101001001001/);
    assert.doesNotMatch(after.body.toString().split('grid_label')[1], /第一网格/);
  } finally {
    await district.psql(`update twin.layer set style = '${style}' where id = 'grid'`);
  }
});

test('gzip only for those who take it, one tag each', async () => {
  const path = `/tiles/building/${middle}.mvt`;
  const plain = await get(path);
  const packed = await get(path, { headers: { 'accept-encoding': 'br, gzip' } });
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.match(packed.headers.vary, /Accept-Encoding/i);
  assert.deepEqual(gunzipSync(packed.body), plain.body);
  assert.ok(packed.body.length < plain.body.length);
  assert.notEqual(plain.headers.etag, packed.headers.etag);
  const refused = await get(path, { headers: { 'accept-encoding': 'gzip;q=0' } });
  assert.deepEqual(refused.body, plain.body);
  const text = await get('/tiles', { headers: { 'accept-encoding': 'gzip' } });
  assert.deepEqual(JSON.parse(gunzipSync(text.body)).length, 7);
});

test('HEAD, OPTIONS, If-None-Match and other methods', async () => {
  for (const path of [`/tiles/building/${middle}.mvt`, `/tiles/map/${middle}.png`, `/heat/${middle}.png`, '/tiles',
    '/tiles/map.json', '/styles/day.json', '/ogc/collections', '/heat.json', '/']) {
    const whole = await get(path);
    assert.equal(whole.status, 200, path);
    const head = await get(path, { method: 'HEAD' });
    assert.equal(head.status, 200, path);
    assert.equal(head.body.length, 0);
    assert.equal(Number(head.headers['content-length']), whole.body.length, path);
    assert.match(whole.headers.etag, /^"[^"]+"$/, path);
    assert.equal(head.headers.etag, whole.headers.etag, path);
    const same = await get(path, { headers: { 'if-none-match': `"other", W/${whole.headers.etag}` } });
    assert.equal(same.status, 304, path);
    assert.equal(same.headers.etag, whole.headers.etag);
    assert.equal((await get(path, { headers: { 'if-none-match': '"other"' } })).status, 200);
    const options = await get(path, { method: 'OPTIONS', headers: { origin: 'http://elsewhere' } });
    assert.equal(options.status, 204);
    assert.match(options.headers.allow, /GET, HEAD, OPTIONS/);
    assert.equal(options.headers['access-control-allow-origin'], '*');
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await get(path, { method, body: 'x=1' });
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.equal(answer.json.status, 405);
    }
  }
});

test('raster and heat tiles are pictures of the size that was asked for', async () => {
  for (const [path, side] of [
    [`/tiles/map/${middle}.png`, 256], [`/tiles/map/${middle}.png?size=512&style=night`, 512],
    [`/tiles/building/${middle}.png?size=256`, 256], [`/heat/${middle}.png`, 256],
    [`/heat/${middle}.png?size=512&window=7d&half_life=3d&category=noise,heating&channel=hotline`, 512],
    [`/heat/${middle}.png?from=2020-01-01&to=2020-02-01`, 256], [`/heat/${middle}.png?category=unheard-of`, 256],
  ]) {
    const tile = await get(path);
    assert.equal(tile.status, 200, path);
    assert.equal(tile.headers['content-type'], 'image/png');
    assert.equal(tile.body.toString('latin1', 1, 4), 'PNG');
    assert.equal(tile.body.readUInt32BE(16), side, path);
    assert.equal(tile.body.readUInt32BE(20), side, path);
  }
  const all = await get(`/heat/${middle}.png?window=all`);
  const none = await get(`/heat/${middle}.png?category=unheard-of`);
  const past = await get(`/heat/${middle}.png?from=2020-01-01&to=2020-02-01`);
  const some = await get(`/heat/${middle}.png?category=noise`);
  assert.deepEqual(none.body, past.body, 'no ticket, no heat');
  assert.ok(all.body.length > none.body.length);
  assert.notDeepEqual(all.body, some.body, 'a filter changes the picture');
  const tag = async (query) => (await get(`/heat/${middle}.png?to=2030-01-01&${query}`)).headers.etag;
  assert.notEqual(await tag('half_life=800000h'), await tag('half_life=800001h'), 'each half-life has its own tag');
});

test('at home level a place with few tickets shows no heat', async () => {
  await district.psql(`insert into ticket.ticket (category, location)
    values ('noise', st_setsrid(st_makepoint(116.3783, 39.8692), 4490))`);
  const close = tileAt(116.3783, 39.8692, 18);
  const blank = (await get(`/heat/${close}.png?category=unheard-of`)).body;
  await new Promise((done) => setTimeout(done, 1200));
  assert.deepEqual((await get(`/heat/${close}.png`)).body, blank, 'one ticket');
  await district.psql(`insert into ticket.ticket (category, location)
    select 'noise', st_setsrid(st_makepoint(116.3783, 39.8692), 4490) from generate_series(1, 4)`);
  await new Promise((done) => setTimeout(done, 1200));
  assert.notDeepEqual((await get(`/heat/${close}.png`)).body, blank, 'five tickets');
});

test('the legend of the heat', async () => {
  const legend = (await get('/heat.json')).json;
  assert.ok(legend.count >= 300);
  assert.deepEqual(legend.categories.map((entry) => entry.code).sort(), ['heating', 'noise', 'rubbish']);
  assert.deepEqual(legend.channels.map((entry) => entry.code).sort(), ['hotline', 'patrol']);
  assert.equal(legend.palette.length, 256);
  assert.equal(legend.full_scale.length, 23);
  assert.ok(Date.parse(legend.first) < Date.parse(legend.last));
});

test('styles have absolute addresses, and layers that the file does not know are drawn', async () => {
  await district.psql(`
    create table layer.low_ground (id bigint generated always as identity primary key, name text, depth real,
      geom geometry(Point, 4490));
    grant select on layer.low_ground to mqt_web;
    insert into layer.low_ground (name, depth, geom) values ('低洼', 0.4, st_setsrid(st_makepoint(116.36, 39.855), 4490));
    insert into twin.layer (id, title_zh, title_en, source_table, served_from, geometry_type, columns, style) values
      ('low_ground', '低洼地', 'Low ground', 'layer.low_ground', 'layer.low_ground', 'point',
       '[{"name": "name", "type": "text"}, {"name": "depth", "type": "real"}]', '{"colour": "#0055aa", "label": "name", "icon": "flood_point"}')`);
  await new Promise((done) => setTimeout(done, 1500));
  for (const id of ['day', 'night']) {
    const style = (await get(`/styles/${id}.json`)).json;
    const sources = Object.values(style.sources);
    assert.ok(sources.every((source) => source.url.startsWith(district.url + '/')));
    const made = style.layers.filter((layer) => layer['source-layer'] === 'low_ground');
    assert.deepEqual(made.map((layer) => layer.type), ['circle', 'symbol', 'symbol']);
    assert.match(made[1].layout['icon-image'], /^badge #\w{6} #0055aa #0055aa flood_point$/);
    assert.equal(made[0].paint['circle-color'], '#0055aa');
    const ground = style.layers.find((layer) => layer.type === 'background').paint['background-color'];
    assert.equal(made[2].paint['text-halo-color'], ground, 'a label stands out from its own ground, day and night');
    assert.ok(style.layers.some((layer) => layer['source-layer'] === 'building'));
  }
  const tile = tileAt(116.36, 39.855, 16);
  assert.match((await get(`/tiles/low_ground/${tile}.mvt`)).body.toString(), /低洼/);
  const withLayer = await get(`/tiles/map/${tile}.png`);
  assert.equal(withLayer.status, 200);
  const item = await get('/ogc/collections/low_ground/items');
  assert.equal(item.json.features[0].properties.name, '低洼');
  assert.equal((await get('/styles/nothing.json')).status, 404);
});

test('features as GeoJSON: bbox, limit, pages, one', async () => {
  const collections = (await get('/ogc/collections')).json.collections;
  assert.ok(collections.some((collection) => collection.id === 'building'));
  assert.equal((await get('/ogc/collections/building')).json.id, 'building');
  const first = await get('/ogc/collections/building/items?limit=250');
  assert.equal(first.headers['content-type'], 'application/geo+json');
  const seen = [];
  let pages = 0;
  for (let url = '/ogc/collections/building/items?limit=250'; url; pages++) {
    const page = (await get(url.replace(district.url, ''))).json;
    assert.equal(page.type, 'FeatureCollection');
    assert.equal(page.numberReturned, page.features.length);
    seen.push(...page.features.map((feature) => feature.id));
    url = page.links.find((link) => link.rel === 'next')?.href;
  }
  assert.equal(pages, 3);
  assert.equal(new Set(seen).size, 600);
  const offset = (await get('/ogc/collections/building/items?limit=2&offset=250')).json;
  assert.deepEqual(offset.features.map((feature) => feature.id), seen.slice(250, 252));
  const inside = (await get('/ogc/collections/building/items?bbox=116.3499,39.8499,116.3517,39.8515')).json;
  assert.equal(inside.numberReturned, 4);
  const one = (await get(`/ogc/collections/building/items/${seen[7]}`)).json;
  assert.equal(one.type, 'Feature');
  assert.equal(one.geometry.type, 'MultiPolygon');
  assert.equal(one.geometry.crs, undefined);
  assert.equal(one.properties.estate, '幸福里');
  assert.equal((await get('/ogc/collections/building/items/999999')).status, 404);
});

test('a building with few people does not say how many', async () => {
  const features = (await get('/ogc/collections/building/items?limit=20')).json.features;
  const few = features.find((feature) => feature.properties.code === 'B10');
  assert.equal(few.properties.person_count, null);
  assert.equal(few.properties.person_band, '<10');
});

test('figures and search', async () => {
  const summary = (await get('/stats/summary')).json;
  assert.equal(summary.buildings, 600);
  assert.equal(summary.dwellings, 24000);
  assert.equal(summary.households, 22800);
  assert.ok(summary.tickets_total >= 300 && summary.tickets_open >= 300);
  assert.ok(Date.parse(summary.data_as_of));
  const building = (await get('/stats/building/1')).json;
  assert.equal(building.building_id, 1);
  assert.ok(building.tickets_total > 0);
  assert.equal((await get('/stats/building/999999')).status, 404);
  const found = (await get('/search?q=' + encodeURIComponent('幸福里12号楼'))).json.results;
  assert.equal(found[0].title, '幸福里12号楼');
  assert.equal(found[0].layer, 'building');
  assert.equal(found[0].bbox.length, 4);
  assert.ok(found[0].lon > 116.3 && found[0].lat > 39.8);
  assert.equal((await get('/search?q=canteen&limit=3')).json.results.length, 3);
  assert.deepEqual((await get('/search?q=' + encodeURIComponent("' or 1=1 --"))).json.results, []);
});

test('those who watch: liveness, readiness, metrics', async () => {
  assert.equal((await get('/healthz')).body.toString(), 'ok\n');
  const ready = await get('/readyz');
  assert.equal(ready.status, 200);
  assert.equal(ready.json.database, 'up');
  const metrics = (await get('/metrics')).body.toString();
  assert.match(metrics, /^mqt_ready 1$/m);
  assert.match(metrics, /^mqt_layer_features\{layer="building"\} 600$/m);
  assert.match(metrics, /^mqt_http_requests_total\{route="mvt",status="2xx"\} [1-9]/m);
});

test('a connection carries many requests', async () => {
  const answers = await raw(district.url,
    'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /search?q=1 HTTP/1.1\r\nHost: x\r\n\r\n' +
    'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  assert.equal(answers.match(/HTTP\/1\.1 200 OK/g).length, 3);
});
