// What every browser test needs: a district with its server, and the page on it. Each test also
// fails when a request left the server's origin or when the page wrote an error to the console.

import { test as base, expect, type Page } from './playwright.mjs';
import { startDistrict } from '../support/district.mjs';

export { expect, type Page } from './playwright.mjs';
type GlMap = import('maplibre-gl').Map;
export type District = Awaited<ReturnType<typeof startDistrict>>;

const start = startDistrict as unknown as (options: { sample: string }) => Promise<District>; // its default is null

interface Watched {
  foreign: string[];
  errors: string[];
}

interface Options {
  losesServer: boolean; // failed requests are part of the test
}

export const test = base.extend<{ watched: Watched } & Options, { district: District }>({
  losesServer: [false, { option: true }],
  district: [
    async ({}, use) => {
      const district = await start({ sample: 'community' });
      await use(district);
      await district.stop();
    },
    { scope: 'worker', timeout: 600_000 },
  ],
  watched: [
    async ({ page, district, losesServer }, use) => {
      const watched: Watched = { foreign: [], errors: [] };
      await page.addInitScript(drawWithoutSmoothing);
      page.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol !== 'data:' && protocol !== 'blob:' && origin !== district.url) watched.foreign.push(request.url());
      });
      page.on('console', (message) => {
        const expected = losesServer && /Failed to load resource|ERR_/.test(message.text());
        if (message.type() === 'error' && !expected) watched.errors.push(message.text());
      });
      page.on('pageerror', (error) => watched.errors.push(error.message));
      await use(watched);
      expect(watched.foreign, 'requests to other hosts').toEqual([]);
      expect(watched.errors, 'errors in the console').toEqual([]);
    },
    { auto: true },
  ],
});

/** Without a GPU smooth edges double the time of a frame, and no test looks at edges. */
function drawWithoutSmoothing(): void {
  const getContext = HTMLCanvasElement.prototype.getContext as (kind: string, options?: object) => RenderingContext | null;
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, options?: object) {
    return getContext.call(this, kind, options && { ...options, antialias: false });
  } as typeof HTMLCanvasElement.prototype.getContext;
}

/** Opens the page and waits until the map has drawn all its tiles. hash such as '#heat=7d'. */
export async function open(page: Page, district: District, hash = ''): Promise<void> {
  await page.goto(`${district.url}/${hash}`);
  await drawn(page);
}

export async function drawn(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const gl = (document.querySelector('mqt-app') as unknown as { map: { gl: GlMap } | null } | null)?.map?.gl;
    return gl !== undefined && gl.loaded() && gl.areTilesLoaded() && !gl.isMoving();
  });
}

/** Runs code with MapLibre's map inside the page. */
export async function withMap<A, R>(page: Page, code: (gl: GlMap, argument: A) => R | Promise<R>, argument?: A): Promise<R> {
  const gl = await page.evaluateHandle(() => (document.querySelector('mqt-app') as unknown as { map: { gl: GlMap } }).map.gl);
  try {
    return (await gl.evaluate(code as never, argument as never)) as R;
  } finally {
    await gl.dispose();
  }
}

export const rendered = (page: Page, layer: string) =>
  withMap(page, (gl, id: string) => gl.queryRenderedFeatures({ layers: [id] }).length, layer);

export interface Spot {
  id: number;
  lon: number;
  lat: number;
}

/** A building of the sample with a middle inside its walls; the largest has the best target. */
export async function someBuilding(district: District, where = 'true'): Promise<Spot> {
  const row = await district.psql(
    `select id, st_x(p), st_y(p) from (select id, st_pointonsurface(geom) p from twin.building
     where ${where} order by st_area(geom) desc limit 1) b`,
  );
  const [id, lon, lat] = row.split('|').map(Number);
  return { id, lon, lat };
}

/** The hash that looks straight down on a spot. */
export const above = ({ lon, lat }: Spot, zoom = 17, more = '') => `#${zoom}/${lat}/${lon}/0/0${more}`;
