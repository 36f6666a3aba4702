// What a page on a wall lives through: days of news, a lost graphics context, a server that comes back.

import { pauseBefore_ms } from '../../web/src/live-stream';
import { above, drawn, expect, open, rendered, someBuilding, test, withMap, type District, type Page } from './page';

interface Held {
  textures: number;
  nodes: number;
  listeners: number;
  heap_MB: number;
}

async function held(page: Page): Promise<Held> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  for (let i = 0; i < 3; i++) await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  const textures = await page.evaluate(() => (window as unknown as { textures: number }).textures);
  return { textures, nodes: value('Nodes'), listeners: value('JSEventListeners'), heap_MB: value('JSHeapUsedSize') / 2 ** 20 };
}

/** Counts the textures on the graphics card, as far as they were given back and not left to the collector. */
function countTextures(): void {
  const counted = window as unknown as { textures: number };
  counted.textures = 0;
  const { createTexture, deleteTexture } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.createTexture = function () {
    counted.textures++;
    return createTexture.call(this);
  };
  WebGL2RenderingContext.prototype.deleteTexture = function (texture) {
    if (texture) counted.textures--;
    deleteTexture.call(this, texture);
  };
}

/** Tickets one by one, as they come in, and changes of the building; the last one is on the page afterwards. */
async function news(page: Page, district: District, building: number, count: number): Promise<void> {
  const last = await district.psql(`
    do $$ begin
      for i in 1 .. ${count} loop
        insert into ticket.ticket (category, channel, building_id) values ('noise', 'hotline', ${building});
        if i % 10 = 0 then update twin.building set name = '改名' || i where id = ${building}; end if;
        commit;
      end loop;
    end $$;
    select max(id) from ticket.ticket`);
  await expect(page.locator(`mqt-tickets li[data-ticket="${last}"]`)).toBeVisible({ timeout: 20_000 });
  await drawn(page);
}

test('hundreds of tickets leave nothing behind', async ({ page, district }) => {
  test.setTimeout(180_000);
  const spot = await someBuilding(district);
  await page.addInitScript(countTextures);
  await open(page, district, above(spot, 17, '&heat=7d'));
  await news(page, district, spot.id, 120); // the list is full, each picture has been seen once
  const before = await held(page);
  await news(page, district, spot.id, 400);
  for (let i = 0; i < 12; i++) {
    await withMap(page, (gl) => gl.refreshTiles('heat')); // as each second on a wall
    await drawn(page);
  }
  const after = await held(page);
  test.info().annotations.push({ type: 'held', description: JSON.stringify({ before, after }) });
  expect(after.textures).toBeLessThan(before.textures + 8);
  expect(after.nodes).toBeLessThan(before.nodes * 1.1 + 100);
  expect(after.listeners).toBeLessThan(before.listeners * 1.1 + 20);
  expect(after.heap_MB).toBeLessThan(before.heap_MB * 1.1 + 3);
});

test('a lost graphics context comes back with the map', async ({ page, district }) => {
  const spot = await someBuilding(district);
  await open(page, district, above(spot));
  const walls = await rendered(page, 'building-3d');
  expect(walls).toBeGreaterThan(0);
  const lost = await withMap(
    page,
    (gl) =>
      new Promise<boolean>((done) => {
        const extension = gl.getCanvas().getContext('webgl2')?.getExtension('WEBGL_lose_context');
        gl.once('webglcontextrestored', () => done(true));
        gl.once('webglcontextlost', () => setTimeout(() => extension?.restoreContext(), 100));
        extension?.loseContext();
      }),
  );
  expect(lost).toBe(true);
  await drawn(page);
  await expect.poll(() => rendered(page, 'building-3d')).toBe(walls);
});

test('what changes between loading and listening is not missed', async ({ page, district }) => {
  const spot = await someBuilding(district);
  let listen = () => {};
  const mayListen = new Promise<void>((done) => (listen = done));
  await page.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker')); // the page holds the stream itself
  await page.route('**/live', async (route) => {
    await mayListen;
    await route.continue();
  });
  await open(page, district, above(spot)); // without waiting for the stream
  const name = () =>
    withMap(page, (gl, id: number) => gl.queryRenderedFeatures({ layers: ['building-3d'] }).find((f) => f.id === id)?.properties['name'], spot.id);
  await district.psql(`update twin.building set name = '未闻先改' where id = ${spot.id}`);
  const version = async () => JSON.stringify(await (await fetch(`${district.url}/tiles`)).json());
  await expect.poll(async () => (await fetch(`${district.url}/ogc/collections/building/items/${spot.id}`)).text()).toContain('未闻先改');
  expect(await version()).toContain('building');
  expect(await name()).not.toBe('未闻先改');
  listen();
  await expect.poll(name).toBe('未闻先改');
});

test('pages come back spread over time, later each time', () => {
  const first = [0, 0.25, 0.5, 0.75, 1].map((chance) => pauseBefore_ms(0, chance));
  expect(first).toEqual([1_000, 2_000, 3_000, 4_000, 5_000]);
  const least = [0, 1, 2, 5, 50].map((attempt) => pauseBefore_ms(attempt, 0.5));
  expect(least).toEqual([...least].sort((a, b) => a - b));
  expect(pauseBefore_ms(1_000, 1)).toBeLessThanOrEqual(21_000);
});
