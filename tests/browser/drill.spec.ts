import { drawn, expect, open, test, withMap, type District, type Page } from './page';
import { findings } from './axe';

// Nothing here looks at walls or badges, and a flight of the camera is drawn in software: both are left out.
const light = 'flat=1&off=building,facility,road,green,water';
test.use({ contextOptions: { reducedMotion: 'reduce' } });

interface AreaRow {
  id: number;
  name: string;
}

async function areas(district: District, level: string): Promise<AreaRow[]> {
  const rows: string = await district.psql(`select id, name from twin.area where level = '${level}' order by code`);
  return rows.split('\n').map((row: string) => ({ id: Number(row.split('|')[0]), name: row.split('|')[1] as string }));
}

const panel = (page: Page) => page.locator('mqt-area');
const title = (page: Page) => panel(page).locator('h2');
const row = (page: Page, id: number | string) => panel(page).locator(`[data-row="${id}"]`);
const crumbs = (page: Page) => panel(page).getByRole('navigation', { name: '所在位置' }).getByRole('listitem');
const cell = (page: Page, at: string) => page.locator(`mqt-units [data-cell="${at}"]`);

/** A residential building with units, and the way to it. */
async function someHome(district: District): Promise<{ id: number; name: string; grid: number }> {
  const answer = await district.psql(`select b.id, b.name, a.id from twin.building b
    join twin.area a on a.level = 'grid' and st_contains(a.geom, st_pointonsurface(b.geom))
    where (select count(*) from twin.unit u where u.building_id = b.id) > 1 and b.name is not null order by b.floors_above desc, b.id limit 1`);
  const [id, name, grid] = answer.split('|');
  return { id: Number(id), name: name as string, grid: Number(grid) };
}

async function isInView(page: Page, district: District, id: number): Promise<boolean> {
  const box = (await district.psql(`select st_xmin(geom), st_ymin(geom), st_xmax(geom), st_ymax(geom) from twin.area where id = ${id}`)).split('|').map(Number);
  return withMap(
    page,
    (gl, [west, south, east, north]: number[]) => {
      const { clientWidth: width, clientHeight: height } = gl.getContainer();
      const corners = [gl.project([west, south]), gl.project([east, south]), gl.project([west, north]), gl.project([east, north])];
      const spread = Math.max(...corners.map(({ x }) => x)) - Math.min(...corners.map(({ x }) => x));
      return spread > 100 && corners.every(({ x, y }) => x >= 0 && x <= width && y >= 0 && y <= height);
    },
    box,
  );
}

/** Where the middle of an area is on the page, as long as nothing stands on it. */
async function spotOf(page: Page, district: District, id: number): Promise<{ x: number; y: number }> {
  const [lon, lat] = (await district.psql(`select st_x(p), st_y(p) from (select st_pointonsurface(st_difference(a.geom,
    coalesce((select st_union(st_buffer(b.geom, 0.0001)) from twin.building b where b.geom && a.geom), 'srid=4490;polygon empty'::geometry))) p
    from twin.area a where id = ${id}) x`)).split('|').map(Number);
  await drawn(page);
  return withMap(page, (gl, at: [number, number]) => gl.project(at), [lon, lat] as [number, number]);
}

test('by mouse: from the district down to a room, and up again', async ({ page, district }) => {
  test.slow();
  const [[top], [subdistrict], [community], grids] = await Promise.all(['district', 'subdistrict', 'community', 'grid'].map((level) => areas(district, level)));
  const home = await someHome(district);
  await open(page, district, `#${light}`);
  await expect(title(page)).toHaveText(top.name);
  await expect(crumbs(page)).toHaveCount(0);

  for (const step of [subdistrict, community]) {
    await row(page, step.id).click();
    await expect(title(page)).toHaveText(step.name);
    await expect.poll(() => isInView(page, district, step.id)).toBe(true);
    await expect(page).toHaveURL(new RegExp(`&at=${step.id}`));
  }
  await expect(crumbs(page)).toHaveText([top.name, subdistrict.name, community.name]);
  await expect(panel(page).locator('[data-row]')).toHaveCount(grids.length);

  await panel(page).getByRole('radio', { name: '编号' }).check({ force: true });
  await expect(panel(page).locator('[data-row] .name')).toHaveText(grids.map(({ name }) => name));
  await panel(page).getByRole('button', { name: /个小区/ }).click();
  const estates = await areas(district, 'estate');
  await expect(panel(page).locator('[data-row] .name')).toHaveText(estates.map(({ name }) => name));
  await panel(page).getByRole('button', { name: /个网格/ }).click();

  await row(page, home.grid).click();
  await expect(title(page)).toHaveText(grids.find(({ id }) => id === home.grid)?.name as string);
  await expect(panel(page)).toContainText('网格员 ·');
  await row(page, home.id).click();
  const card = page.locator('mqt-card');
  await expect(card.locator('h2')).toHaveText(home.name);
  await expect(crumbs(page).last()).toHaveText(home.name);
  await expect(crumbs(page)).toHaveCount(5);
  await expect(page).toHaveURL(new RegExp(`&at=${home.grid}&b=${home.id}`));

  const rooms = await district.psql(`select d.room from twin.dwelling d join twin.unit u on u.id = d.unit_id
    where u.building_id = ${home.id} and u.name = '1单元' and d.room ~ '^2\\d\\d室$' order by d.room`);
  await card.getByRole('gridcell', { name: /^1单元 2层 / }).click();
  await expect(card.locator('mqt-units .rooms li span:first-child')).toHaveText(rooms.split('\n'));

  await crumbs(page).nth(2).getByRole('button').click();
  await expect(title(page)).toHaveText(community.name);
  await expect(card).toHaveCount(0);
  await panel(page).getByRole('button', { name: '返回上级' }).click();
  await expect(title(page)).toHaveText(subdistrict.name);
});

test('the list and the map light the same area, and a click on the ground goes down', async ({ page, district }) => {
  const [community] = await areas(district, 'community');
  const [grid, other] = await areas(district, 'grid');
  await open(page, district, `#at=${community.id}&${light}`);
  await expect(title(page)).toHaveText(community.name);
  const litOnMap = () => withMap(page, (gl) => gl.querySourceFeatures('place-light').length > 0);
  await row(page, grid.id).hover();
  await expect.poll(litOnMap).toBe(true);
  await page.mouse.move(500, 20);
  await expect.poll(litOnMap).toBe(false);

  await withMap(page, (gl) => void gl.jumpTo({ pitch: 0 }));
  const spot = await spotOf(page, district, other.id);
  await page.mouse.move(spot.x, spot.y);
  await expect(panel(page).locator('.lit')).toContainText(other.name);
  await expect.poll(litOnMap).toBe(true);
  await page.mouse.click(spot.x, spot.y);
  await expect(title(page)).toHaveText(other.name);
  await drawn(page);
  const shown = await withMap(page, (gl) => ['place-shade', 'place-edge'].map((id) => gl.queryRenderedFeatures({ layers: [id] }).length > 0));
  expect(shown).toEqual([true, true]);

  const building = panel(page).locator('[data-row]').first();
  const id = Number(await building.getAttribute('data-row'));
  const isLit = () => withMap(page, (gl, at: number) => gl.getFeatureState({ source: 'twin', sourceLayer: 'building', id: at })['hover'] === true, id);
  await building.hover();
  await expect.poll(isLit).toBe(true);
  await page.mouse.move(500, 20);
  await expect.poll(isLit).toBe(false);
});

test('by keyboard: down to a room and up again, nothing but keys', async ({ page, district }) => {
  test.slow();
  const home = await someHome(district);
  const [[top], [subdistrict], [community], grids] = await Promise.all(['district', 'subdistrict', 'community', 'grid'].map((level) => areas(district, level)));
  await open(page, district, `#${light}`);
  await expect(title(page)).toHaveText(top.name);
  const focused = () => page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return (element as HTMLElement | null)?.dataset['row'] ?? (element as HTMLElement | null)?.dataset['cell'] ?? null;
  });
  for (let i = 0; i < 12 && (await focused()) === null; i++) await page.keyboard.press('Tab');
  expect(await focused()).toBe(String(subdistrict.id));
  await page.keyboard.press('Enter');
  await expect(title(page)).toHaveText(subdistrict.name);
  await expect.poll(focused).toBe(String(community.id));
  await page.keyboard.press('Enter');
  await expect(title(page)).toHaveText(community.name);

  const onGrid = async () => {
    const at = await focused();
    return grids.some(({ id }) => id === Number(at));
  };
  await expect.poll(onGrid).toBe(true);
  await page.keyboard.press('End');
  const last = await focused();
  await page.keyboard.press('ArrowUp');
  expect(await focused()).not.toBe(last);
  await page.keyboard.press('ArrowDown');
  expect(await focused()).toBe(last);
  await page.keyboard.press('Backspace');
  await expect(title(page)).toHaveText(subdistrict.name);
  await expect.poll(focused, { message: 'on the row that one came out of' }).toBe(String(community.id));
  await page.keyboard.press('Enter');
  await expect(title(page)).toHaveText(community.name);
  await expect.poll(onGrid).toBe(true);
  for (let i = 0; i < grids.length && (await focused()) !== String(home.grid); i++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(title(page)).toHaveText(grids.find(({ id }) => id === home.grid)?.name as string);
  await expect(row(page, home.id)).toBeVisible();
  await expect.poll(async () => (await focused()) === (await panel(page).locator('[data-row]').first().getAttribute('data-row'))).toBe(true);
  for (let i = 0; i < 60 && (await focused()) !== String(home.id); i++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.locator('mqt-card h2')).toHaveText(home.name);

  await expect(page.locator('mqt-units')).toBeVisible();
  for (let i = 0; i < 20 && !(await focused())?.includes(':'); i++) await page.keyboard.press('Tab');
  expect(await focused()).toMatch(/^\d+:0$/);
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowUp');
  const [floor, unit] = ((await focused()) as string).split(':').map(Number);
  expect(unit).toBe(1);
  await page.keyboard.press('Enter');
  await expect(cell(page, `${floor}:1`)).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('mqt-units .rooms li').first()).toBeVisible();

  await page.keyboard.press('Escape');
  await expect(page.locator('mqt-card')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(title(page)).toHaveText(community.name);
  await page.keyboard.press('Alt+ArrowUp');
  await expect(title(page)).toHaveText(subdistrict.name);
});

test('search, card, face, breadcrumbs; Back goes up, and a link comes back to the same place', async ({ page, district }) => {
  test.slow();
  const home = await someHome(district);
  const [[top], [subdistrict], [community]] = await Promise.all(['district', 'subdistrict', 'community'].map((level) => areas(district, level)));
  await open(page, district, `#${light}`);
  await page.keyboard.press('/');
  await page.getByRole('combobox').fill(home.name);
  await page.getByRole('option', { name: new RegExp(`^${home.name}`) }).first().click();
  await expect(page.locator('mqt-card h2')).toHaveText(home.name);
  await expect(crumbs(page).last()).toHaveText(home.name);
  await expect(title(page), 'a chosen building does not take the place away').toHaveText(top.name);
  await expect(page.locator('mqt-units')).toBeVisible();

  await crumbs(page).nth(2).getByRole('button').click();
  await expect(title(page)).toHaveText(community.name);
  await expect(page.locator('mqt-card')).toHaveCount(0);
  await row(page, home.grid).click();
  await row(page, home.id).click();
  await expect(page.locator('mqt-card h2')).toHaveText(home.name);
  await expect(page).toHaveURL(new RegExp(`at=${home.grid}&b=${home.id}`));
  await drawn(page);

  await page.reload();
  await expect(page.locator('mqt-card h2')).toHaveText(home.name);
  await expect(crumbs(page)).toHaveCount(5);
  const zoom = await withMap(page, (gl) => gl.getZoom());
  expect(zoom).toBeGreaterThan(16);
  await expect.poll(() => withMap(page, (gl, id: number) => gl.getFeatureState({ source: 'twin', sourceLayer: 'building', id })['chosen'] === true, home.id)).toBe(true);

  await page.goBack();
  await expect(page.locator('mqt-card')).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`at=${home.grid}(?!.*&b=)`));
  await page.goBack();
  await expect(title(page)).toHaveText(community.name);
  await page.goForward();
  await expect(crumbs(page)).toHaveCount(4);
  await page.keyboard.press('Escape');
  await expect(title(page)).toHaveText(community.name);
  await page.keyboard.press('Escape');
  await expect(title(page)).toHaveText(subdistrict.name);
});

test('a ticket changes the figures of the area it lies in', async ({ page, district }) => {
  const home = await someHome(district);
  await open(page, district, `#at=${home.grid}&${light}`);
  const openTickets = panel(page).locator('.hero .open dd');
  await expect(openTickets).toBeVisible();
  const before = Number((await openTickets.innerText()).replaceAll(',', ''));
  const number = () => row(page, home.id).locator('> .figure').innerText().then(Number);
  const ofHome = await number();
  const id = await district.psql(`insert into ticket.ticket (category, building_id) values ('leak', ${home.id}) returning id`);
  await expect(openTickets).toHaveText((before + 1).toLocaleString('zh-CN'));
  await expect.poll(number).toBe(ofHome + 1);
  await district.psql(`update ticket.ticket set status = 'closed', closed_at = now() where id = ${id}`);
  await expect(openTickets).toHaveText(before.toLocaleString('zh-CN'));
  await district.psql(`delete from ticket.ticket where id = ${id}`);
});

test('nothing stands in the way of assistive technology, whatever is open', async ({ page, district }) => {
  test.slow();
  const home = await someHome(district);
  const [community] = await areas(district, 'community');
  await open(page, district, `#heat=7d&${light}`);
  await expect(title(page)).toBeVisible();
  await expect(page.locator('mqt-heat .ramp')).toBeVisible();
  for (const theme of ['切换为浅色', '切换为深色']) {
    await page.getByRole('button', { name: theme }).click();
    await drawn(page);
    expect(await findings(page), 'overview').toEqual([]);
  }
  await page.locator('[data-do=layers]').click();
  await expect(page.getByRole('button', { name: /^区划/ })).toBeVisible();
  expect(await findings(page), 'layers').toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('combobox').fill('怡海');
  await expect(page.getByRole('option').first()).toBeVisible();
  expect(await findings(page), 'search').toEqual([]);

  await page.goto(`${district.url}/#at=${community.id}&b=${home.id}&theme=day&${light}`);
  await page.reload();
  await expect(page.locator('mqt-units')).toBeVisible();
  await page.getByRole('gridcell', { name: /^1单元 2层 / }).click();
  await expect(page.locator('mqt-units .rooms li').first()).toBeVisible();
  for (const theme of ['切换为深色', '切换为浅色']) {
    await page.getByRole('button', { name: theme }).click();
    await drawn(page);
    expect(await findings(page), 'card and face').toEqual([]);
  }
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 760 } });

  test('the drill-down is a sheet', async ({ page, district }) => {
    const [subdistrict] = await areas(district, 'subdistrict');
    const home = await someHome(district);
    await open(page, district, `#${light}`);
    await expect(panel(page)).toBeHidden();
    await page.getByRole('button', { name: '所在区域' }).click();
    await row(page, subdistrict.id).click();
    await expect(title(page)).toHaveText(subdistrict.name);
    expect(await findings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.goto(`${district.url}/#at=${home.grid}&b=${home.id}&${light}`);
    await page.reload();
    await expect(page.locator('mqt-units')).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });
});

test.describe('on a wall', () => {
  test.use({ viewport: { width: 3_000, height: 1_100 } });

  test('an untouched wall goes back to the overview', async ({ page, district }) => {
    await page.addInitScript(() => {
      const after = window.setTimeout;
      window.setTimeout = ((work: TimerHandler, ms?: number) => after(work, ms === 300_000 ? 3_000 : ms)) as typeof window.setTimeout;
    });
    const [top] = await areas(district, 'district');
    const [community] = await areas(district, 'community');
    await page.goto(`${district.url}/#at=${community.id}&${light}`);
    await expect(page).toHaveURL(/#(?!.*&at=)/);
    await expect(title(page)).toHaveText(top.name);
    await expect(page.locator('html')).toHaveAttribute('data-screen', 'wall');
    const letters = () => title(page).evaluate((heading) => heading.getBoundingClientRect().height);
    const onWall = await letters();
    await page.setViewportSize({ width: 1_600, height: 900 });
    await expect(page.locator('html')).toHaveAttribute('data-screen', 'desk');
    expect(await letters()).toBeLessThan(onWall);
  });
});
