import { findings } from './axe';
import { above, drawn, expect, open, someBuilding, test, withMap, type District, type Page, type Spot } from './page';

async function clickOn(page: Page, district: District, spot: Spot): Promise<void> {
  await open(page, district, above(spot, 18, '&flat=1&off=facility'));
  const canvas = await page.locator('.maplibregl-canvas').boundingBox();
  if (!canvas) throw new Error('no map');
  await page.mouse.click(canvas.x + canvas.width / 2, canvas.y + canvas.height / 2);
}

test('a click on a building opens its card, which follows the tickets', async ({ page, district }) => {
  const spot = await someBuilding(district, 'floors_above is not null and household_count > 0 and person_count >= 10');
  await clickOn(page, district, spot);
  const card = page.locator('mqt-card');
  const [floors, households, persons, openTickets] = (await district.psql(`select floors_above, household_count, person_count,
    (select count(*) from ticket.ticket where building_id = b.id and status <> 'closed') from twin.public_building b where id = ${spot.id}`))
    .split('|').map((n: string) => Number(n).toLocaleString('zh-CN'));
  await expect(card.locator('.facts')).toContainText(`${floors} 层`);
  await expect(card.locator('.people')).toContainText(`${households} 户`);
  await expect(card.locator('.people')).toContainText(`${persons} 人`);
  await expect(card.locator('.open dd')).toHaveText(openTickets);

  await district.psql(`insert into ticket.ticket (category, building_id) values ('leak', ${spot.id})`);
  await expect(card.locator('.open dd')).toHaveText((Number(openTickets.replace(',', '')) + 1).toLocaleString('zh-CN'));
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
});

test('few people are never told as a number', async ({ page, district }) => {
  const spot = await someBuilding(district);
  const before = await district.psql(`select coalesce(person_count::text, 'null') from twin.building where id = ${spot.id}`);
  await district.psql(`update twin.building set person_count = 7 where id = ${spot.id}`);
  await clickOn(page, district, spot);
  await expect(page.locator('mqt-card .people')).toContainText('<10');
  await district.psql(`update twin.building set person_count = ${before} where id = ${spot.id}`);
});

test('search finds a building and goes there', async ({ page, district }) => {
  const spot = await someBuilding(district);
  await district.psql(`update twin.building set name = '琉璃渠测试楼' where id = ${spot.id}`);
  await open(page, district);
  await page.keyboard.press('/');
  const box = page.getByRole('combobox');
  await expect(box).toBeFocused();
  await expect(async () => {
    await box.fill('');
    await box.fill('琉璃渠');
    await expect(page.getByRole('option', { name: /琉璃渠测试楼/ })).toBeVisible({ timeout: 1_500 });
  }).toPass();
  await page.keyboard.press('Enter');
  await expect(page.locator('mqt-card h2')).toHaveText('琉璃渠测试楼');
  await drawn(page);
  const centre = await withMap(page, (gl) => gl.getCenter().toArray());
  expect(centre[0]).toBeCloseTo(spot.lon, 3);
  expect(centre[1]).toBeCloseTo(spot.lat, 3);

  await box.fill('没有这样的地方');
  await expect(page.getByText('没有找到')).toBeVisible();
});

test('language and theme', async ({ page, district }) => {
  await open(page, district);
  await page.getByRole('button', { name: 'Switch to English' }).click();
  await expect(page.getByRole('heading', { name: 'Latest tickets' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.getByRole('button', { name: 'Switch to light' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'day');
  await drawn(page);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Latest tickets' })).toBeVisible();
  await page.getByRole('button', { name: '切换为中文' }).click();
  await expect(page.getByRole('heading', { name: '最新诉求' })).toBeVisible();
});

test('nothing stands in the way of assistive technology', async ({ page, district }) => {
  const spot = await someBuilding(district);
  await clickOn(page, district, spot);
  await page.getByRole('switch', { name: '诉求热力' }).click();
  await expect(page.locator('mqt-heat .ramp')).toBeVisible();
  await expect(page.locator('mqt-status')).toContainText('实时');
  await district.psql(`insert into ticket.ticket (category) values ('noise')`);
  await expect(page.locator('mqt-tickets li').first()).toBeVisible();
  for (const name of ['切换为浅色', '切换为深色']) {
    await page.getByRole('button', { name }).click();
    await page.waitForTimeout(2_500); // a new entry's glow fades
    expect(await findings(page)).toEqual([]);
  }
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 760 } });

  test('panels open as sheets', async ({ page, district }) => {
    await open(page, district);
    await expect(page.locator('mqt-layers')).toBeHidden();
    await page.getByRole('button', { name: '图层' }).click();
    await expect(page.locator('mqt-layers')).toBeVisible();
    await page.getByRole('button', { name: '诉求热力' }).click();
    await expect(page.locator('mqt-layers')).toBeHidden();
    await expect(page.locator('mqt-heat')).toBeVisible();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    expect(await findings(page)).toEqual([]);
  });
});
