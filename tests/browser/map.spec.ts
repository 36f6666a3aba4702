import { above, drawn, expect, open, rendered, someBuilding, test, withMap } from './page';

test('opens on the district with its buildings, borders and facilities', async ({ page, district }) => {
  await open(page, district);
  expect(await rendered(page, 'building-3d')).toBeGreaterThan(20);
  expect(await rendered(page, 'grid-line')).toBeGreaterThan(0);
  expect(await rendered(page, 'facility')).toBeGreaterThan(0);
  const [west, south, east, north] = (await district.psql(
    'select st_xmin(e), st_ymin(e), st_xmax(e), st_ymax(e) from (select st_extent(geom) e from twin.building) x',
  )).split('|').map(Number);
  const centre = await withMap(page, (gl) => gl.getCenter().toArray());
  expect(centre[0]).toBeGreaterThan(west);
  expect(centre[0]).toBeLessThan(east);
  expect(centre[1]).toBeGreaterThan(south);
  expect(centre[1]).toBeLessThan(north);
});

test('walls stand as high as the building', async ({ page, district }) => {
  const spot = await someBuilding(district, 'height_m is not null');
  await open(page, district, above(spot));
  const height_m = await withMap(
    page,
    (gl, id: number) => gl.queryRenderedFeatures({ layers: ['building-3d'] }).find((f) => f.id === id)?.properties['height_m'],
    spot.id,
  );
  expect(height_m).toBeCloseTo(Number(await district.psql(`select height_m from twin.building where id = ${spot.id}`)), 1);
});

test('a link restores the view', async ({ page, district }) => {
  const spot = await someBuilding(district);
  await open(page, district, `#16.50/${spot.lat.toFixed(5)}/${spot.lon.toFixed(5)}/-30/40&off=grid&heat=30d&theme=day&lang=en`);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'day');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('switch', { name: 'Ticket heat' })).toBeChecked();
  await expect(page.locator('[data-layer=grid]')).not.toBeChecked();
  const view = await withMap(page, (gl) => [gl.getZoom(), gl.getBearing(), gl.getPitch()]);
  expect(view[0]).toBeCloseTo(16.5, 1);
  expect(view[1]).toBeCloseTo(-30, 0);
  expect(view[2]).toBeCloseTo(40, 0);

  await page.locator('[data-do=zoomIn]').click();
  await expect(page).toHaveURL(/#17\.\d+.*&off=grid&heat=30d&theme=day&lang=en/);
});

test('flat or solid, layers on or off, each area named once', async ({ page, district }) => {
  await open(page, district);
  await page.getByRole('button', { name: '图层' }).click();
  const row = page.locator('mqt-layers li', { has: page.locator('[data-layer=building]') });
  await expect(row).toContainText(Number(await district.psql('select count(*) from twin.building')).toLocaleString('zh-CN'));
  await row.getByRole('switch').click();
  await expect.poll(() => rendered(page, 'building-3d')).toBe(0);
  await row.getByRole('switch').click();
  await expect.poll(() => rendered(page, 'building-3d')).toBeGreaterThan(20);

  await page.locator('[data-do=flat]').click();
  await expect.poll(() => rendered(page, 'building-3d')).toBe(0);
  await drawn(page);
  expect(await rendered(page, 'building')).toBeGreaterThan(20);
  expect(await withMap(page, (gl) => gl.getPitch())).toBeCloseTo(0, 1);

  await withMap(page, (gl) => void gl.jumpTo({ zoom: 16 }));
  await expect
    .poll(async () => {
      await drawn(page);
      const names = await withMap(page, (gl) => gl.queryRenderedFeatures({ layers: ['grid-label'] }).map((f) => f.properties['name'] as string));
      return names.length > 0 && new Set(names).size === names.length;
    })
    .toBe(true);

  await page.getByPlaceholder('筛选图层').fill('网格');
  await expect(page.locator('mqt-layers li')).toHaveCount(1);
});

test('a crowd of extra layers waits until it is asked for', async ({ page, district }) => {
  const ids = Array.from({ length: 7 }, (_, i) => `extra_${i}`);
  const rows = ids.map((id) => `('${id}', '${id}', '${id}', 'twin.facility', 'twin.public_facility', 'point')`).join(', ');
  await district.psql(`insert into twin.layer (id, title_zh, title_en, source_table, served_from, geometry_type) values ${rows}`);
  try {
    await expect.poll(async () => (await (await fetch(`${district.url}/tiles`)).json()).length).toBeGreaterThan(ids.length + 6);
    await open(page, district);
    const extra = page.locator('[data-layer=extra_3]');
    await page.getByRole('button', { name: '图层' }).click();
    await expect(extra, 'folded away with its group').toHaveCount(0);
    await page.locator('[data-group=points]').click();
    await expect(extra).not.toBeChecked();
    await expect(page.locator('[data-layer=building]')).toBeChecked();
    expect(await rendered(page, 'extra_3-auto-circle')).toBe(0);
    await extra.click();
    await expect.poll(() => rendered(page, 'extra_3-auto-circle')).toBeGreaterThan(0);
    await expect(page).toHaveURL(/&on=extra_3(&|$)/);
    await expect(page).not.toHaveURL(/off=/);
  } finally {
    await district.psql("delete from twin.layer where id like 'extra_%'");
  }
});
