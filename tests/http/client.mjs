// What the HTTP tests share: requests as bytes, event streams, and a small district made by SQL.
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';

// A request without any help: no decompression, no redirects. body is a Buffer.
export function ask(url, path, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((done, fail) => {
    const { hostname, port } = new URL(url);
    const request = http.request({ hostname, port, path, method, headers, agent: false, timeout: 20_000 }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', fail);
      response.on('end', () => {
        const bytes = Buffer.concat(parts);
        done({
          status: response.statusCode,
          headers: response.headers,
          body: bytes,
          get json() {
            return JSON.parse(bytes.toString('utf8'));
          },
        });
      });
    });
    request.on('timeout', () => request.destroy(new Error(`no answer to ${path}`)));
    request.on('error', fail);
    request.end(body);
  });
}

// Bytes to the server as they are; resolves with all that came back once the server closes, or after waitMs.
export async function raw(url, bytes, { waitMs = 5000 } = {}) {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  const parts = [];
  socket.on('data', (part) => parts.push(part));
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(bytes);
  let timer;
  await Promise.race([once(socket, 'close'), new Promise((done) => { timer = setTimeout(done, waitMs); })]);
  clearTimeout(timer);
  socket.destroy();
  return Buffer.concat(parts).toString('latin1');
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Calls probe until it returns something true, or fails after ms.
export async function until(what, probe, ms = 5000, stepMs = 25) {
  const end = performance.now() + ms;
  for (;;) {
    const found = await probe();
    if (found)
      return found;
    if (performance.now() > end)
      throw new Error(`${what}: not within ${ms} ms`);
    await sleep(stepMs);
  }
}

// An event stream. next(name) resolves with the next event of that name: { id, name, data, at }.
export class Stream {
  #request;
  #waiting = [];
  events = [];
  status = 0;
  headers = {};
  ended = false;

  static open(url, path = '/live', headers = {}) {
    const stream = new Stream();
    return new Promise((done, fail) => {
      const { hostname, port } = new URL(url);
      stream.#request = http.get({ hostname, port, path, headers, agent: false }, (response) => {
        stream.status = response.statusCode;
        stream.headers = response.headers;
        response.setEncoding('utf8');
        let text = '';
        response.on('data', (part) => {
          text += part;
          for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
            stream.#take(text.slice(0, end));
            text = text.slice(end + 2);
          }
        });
        const over = () => { stream.ended = true; };
        response.on('end', over);
        response.on('error', over);
        done(stream);
      });
      stream.#request.on('error', (error) => {
        stream.ended = true;
        fail(error);
      });
    });
  }

  #take(block) {
    const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)));
    if (!fields.event)
      return;
    const event = { id: fields.id, name: fields.event, data: JSON.parse(fields.data), at: performance.now() };
    this.events.push(event);
    this.#waiting = this.#waiting.filter((waits) => !waits(event));
  }

  next(name, { ms = 8000, where = () => true } = {}) {
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`no event '${name}' within ${ms} ms`)), ms);
      this.#waiting.push((event) => {
        if (event.name !== name || !where(event.data))
          return false;
        clearTimeout(timer);
        done(event);
        return true;
      });
    });
  }

  close() {
    this.#request.destroy();
  }
}

// The tile that holds a place.
export function tileAt(lon, lat, z) {
  const side = 2 ** z;
  const x = Math.floor((lon + 180) / 360 * side);
  const y = Math.floor((1 - Math.asinh(Math.tan(lat * Math.PI / 180)) / Math.PI) / 2 * side);
  return `${z}/${x}/${y}`;
}

// 30 x 20 buildings of 60 x 45 m, 100 m apart, from 116.35 E 39.85 N; a grid, facilities, tickets.
export const townSql = `
insert into twin.area (level, code, name, geom) values
  ('grid', '110101001001001', '第一网格', st_multi(st_makeenvelope(116.34, 39.84, 116.40, 39.88, 4490)));
insert into twin.building (code, name, estate, number, address, height_m, floors_above, dwelling_count,
    household_count, person_count, geom)
select 'B' || i, '幸福里' || i || '号楼', '幸福里', i::text, '和平路' || i || '号', 18, 6, 40, 38,
  case when i % 10 = 0 then 5 else 100 end,
  st_multi(st_makeenvelope(x, y, x + 0.0006, y + 0.0004, 4490))
from (select i, 116.35 + (i % 30) * 0.001 as x, 39.85 + (i / 30) * 0.001 as y from generate_series(0, 599) i) at;
insert into twin.facility (kind, name, address, geom)
select 'canteen', 'Canteen ' || i, '和平路' || i, st_setsrid(st_makepoint(116.352 + i * 0.001, 39.8507), 4490)
from generate_series(1, 20) i;
insert into ticket.ticket (channel, category, severity, reported_at, location)
select (array['hotline', 'patrol'])[1 + i % 2], (array['noise', 'heating', 'rubbish'])[1 + i % 3], 1 + i % 5,
  now() - (i || ' hours')::interval, st_setsrid(st_makepoint(116.3503 + (i % 30) * 0.001, 39.8502), 4490)
from generate_series(1, 300) i;
`;
