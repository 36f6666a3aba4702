import { above, drawn, expect, open, someBuilding, test, withMap } from './page';

test('a ticket filed with psql is on the open page within two seconds', async ({ page, district }) => {
  const spot = await someBuilding(district);
  await open(page, district, above(spot));
  await expect(page.locator('mqt-status')).toContainText('实时');
  let loads = 0;
  page.on('load', () => loads++);

  const answer = await district.psql(`insert into ticket.ticket (category, channel, severity, location)
    values ('heating', 'hotline', 2, st_setsrid(st_point(${spot.lon}, ${spot.lat}), 4490)) returning id, number`);
  const committed = Date.now();
  const [id, number] = answer.split('|');
  const entry = page.locator(`mqt-tickets li[data-ticket="${id}"]`);
  await expect(entry).toContainText(number, { timeout: 2_000 });
  await expect(page.locator(`.ticket-pulse[data-ticket="${id}"]`)).toBeVisible({ timeout: 2_000 });
  const waited_ms = Date.now() - committed;
  expect(waited_ms).toBeLessThan(2_000);
  expect(loads).toBe(0);
  await expect(entry).toContainText('供暖');
  test.info().annotations.push({ type: 'delay', description: `${waited_ms} ms` });

  await district.psql(`update ticket.ticket set status = 'closed', closed_at = now() where id = ${id}`);
  await expect(entry).toContainText('已办结');
  await district.psql(`delete from ticket.ticket where id = ${id}`);
  await expect(entry).toHaveCount(0);
});

test('a page that is opened shows the newest tickets, what comes in goes on top, each once', async ({ page, district }) => {
  const spot = await someBuilding(district);
  const listed = page.locator('mqt-tickets li');
  const ids = () => listed.evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset['ticket'])));
  const odd = await district.psql(`insert into ticket.ticket (category, reported_at) values ('noise', '20266-11-22Z') returning id`);
  const newest = (await district.psql('select id from ticket.ticket order by reported_at desc, id desc limit 30')).split('\n').map(Number);
  await open(page, district, above(spot));
  await expect.poll(ids).toEqual(newest);
  await expect(page.locator('mqt-tickets li.fresh'), 'nothing glows that was there').toHaveCount(0);
  await expect(page.locator('.ticket-pulse')).toHaveCount(0);

  const file = `insert into ticket.ticket (category, location) values ('leak', st_setsrid(st_point(${spot.lon}, ${spot.lat}), 4490)) returning id`;
  const id = Number(await district.psql(file));
  await expect.poll(ids).toEqual([id, ...newest].slice(0, 30));
  await expect(page.locator('mqt-tickets li.fresh')).toHaveCount(1);
  await district.psql(`update ticket.ticket set severity = 3 where id = ${newest[1]}`);
  const next = Number(await district.psql(file));
  await expect.poll(ids).toEqual([next, id, ...newest].slice(0, 30));
  await page.reload();
  await expect.poll(async () => (await ids()).toSorted()).toEqual([Number(odd), next, id, ...newest.slice(1)].slice(0, 30).toSorted());
  await district.psql(`delete from ticket.ticket where id in (${odd}, ${id}, ${next})`);
});

test('a tile that was on its way when its building changed is asked for again', async ({ page, district }) => {
  const spot = await someBuilding(district);
  let release = () => {};
  const released = new Promise<void>((done) => (release = done));
  let held = 0;
  let heard = false;
  await page.route('**/tiles/map/**', async (route) => {
    const response = await route.fetch();
    held++;
    await released;
    await route.fulfill({ response });
  });
  page.on('request', (request) => (heard ||= held > 0 && new URL(request.url()).pathname === '/tiles'));
  await page.goto(`${district.url}/${above(spot)}`);
  await expect.poll(() => held).toBeGreaterThan(0);
  await page.waitForTimeout(1_000); // all of the first tiles
  await district.psql(`update twin.building set name = '在途改名' where id = ${spot.id}`);
  await expect.poll(() => heard).toBe(true); // the page knows of the change
  await page.waitForTimeout(500);
  release();
  const name = () =>
    withMap(page, (gl, id: number) => gl.queryRenderedFeatures({ layers: ['building-3d'] }).find((f) => f.id === id)?.properties['name'], spot.id);
  await expect.poll(name).toBe('在途改名');
});

test('a changed building is redrawn without a reload', async ({ page, district }) => {
  const spot = await someBuilding(district);
  await open(page, district, above(spot));
  const name = () =>
    withMap(page, (gl, id: number) => gl.queryRenderedFeatures({ layers: ['building-3d'] }).find((f) => f.id === id)?.properties['name'], spot.id);
  await district.psql(`update twin.building set name = '新名称' where id = ${spot.id}`);
  await expect.poll(name, { timeout: 4_000 }).toBe('新名称');
});

test('many pages share one stream', async ({ page, context, district }) => {
  const spot = await someBuilding(district);
  await open(page, district, above(spot));
  const second = await context.newPage();
  await open(second, district, above(spot));
  const [id] = (await district.psql(`insert into ticket.ticket (category, location)
    values ('noise', st_setsrid(st_point(${spot.lon}, ${spot.lat}), 4490)) returning id`)).split('|');
  for (const each of [page, second]) await expect(each.locator(`mqt-tickets li[data-ticket="${id}"]`)).toBeVisible();
  await second.close();
});

test.describe('without the server', () => {
  test.use({ losesServer: true });

  test('tiles that failed once are asked for again, though nobody moves the map', async ({ page, district }) => {
    test.slow();
    const spot = await someBuilding(district);
    const failed = new Set<string>();
    await page.route(/\/tiles\/map(\/.*\.mvt|\.json)(\?|$)/, async (route) => {
      const url = route.request().url();
      if (failed.has(url)) return route.continue();
      failed.add(url);
      return route.fulfill({ status: 503, headers: { 'retry-after': '1' }, body: '' });
    });
    await page.goto(`${district.url}/${above(spot)}`);
    await expect.poll(() => failed.size).toBeGreaterThan(1);
    await expect
      .poll(() => withMap(page, (gl, id: number) => gl.queryRenderedFeatures({ layers: ['building-3d'] }).some((f) => f.id === id), spot.id), { timeout: 60_000 })
      .toBe(true);
  });

  test('a banner says so, and goes when it is back', async ({ page, district }) => {
    const spot = await someBuilding(district);
    await open(page, district, above(spot));
    await expect(page.locator('mqt-status')).toContainText('实时');
    const banner = page.locator('mqt-banner [role=alert]');
    await expect(banner).toBeEmpty();

    await district.stopServer();
    await expect(banner).toContainText('连接已中断');
    await district.psql(`update twin.building set name = '停机期间改名' where id = ${spot.id}`);
    await district.startServer();
    await expect(banner).toBeEmpty({ timeout: 15_000 });
    await expect(page.locator('mqt-status')).toContainText('实时');
    await expect
      .poll(async () => {
        await drawn(page);
        return withMap(page, (gl, id: number) => gl.queryRenderedFeatures({ layers: ['building-3d'] }).find((f) => f.id === id)?.properties['name'], spot.id);
      })
      .toBe('停机期间改名');
  });

  test('a database that is away is named, and the map stays', async ({ page, district }) => {
    const spot = await someBuilding(district);
    await open(page, district, above(spot));
    const banner = page.locator('mqt-banner [role=alert]');
    await district.killDatabase();
    await expect(banner).toContainText('数据库暂不可用', { timeout: 15_000 });
    await district.startDatabase();
    await expect(banner).toBeEmpty({ timeout: 20_000 });
    await expect.poll(async () => (await fetch(`${district.url}/ogc/collections/grid/items?limit=1`)).status).toBe(200);
  });
});
