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
