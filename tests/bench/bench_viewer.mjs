#!/usr/bin/env node
// The viewer with 100,000 extruded buildings and the heat of 50,000 tickets in one picture: frames a
// second beside the empty map, and how long a cold browser takes to the first building and to rest.
// README.md says what each figure counts.
//
//   tests/bench/bench_viewer.mjs [--rounds 5] [--seconds 6] [--size 1920x1080] [--out FILE] [--url URL | --web DIR]
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildings, crowdedDistrict, tickets } from './viewer_district.mjs';

const executablePath = process.env.MQT_CHROMIUM ?? '/usr/bin/chromium';
const flags = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--no-first-run'];
const leastShare = 0.12;
const mostFirst_ms = 2_500;
const mostIdle_ms = 6_000;
const wait_ms = 300_000;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '6' },
    size: { type: 'string', default: '1920x1080' },
    out: { type: 'string' },
    url: { type: 'string' },
    web: { type: 'string' },
  },
});
const rounds = Number(options.rounds);
const [width, height] = options.size.split('x').map(Number);

if (!existsSync(executablePath)) {
  console.log(`bench_viewer: skipped, there is no ${executablePath}`);
  process.exit(0);
}
const { chromium } = await import('../../web/node_modules/@playwright/test/index.mjs');

// ---- inside the page

/** Writes down when the first map, the first building were drawn and when everything had come to rest. */
function watchFirstMap() {
  window.bench = { map_ms: null, first_ms: null, idle_ms: null };
  const timer = setInterval(() => {
    const gl = document.querySelector('mqt-app')?.map?.gl;
    if (!gl) return;
    clearInterval(timer);
    const lookForMap = () => {
      const ground = ['road', 'green', 'water', 'community-line'].filter((id) => gl.getLayer(id));
      if (ground.length === 0 || gl.queryRenderedFeatures({ layers: ground }).length === 0) return;
      gl.off('render', lookForMap);
      finish(gl);
      window.bench.map_ms = performance.now();
    };
    const look = () => {
      if (window.bench.map_ms === null) return; // one reading a frame
      const { clientWidth: w, clientHeight: h } = gl.getCanvas();
      const spot = [[w / 2 - 60, h / 2 - 60], [w / 2 + 60, h / 2 + 60]];
      if (!gl.getLayer('building-3d') || gl.getPaintProperty('building-3d', 'fill-extrusion-opacity') === 0) return;
      if (gl.queryRenderedFeatures(spot, { layers: ['building-3d'] }).length === 0) return;
      gl.off('render', look);
      finish(gl);
      window.bench.first_ms = performance.now();
    };
    gl.on('render', lookForMap);
    gl.on('render', look);
    gl.on('idle', () => {
      if (window.bench.first_ms === null || !gl.areTilesLoaded()) return;
      finish(gl);
      window.bench.idle_ms ??= performance.now();
    });
  }, 2);
  /** Frames are drawn by another process; only reading one back waits for it. */
  const finish = (window.benchFinish = (gl) => {
    const context = gl.getCanvas().getContext('webgl2');
    context.readPixels(0, 0, 1, 1, context.RGBA, context.UNSIGNED_BYTE, new Uint8Array(4));
  });
}

/** Turns the map to and fro for some seconds and counts the frames that it drew. */
function framesWhileTurning(seconds) {
  const gl = document.querySelector('mqt-app').map.gl;
  const swing_deg = 6;
  const period_ms = 4_000;
  return new Promise((done) => {
    const began = performance.now();
    const bearing = gl.getBearing();
    let frames = 0;
    const step = () => {
      const now = performance.now();
      if (now - began < seconds * 1_000) {
        frames++;
        const phase = ((now - began) / period_ms) % 1;
        gl.setBearing(bearing + swing_deg * (phase < 0.5 ? 4 * phase - 1 : 3 - 4 * phase));
        return;
      }
      gl.off('render', step);
      window.benchFinish(gl);
      const took_ms = performance.now() - began;
      gl.setBearing(bearing);
      done({ frames, took_ms });
    };
    gl.on('render', step);
    gl.triggerRepaint();
  });
}

/** All layers but the background off, or as they were. */
function showLayers(full) {
  const gl = document.querySelector('mqt-app').map.gl;
  window.benchShown ??= new Set(gl.getStyle().layers.filter(({ layout }) => layout?.visibility !== 'none').map(({ id }) => id));
  for (const id of window.benchShown) {
    if (gl.getLayer(id).type !== 'background') gl.setLayoutProperty(id, 'visibility', full ? 'visible' : 'none');
  }
}

/** The buildings that the extruded layer draws, and how many corners of the district are on the screen. */
function whatIsDrawn(box) {
  const gl = document.querySelector('mqt-app').map.gl;
  const ids = new Set(gl.queryRenderedFeatures({ layers: ['building-3d'] }).map(({ id }) => id));
  const { clientWidth, clientHeight } = gl.getCanvas();
  const corners = [-1, 1].flatMap((x) => [-1, 1].map((y) => gl.project([box.lon + (x * box.width_deg) / 2, box.lat + (y * box.height_deg) / 2])));
  const inside = corners.filter(({ x, y }) => x >= 0 && y >= 0 && x <= clientWidth && y <= clientHeight).length;
  return { buildings: ids.size, corners: inside, heat: gl.getLayer('heat-veil') !== undefined };
}

// ---- around it

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const spread = (list, digits) => `${median(list).toFixed(digits)} (${Math.min(...list).toFixed(digits)}-${Math.max(...list).toFixed(digits)})`;

async function atRest(page) {
  await page.waitForFunction(() => {
    const gl = document.querySelector('mqt-app')?.map?.gl;
    return gl && gl.loaded() && gl.areTilesLoaded() && !gl.isMoving();
  }, null, { timeout: wait_ms });
}

/** What the kernel counted for the programs that this one started, ms. */
function processorTime_ms() {
  const parents = new Map();
  const spent = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      parents.set(pid, fields[1]);
      spent.set(pid, (Number(fields[11]) + Number(fields[12])) * 10); // in hundredths of a second
    } catch {
      // it has ended meanwhile
    }
  }
  const isOurs = (pid) => pid !== undefined && (pid === String(process.pid) || isOurs(parents.get(pid)));
  return [...spent].filter(([pid]) => pid !== String(process.pid) && isOurs(pid)).reduce((sum, [, ms]) => sum + ms, 0);
}

/** A browser that has never run, with nothing in its cache. */
async function coldStart(url) {
  const profile = mkdtempSync(join(tmpdir(), 'mqt-bench-profile-'));
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: flags, viewport: { width, height } });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.addInitScript(watchFirstMap);
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForFunction(() => window.bench.idle_ms !== null, null, { timeout: wait_ms, polling: 200 });
    return await page.evaluate(() => window.bench);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

async function measureFrames(url, box) {
  const browser = await chromium.launch({ executablePath, args: flags });
  try {
    const page = await browser.newPage({ viewport: { width, height } });
    await page.addInitScript(watchFirstMap);
    await page.goto(url);
    await page.waitForFunction(() => window.bench.idle_ms !== null, null, { timeout: wait_ms, polling: 200 });
    const drawn = await page.evaluate(whatIsDrawn, box);
    const version = browser.version();
    const rates = { empty: [], full: [] };
    const spent = { empty: [], full: [] };
    for (let round = 0; round < rounds; round++) {
      for (const kind of ['empty', 'full']) {
        await page.evaluate(showLayers, kind === 'full');
        await atRest(page);
        const before_ms = processorTime_ms();
        const { frames, took_ms } = await page.evaluate(framesWhileTurning, Number(options.seconds));
        rates[kind].push((frames * 1_000) / took_ms);
        spent[kind].push((processorTime_ms() - before_ms) / frames);
      }
    }
    return { drawn, version, rates, spent };
  } finally {
    await browser.close();
  }
}

function report({ footprints, frames, starts }) {
  const { drawn, version, rates, spent } = frames;
  const share = rates.full.map((rate, i) => rate / rates.empty[i]);
  const map = starts.map(({ map_ms }) => map_ms);
  const first = starts.map(({ first_ms }) => first_ms);
  const idle = starts.map(({ idle_ms }) => idle_ms);
  const commit = process.env.MQT_COMMIT ?? execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  const text = `
# Viewer: ${buildings.toLocaleString('en')} extruded buildings and the heat of ${tickets.toLocaleString('en')} tickets

- machine: ${cpus()[0].model}, ${cpus().length} cores, Linux ${release()}; Chromium ${version}, headless, WebGL by SwiftShader
- commit: ${commit}
- date: ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC
- ${width}x${height}, ${footprints}; in the drawn tiles ${drawn.buildings.toLocaleString('en')} extruded buildings, ${drawn.corners} of 4 corners of the district on the screen, heat ${drawn.heat ? 'on' : 'off'}
- ${rounds} rounds, median (least-most); ${loadavg()[0].toFixed(1)} programs wanted to run at the end

| figure | measured | must be | held |
|---|---|---|---|
| empty map, frames a second | ${spread(rates.empty, 1)} | | |
| all buildings and heat, frames a second | ${spread(rates.full, 1)} | | |
| share of the empty map's frame rate, % | ${spread(share.map((s) => s * 100), 1)} | at least ${leastShare * 100} | ${yes(median(share) >= leastShare)} |
| processor time of an empty frame, ms | ${spread(spent.empty, 1)} | | |
| processor time of a full frame, ms | ${spread(spent.full, 1)} | | |
| first map drawn, ms | ${spread(map, 0)} | below ${mostFirst_ms} | ${yes(median(map) < mostFirst_ms)} |
| first buildings drawn, ms | ${spread(first, 0)} | | |
| at rest, ms | ${spread(idle, 0)} | below ${mostIdle_ms} | ${yes(median(idle) < mostIdle_ms)} |
`;
  process.stdout.write(text);
  if (options.out) replaceSection(options.out, text);
  const complete = drawn.buildings === buildings && drawn.corners === 4 && drawn.heat;
  if (!complete) console.error('bench_viewer: not all of the district was in the picture');
  return complete;
}

const yes = (held) => (held ? 'yes' : '**no**');

/** The file holds the figures of several benchmarks, each below a title of its own. */
function replaceSection(file, text) {
  const others = readFileSync(file, 'utf8').split(/\n(?=# )/).filter((section) => !section.startsWith('# Viewer'));
  writeFileSync(file, `${others.join('\n').trimEnd()}\n${text}`);
}

const { district, footprints, box } = options.url
  ? { district: null, footprints: 'a running district', box: (await import('./viewer_district.mjs')).box }
  : await crowdedDistrict();
try {
  const server = district ? await district.startServer(options.web ? { extra: ['--web', options.web] } : {}) : options.url;
  const url = `${server}/#13.05/${box.lat - 0.004}/${box.lon}/0/40&heat=30d`; // the whole district, walls up, heat on
  const frames = await measureFrames(url, box);
  const starts = [];
  for (let i = 0; i < rounds; i++) starts.push(await coldStart(url));
  if (!report({ footprints, frames, starts })) process.exitCode = 1;
} finally {
  await district?.stop();
}
