import { above, drawn, expect, open, someBuilding, test, withMap, type District, type Page } from './page';

// Forty tickets at one building, twenty days old: they are in the 30 days, not in the 24 hours.
async function fileOldTickets(district: District, id: number): Promise<void> {
  await district.psql(`insert into ticket.ticket (category, channel, severity, reported_at, location)
    select 'noise', 'hotline', 3, now() - interval '20 days', st_pointonsurface(geom)
    from twin.building, generate_series(1, 40) where id = ${id}`);
}

/** Pixels of the map that glow in the heat's own reds and yellows. */
async function glow(page: Page): Promise<number> {
  await drawn(page);
  return withMap(
    page,
    (gl) =>
      new Promise<number>((done) => {
        gl.once('render', () => {
          const source = gl.getCanvas();
          const canvas = document.createElement('canvas');
          canvas.width = source.width;
          canvas.height = source.height;
          const context = canvas.getContext('2d');
          if (!context) throw new Error('no canvas');
          context.drawImage(source, 0, 0);
          const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          let hot = 0;
          for (let i = 0; i < data.length; i += 4) if (data[i] > 140 && data[i] > data[i + 2] + 50) hot++;
          done(hot);
        });
        gl.triggerRepaint();
      }),
  );
}

test('the heat shows where tickets are, in the chosen period', async ({ page, district }) => {
  const asked: string[] = [];
  page.on('request', (request) => request.url().includes('/heat/') && asked.push(request.url()));
  const spot = await someBuilding(district, `not exists (select from ticket.ticket t where t.building_id = building.id
    and t.reported_at > now() - interval '8 days')`);
  await fileOldTickets(district, spot.id);

  await open(page, district, above(spot, 17, '&flat=1&off=facility,camera'));
  const cold = await glow(page);
  expect(asked).toEqual([]);

  await page.getByRole('switch', { name: '诉求热力' }).click();
  await page.getByRole('radio', { name: '30 天' }).check({ force: true });
  await expect.poll(() => asked.some((url) => url.includes('window=30d'))).toBe(true);
  await expect.poll(() => glow(page)).toBeGreaterThan(cold + 500);
  const month = await glow(page);

  await page.getByRole('radio', { name: '24 小时' }).check({ force: true });
  await expect.poll(() => asked.some((url) => url.includes('window=24h'))).toBe(true);
  await expect.poll(() => glow(page)).toBeLessThan(month / 2);

  await page.getByRole('radio', { name: '自定义' }).check({ force: true });
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  await page.locator('input[name=from]').fill(day(25));
  await page.locator('input[name=to]').fill(day(15));
  await expect.poll(() => asked.some((url) => /from=.*&to=/.test(url))).toBe(true);
  await expect.poll(() => glow(page)).toBeGreaterThan(cold + 500);
  await page.locator('input[name=to]').fill(day(30));
  await expect(page.getByText('起始日期晚于截止日期')).toBeVisible();

  await page.getByRole('switch', { name: '诉求热力' }).click();
  await expect.poll(() => glow(page)).toBeLessThan(cold + 100);
});

test('the legend shows the palette, and walls turn to glass', async ({ page, district }) => {
  await open(page, district, '#heat=all');
  await expect(page.locator('mqt-heat .ramp')).toBeVisible();
  const total = Number(await district.psql('select count(*) from ticket.ticket'));
  await expect(page.locator('mqt-heat')).toContainText(total.toLocaleString('zh-CN'));
  const opacity = () =>
    withMap(page, (gl) => {
      const value = gl.getPaintProperty('building-3d', 'fill-extrusion-opacity') as number | ['step', ['zoom'], number, number, number];
      if (typeof value === 'number') return value;
      const [, , far, zoom, near] = value;
      return gl.getZoom() < zoom ? far : near;
    });
  await withMap(page, (gl) => void gl.jumpTo({ zoom: 14 }));
  expect(await opacity(), 'from afar the heat lies over opaque walls').toBe(1);
  expect(await withMap(page, (gl) => gl.getStyle().layers.findIndex(({ id }) => id === 'heat-veil') > gl.getStyle().layers.findIndex(({ id }) => id === 'building-3d'))).toBe(true);
  await withMap(page, (gl) => void gl.jumpTo({ zoom: 16 }));
  expect(await opacity()).toBeLessThan(0.6);
  await page.getByRole('switch', { name: '诉求热力' }).click();
  await expect.poll(opacity).toBe(1);
});

test('a window that ends now moves on though no ticket comes in', async ({ page, district }) => {
  await page.addInitScript(() => {
    const every = window.setInterval;
    window.setInterval = ((work: TimerHandler, ms?: number) => every(work, ms === 60_000 ? 600 : ms)) as typeof window.setInterval;
  });
  const asked = new Map<string, number>();
  page.on('request', (request) => request.url().includes('/heat/') && asked.set(request.url(), (asked.get(request.url()) ?? 0) + 1));
  await page.goto(`${district.url}/#heat=24h`); // not open(): a map that asks so often may never be at rest
  await expect.poll(() => asked.size > 0 && Math.min(...asked.values()), { timeout: 30_000 }).toBeGreaterThan(2);
});
