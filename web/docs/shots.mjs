// Pictures of the viewer for looking at and for the README: every district by day and by night, at
// four zooms, in full HD and in 4K.
//
//   npm run shots -- community=http://127.0.0.1:8081 district=http://127.0.0.1:8080 [to=DIR] [only=night]
//
// Full sizes go to DIR when it is given; small WebP sheets of four go here, beside this script.
import { mkdirSync, writeFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

const options = Object.fromEntries(process.argv.slice(2).map((word) => word.split(/=(.*)/s).slice(0, 2)));
const { to, only, ...districts } = options;
if (Object.keys(districts).length === 0) {
  console.error('usage: npm run shots -- NAME=http://HOST:PORT [NAME=…] [to=DIR] [only=night|day]');
  process.exit(2);
}

const sizes = [{ name: 'hd', ratio: 1 }, { name: '4k', ratio: 2 }];
const viewport = { width: 1920, height: 1080 };
const sheet = { columns: 2, width: 800, height: 450, quality: 0.72 };
const idle_ms = 180_000;
const closest = 17.6; // zoom: nearer, a tilted camera stands inside a tower
// Steps in from the view of the whole: zoom, pitch, bearing, more words of the link.
const views = [
  { in: 0, pitch: 40, bearing: 0, more: '' },
  { in: 1.6, pitch: 0, bearing: 0, more: '&flat=1' },
  { in: 2.4, pitch: 52, bearing: -20, more: '&heat=30d' },
  { in: 3.4, pitch: 50, bearing: -20, more: '' },
];

/** The zoom at which the town fills the picture, and its middle. */
async function wholeOf(server) {
  const { bounds: [west, south, east, north] } = await (await fetch(`${server}/tiles/building.json`)).json();
  const zoom = Math.min(Math.log2((viewport.width * 360) / 512 / (east - west)), Math.log2((viewport.height * 280) / 512 / (north - south))) - 0.35;
  return { zoom, lon: (west + east) / 2, lat: (south + north) / 2 };
}

/** Resolves once the map stands at the zoom and is drawn. */
const settled = (page, zoom) =>
  page.waitForFunction(
    (at) => {
      const gl = document.querySelector('mqt-app')?.map?.gl;
      return gl && Math.abs(gl.getZoom() - at) < 0.05 && !gl.isMoving() && gl.isStyleLoaded() && gl.areTilesLoaded() && gl.loaded();
    },
    zoom,
    { timeout: idle_ms, polling: 300 },
  );

/** Names fade in after the tiles; the map is idle once they have. */
const wordsPlaced = (page) =>
  page.evaluate(() => {
    const { gl } = document.querySelector('mqt-app').map;
    return new Promise((done) => {
      gl.once('idle', done);
      gl.triggerRepaint();
    });
  });

/** One page for all views, which follows the link as it changes. */
async function* shootAll(browser, server, theme, ratio) {
  const whole = await wholeOf(server);
  const page = await browser.newPage({ viewport, deviceScaleFactor: ratio });
  for (const view of views) {
    const zoom = Math.min(whole.zoom + view.in, closest);
    const place = `${zoom.toFixed(2)}/${whole.lat.toFixed(5)}/${whole.lon.toFixed(5)}/${view.bearing}/${view.pitch}`;
    await page.goto(`${server}/#${place}&theme=${theme}${view.more}`);
    await settled(page, zoom);
    await wordsPlaced(page);
    yield await page.screenshot({ timeout: idle_ms });
  }
  await page.close();
}

/** The browser itself shrinks the pictures and packs them as WebP. */
async function packSheet(browser, pictures) {
  const page = await browser.newPage();
  const base64 = await page.evaluate(
    async ({ images, columns, width, height, quality }) => {
      const canvas = new OffscreenCanvas(columns * width, Math.ceil(images.length / columns) * height);
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      for (const [i, image] of images.entries()) {
        const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${image}`)).blob());
        context.drawImage(bitmap, (i % columns) * width, Math.floor(i / columns) * height, width, height);
      }
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality })).arrayBuffer());
      return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
    },
    { images: pictures.map((picture) => picture.toString('base64')), ...sheet },
  );
  await page.close();
  return Buffer.from(base64, 'base64');
}

const browser = await chromium.launch({
  executablePath: process.env['MQT_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-background-networking', '--no-first-run'],
});
try {
  if (to) mkdirSync(to, { recursive: true });
  for (const [name, server] of Object.entries(districts)) {
    for (const theme of ['night', 'day'].filter((each) => !only || each === only)) {
      for (const { name: size, ratio } of to ? sizes : sizes.slice(0, 1)) {
        const pictures = [];
        for await (const picture of shootAll(browser, server, theme, ratio)) {
          pictures.push(picture);
          if (to) writeFileSync(`${to}/${name}-${theme}-${size}-${pictures.length}.png`, picture);
        }
        if (ratio === 1) {
          const packed = await packSheet(browser, pictures);
          writeFileSync(new URL(`${name}-${theme}.webp`, import.meta.url), packed);
          console.log(`${name}-${theme}.webp ${Math.round(packed.length / 1024)} kB`);
        }
      }
    }
  }
} finally {
  await browser.close();
}
