// Live and never stale: what is committed is seen, what is lost is said.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDistrict } from '../support/district.mjs';
import { ask, Stream, sleep, tileAt, townSql, until } from './client.mjs';

let district;
const get = (path, options) => ask(district.url, path, options);
const near = tileAt(116.3503, 39.8502, 16);
const far = tileAt(116.3790, 39.8690, 16);
const etag = async (path) => (await get(path)).headers.etag;

before(async () => {
  district = await startDistrict({ server: false });
  await district.psql(townSql);
  await district.startServer();
});
after(() => district?.stop());

test('a change by psql is in its tiles within a second, and in no other', async () => {
  assert.notEqual(near, far);
  for (const kind of ['.mvt', '.png']) {
    const path = `/tiles/building/${near}${kind}`;
    const other = `/tiles/building/${far}${kind === '.png' ? '.mvt' : kind}`;
    const before = await etag(path);
    const untouched = await etag(other);
    await district.psql(`update twin.building set name = name || '改', height_m = height_m + 1 where code = 'B0'`);
    const begun = performance.now();
    await until('the tile changes', async () => (await etag(path)) !== before, 1000);
    assert.ok(performance.now() - begun < 1000);
    assert.equal(await etag(other), untouched);
  }
  assert.match((await get(`/tiles/building/${near}.mvt`)).body.toString(), /改改/);
});

test('insert and delete are seen as well; a rolled back change is not', async () => {
  const path = `/tiles/facility/${near}.mvt`;
  assert.doesNotMatch((await get(path)).body.toString(), /Kiosk/);
  const id = await district.psql(`insert into twin.facility (kind, name, geom)
    values ('shop', 'Kiosk', st_setsrid(st_makepoint(116.3503, 39.8507), 4490)) returning id`);
  await until('it appears', async () => /Kiosk/.test((await get(path)).body.toString()), 1000);
  await district.psql(`delete from twin.facility where id = ${id}`);
  await until('it goes', async () => !/Kiosk/.test((await get(path)).body.toString()), 1000);
  const kept = await etag(path);
  await district.psql(`begin; insert into twin.facility (kind, name, geom)
    values ('shop', 'Ghost', st_setsrid(st_makepoint(116.3503, 39.8507), 4490)); rollback`);
  await sleep(1500);
  assert.equal(await etag(path), kept);
});

test('a new ticket is in the stream within two seconds, with nothing private', async () => {
  const stream = await Stream.open(district.url, '/live?layers=ticket');
  assert.equal(stream.status, 200);
  assert.equal(stream.headers['content-type'], 'text/event-stream');
  const news = stream.next('ticket', { ms: 2000 });
  const id = Number(await district.psql(`insert into ticket.ticket (category, title, description, address, location)
    values ('noise', 'Zhang San', '13800001234', 'Flat 201', st_setsrid(st_makepoint(116.3503, 39.8502), 4490))
    returning id`));
  const event = await news;
  assert.equal(event.data.op, 'upsert');
  assert.equal(event.data.id, id);
  assert.equal(event.data.category, 'noise');
  assert.equal(event.data.closed_at, null);
  assert.doesNotMatch(JSON.stringify(event.data), /Zhang|1380000|Flat/);
  const closing = stream.next('ticket', { where: (data) => data.status === 'closed' });
  await district.psql(`update ticket.ticket set status = 'closed', closed_at = now() where id = ${id}`);
  assert.ok((await closing).data.closed_at);
  const deleting = stream.next('ticket', { where: (data) => data.op === 'delete' });
  await district.psql(`delete from ticket.ticket where id = ${id}`);
  assert.equal((await deleting).data.id, id);
  assert.ok(stream.events.every((other) => ['heartbeat', 'ticket'].includes(other.name)), 'only what was asked for');
  stream.close();
});

test('the newest tickets are those of the database, in the words of the stream', async () => {
  const newest = async (query = '') => (await get(`/stats/tickets${query}`)).json.tickets;
  const first = await newest();
  assert.equal(first.length, 20);
  const times = first.map((ticket) => Date.parse(ticket.reported_at));
  assert.deepEqual(times, times.toSorted((a, b) => b - a));
  const wanted = (await district.psql('select id from ticket.ticket order by reported_at desc, id desc limit 100')).split('\n');
  assert.deepEqual((await newest('?limit=100')).map((ticket) => ticket.id), wanted.map(Number));

  const stream = await Stream.open(district.url, '/live?layers=ticket');
  const news = stream.next('ticket');
  const id = Number(await district.psql(`insert into ticket.ticket (category, location)
    values ('noise', st_setsrid(st_makepoint(116.3503, 39.8502), 4490)) returning id`));
  const { data: filed } = await news;
  assert.deepEqual(await newest('?limit=1'), [filed]);
  const closing = stream.next('ticket');
  await district.psql(`update ticket.ticket set status = 'closed', closed_at = now() where id = ${id}`);
  const { data: closed } = await closing;
  assert.deepEqual(await newest('?limit=1'), [closed]);
  const deleting = stream.next('ticket');
  await district.psql(`delete from ticket.ticket where id = ${id}`);
  await deleting;
  assert.deepEqual(await newest(), first);
  stream.close();

  await district.stopServer(); // the list of a fresh start is the same
  await district.startServer();
  assert.deepEqual(await newest(), first);
});

test('an absurd ticket is told in few words, and breaks no stream', async () => {
  const stream = await Stream.open(district.url);
  const news = stream.next('ticket', { where: (data) => data.category.startsWith('\u0001"') });
  const id = await district.psql(`insert into ticket.ticket (number, category, reported_at)
    values (repeat('号', 700000), E'\\x01"\\\\\\n' || repeat('类', 700000), '20266-11-22Z') returning id`);
  const event = await news;
  assert.equal(event.data.id, Number(id));
  assert.match(event.data.number, /^号{50,90}$/u, 'cut between characters');
  assert.match(event.data.category, /^\u0001"\\\n类+$/u);
  assert.equal(event.data.lon, null);
  await stream.next('heartbeat', { ms: 7000 });
  assert.ok(!stream.ended);
  stream.close();
  await district.psql(`delete from ticket.ticket where id = ${id}`);
});

test('the stream begins with a heartbeat, beats, and heeds the box', async () => {
  const here = await Stream.open(district.url, '/live?bbox=116.34,39.84,116.36,39.86');
  const there = await Stream.open(district.url, '/live?bbox=117,40,118,41');
  await until('a first heartbeat', () => here.events.some((event) => event.name === 'heartbeat'), 1000);
  const change = here.next('change', { where: (data) => data.layer === 'building' });
  await district.psql(`update twin.building set height_m = 30 where code = 'B1'`);
  const event = await change;
  assert.equal(event.data.features.length, 1);
  assert.equal(event.data.reload, false);
  assert.equal(event.data.bbox.length, 4);
  const beat = await here.next('heartbeat', { ms: 7000 });
  assert.equal(beat.data.database, 'up');
  assert.ok(Date.parse(beat.data.now) && Date.parse(beat.data.data_as_of));
  assert.ok(there.events.every((other) => other.name === 'heartbeat'));
  here.close();
  there.close();
});

test('Last-Event-ID replays what came after; an unknown one means resync', async () => {
  const first = await Stream.open(district.url);
  const change = first.next('change');
  await district.psql(`update twin.building set height_m = 31 where code = 'B2'`);
  const { id } = await change;
  first.close();
  await district.psql(`update twin.building set height_m = 32 where code = 'B3'`);
  await sleep(1200);
  const second = await Stream.open(district.url, '/live', { 'last-event-id': id });
  await until('the missed change', () => second.events.some((event) => event.name === 'change'), 2000);
  assert.ok(!second.events.some((event) => event.name === 'resync'));
  const missed = second.events.filter((event) => event.name === 'change').flatMap((event) => event.data.features);
  const wanted = Number(await district.psql(`select id from twin.building where code = 'B3'`));
  assert.ok(missed.includes(wanted));
  second.close();
  for (const unknown of ['0123:1:1:', 'nonsense', 'a'.repeat(2000)]) {
    const third = await Stream.open(district.url, '/live', { 'last-event-id': unknown });
    await until('resync', () => third.events.some((event) => event.name === 'resync'), 2000);
    third.close();
  }
});

test('many streams all hear the news, and those who left are forgotten', async () => {
  const streams = await Promise.all(Array.from({ length: 60 }, () => Stream.open(district.url)));
  const heard = streams.map((stream) => stream.next('ticket', { ms: 4000 }));
  await district.psql(`insert into ticket.ticket (location) values (st_setsrid(st_makepoint(116.3503, 39.8502), 4490))`);
  await Promise.all(heard);
  for (const stream of streams)
    stream.close();
  await until('the streams are gone', async () =>
    /^mqt_http_streams 0$/m.test((await get('/metrics')).body.toString()), 12_000, 250);
});

test('without the database tiles go on and say so; it all comes back by itself', async () => {
  const path = `/tiles/building/${near}.mvt`;
  const cold = `/tiles/building/${tileAt(116.3503, 39.8502, 17)}.mvt`;
  const before = await get(path);
  const stream = await Stream.open(district.url);
  await district.killDatabase();
  await until('readiness says so', async () => (await get('/readyz')).status === 503, 5000);
  const ready = await get('/readyz');
  assert.equal(ready.json.database, 'down');
  assert.ok(ready.json.cause.length > 0);
  await sleep(1100);
  const cached = await get(path);
  assert.equal(cached.status, 200);
  assert.deepEqual(cached.body, before.body);
  assert.ok(Number(cached.headers['x-data-stale']) >= 1);
  assert.ok(Date.parse(cached.headers['x-data-as-of']) <= Date.now() - 1000);
  assert.equal((await get(cold)).status, 200, 'a tile that was never asked for');
  assert.equal((await get(`/tiles/map/${near}.png`)).status, 200);
  assert.equal((await get(`/heat/${near}.png`)).status, 200);
  assert.equal((await get('/stats/summary')).status, 200);
  assert.equal((await get('/healthz')).status, 200);
  const items = await get('/ogc/collections/building/items');
  assert.equal(items.status, 503);
  assert.ok(items.headers['retry-after']);
  await stream.next('heartbeat', { ms: 7000, where: (data) => data.database === 'down' });
  await district.startDatabase();
  await until('readiness is back', async () => (await get('/readyz')).status === 200, 15_000, 100);
  await district.psql(`update twin.building set name = 'after the outage' where code = 'B0'`);
  await until('changes are seen again', async () => /after the outage/.test((await get(path)).body.toString()), 2000);
  assert.equal((await get(path)).headers['x-data-stale'], undefined);
  assert.equal((await get('/ogc/collections/building/items?limit=1')).status, 200);
  await stream.next('heartbeat', { ms: 7000, where: (data) => data.database === 'up' });
  stream.close();
});

test('it ends cleanly while streams are open', async () => {
  const streams = await Promise.all(Array.from({ length: 10 }, () => Stream.open(district.url)));
  const begun = performance.now();
  await district.stopServer();
  assert.ok(performance.now() - begun < 5000);
  await until('streams ended', () => streams.every((stream) => stream.ended), 2000);
});
