// The one description of both map styles. `npm run styles` writes day.json and night.json from it,
// which the browser draws and which the server's raster renderer reads (tiles/style.h names the
// subset that it understands). Layers marked browserOnly are left out of the raster tiles.
import { writeFileSync } from 'node:fs';
import { extraAreas, extraPoints } from './extra.mjs';
import { byFamily, byRank } from './facility.mjs';
import { labels } from './labels.mjs';
import { day, night } from './palette.mjs';

const zooms = (...stops) => ['interpolate', ['linear'], ['zoom'], ...stops];
const browserOnly = { 'mqt:raster': false };
const is = (state) => ['boolean', ['feature-state', state], false];
const byKind = (branches, other) => ['match', ['get', 'kind'], ...Object.entries(branches).flat(), other];
const byClass = (p, pick) => ['match', ['get', 'class'], 'motorway', pick(p.motorway), 'primary', pick(p.primary), 'secondary', pick(p.secondary), 'path', pick(p.path), pick(p.residential)];
const layer = (id, type, sourceLayer, minzoom, more) => ({ id, type, source: 'twin', 'source-layer': sourceLayer, minzoom, ...more });

// Ground and what lies on it.

function ground(p) {
  return [
    { id: 'background', type: 'background', paint: { 'background-color': p.outside } },
    layer('district-ground', 'fill', 'district', 0, { paint: { 'fill-color': p.ground } }),
    layer('estate', 'fill', 'estate', 12, { paint: { 'fill-color': p.estate } }),
    layer('green', 'fill', 'green', 11, { paint: { 'fill-color': byKind({ 运动场: p.sports, 农田: p.field, 林地: p.wood }, p.green) } }),
    layer('water', 'fill', 'water', 8, { paint: { 'fill-color': p.water } }),
    layer('water-line', 'line', 'water', 14, { paint: { 'line-color': p.waterLine, 'line-width': 1.4 } }),
    layer('estate-line', 'line', 'estate', 14.5, { paint: { 'line-color': p.estateLine, 'line-width': zooms(14, 1, 18, 1.6) } }),
    ...extraAreas(p),
  ];
}

// Streets. Far away a class has a width of its own, near by a street is nearly as wide as it is.

const carriageway = 0.62; // of a street's width; the rest is pavement
const px_per_m = { 16: 1.09, 18: 4.36 }; // near 40 degrees north

function roadWidth(factor) {
  const at = (...widths) => {
    const [motorway, primary, secondary, residential, path] = widths.map((width) => Math.round(width * factor * 100) / 100);
    return byClass({ motorway, primary, secondary, residential, path }, (width) => width);
  };
  const real = (zoom, least, most) => ['min', most, ['max', least, ['*', px_per_m[zoom] * carriageway * factor, ['coalesce', ['get', 'width_m'], 8]]]];
  return ['interpolate', ['exponential', 1.6], ['zoom'], 10, at(1.4, 0.9, 0.5, 0.3, 0.2), 13, at(3.6, 2.6, 1.8, 0.8, 0.4), 16, real(16, 1.6 * factor, 26), 18, real(18, 5 * factor, 90)];
}

function roads(p) {
  const line = (id, from, colour, width, more) => layer(id, 'line', 'road', from, {
    ...more, layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': colour, 'line-width': width },
  });
  const isClass = (...classes) => ['match', ['get', 'class'], classes, true, false];
  const main = isClass('motorway', 'primary', 'secondary');
  const rails = isClass('railway', 'rail');
  const track = (id, from, colour, width, more) => layer(id, 'line', 'road', from, { filter: rails, paint: { 'line-color': colour, 'line-width': width, ...more } });
  return [
    track('railway', 11, p.rail, zooms(11, 1.2, 16, 3.2, 18, 5)),
    track('railway-ties', 13, p.railGap, zooms(13, 0.6, 16, 1.8, 18, 3), { 'line-dasharray': [5, 4] }),
    line('road-casing', 13.5, p.casing, roadWidth(1.2), { filter: ['!', isClass('path', 'railway', 'rail')] }),
    line('road', 12, byClass(p.roads, (colour) => colour), roadWidth(1), { filter: ['!', isClass('motorway', 'primary', 'secondary', 'railway', 'rail')] }),
    line('road-main', 9, byClass(p.roads, (colour) => colour), roadWidth(1), { filter: main }),
  ];
}

// Buildings: hue by use, lighter the higher, so that a town reads from straight above as well.

const height = ['coalesce', ['get', 'height_m'], ['*', ['coalesce', ['get', 'floors_above'], 2], 3]];
const uses = {
  shop: ['沿街商业', '商业', 'commercial', 'mixed'],
  office: ['办公', '金融', '酒店', 'office'],
  learn: ['教育', '文化', '体育', 'education'],
  health: ['医疗', '养老', 'medical'],
  industry: ['工业', '仓储', 'industrial'],
  courtyard: ['平房'],
  service: ['配套', '市政', '园林', '交通', 'auxiliary', 'utilities', 'garden'],
};
const byUse = (valueOf) => ['match', ['get', 'use'], ...Object.keys(uses).flatMap((use) => [uses[use], valueOf(use)]), valueOf('home')];

/** The colour half-way between two. */
function between(a, b) {
  const channel = (colour, i) => Number.parseInt(colour.slice(i, i + 2), 16);
  return `#${[1, 3, 5].map((i) => Math.round((channel(a, i) + channel(b, i)) / 2).toString(16).padStart(2, '0')).join('')}`;
}

function footprints(p) {
  const flat = byUse((use) => between(...p.uses[use]));
  return [
    layer('building', 'fill', 'building', 12, { paint: { 'fill-color': flat } }),
    layer('building-line', 'line', 'building', 14.5, { paint: { 'line-color': p.footprintLine, 'line-width': zooms(14.5, 0.5, 16, 1, 19, 1.6) } }),
    layer('building-mark', 'fill', 'building', 12, {
      metadata: browserOnly,
      paint: { 'fill-color': ['case', is('chosen'), p.chosen, p.hover], 'fill-opacity': ['case', is('chosen'), 0.9, is('hover'), 0.7, 0] },
    }),
  ];
}

function walls(p) {
  const mixed = byUse((use) => ['interpolate', ['linear'], height, 3, p.uses[use][0], 100, p.uses[use][1]]);
  return [
    layer('building-3d', 'fill-extrusion', 'building', 12, {
      metadata: browserOnly,
      paint: {
        'fill-extrusion-color': ['case', is('chosen'), p.chosen, is('hover'), p.hover, mixed],
        'fill-extrusion-height': height, 'fill-extrusion-base': 0, 'fill-extrusion-opacity': 1, 'fill-extrusion-vertical-gradient': true,
      },
    }),
  ];
}

// Borders run along streets: a glow under them says where a place ends, dashes say of what kind.

function borders(p) {
  const line = (id, of, from, colour, width, more = {}) => layer(id, 'line', of, from, {
    ...more.at, layout: { 'line-join': 'round' }, paint: { 'line-color': colour, 'line-width': width, ...more.paint },
  });
  // Neighbours draw a border twice, so dashes would fill each other's gaps.
  const fading = (far, near) => ({ paint: { 'line-opacity': zooms(12, far, 14.5, near) } });
  return [
    line('subdistrict-glow', 'subdistrict', 10, p.borderGlow, zooms(10, 3, 16, 12), fading(0.14, 0.05)),
    line('grid-line', 'grid', 14.5, p.border, 1.2, fading(0.3, 0.4)),
    line('community-line', 'community', 12, p.border, zooms(12, 0.8, 17, 1.6), fading(0.3, 0.35)),
    line('subdistrict-line', 'subdistrict', 9, p.border, zooms(9, 1.2, 17, 2.2), fading(0.6, 0.4)),
    line('district-glow', 'district', 5, p.borderGlow, zooms(5, 4, 12, 10, 16, 18), { paint: { 'line-opacity': 0.3 } }),
    line('district-line', 'district', 5, p.district, zooms(5, 1.4, 12, 2, 17, 3.4)),
  ];
}

// Points.

const cameraColour = (p) => ['case', ['==', ['get', 'has_ai'], true], p.cameraAi, p.camera];
const badge = (p, colour, kind) => `badge ${p.badge(colour).join(' ')} ${kind}`;

function points(p) {
  const dot = { 'circle-stroke-color': p.ring, 'circle-stroke-width': 1 };
  const familyColour = byFamily((family) => p.kinds[family]);
  return [
    ...extraPoints(p),
    layer('camera', 'circle', 'camera', 15.5, { paint: { 'circle-color': cameraColour(p), 'circle-radius': zooms(15.5, 2, 19, 5), ...dot } }),
    layer('camera-icon', 'symbol', 'camera', 16.5, {
      metadata: browserOnly,
      layout: { 'icon-image': ['case', ['==', ['get', 'has_ai'], true], badge(p, p.cameraAi, 'camera_ai'), badge(p, p.camera, 'camera')], 'icon-size': zooms(16.5, 0.72, 18, 1), 'icon-padding': 1 },
    }),
    layer('facility', 'circle', 'facility', 13.5, {
      filter: ['>=', ['zoom'], byRank(13, 15, 16)],
      paint: { 'circle-color': familyColour, 'circle-radius': zooms(13.5, 1.8, 16, 2.8, 19, 5), ...dot },
    }),
    layer('facility-icon', 'symbol', 'facility', 14.5, {
      // Where badges would overlap the dots alone remain, those of shops first.
      metadata: browserOnly, filter: ['>=', ['zoom'], byRank(14, 16, 17)],
      layout: {
        'icon-image': ['concat', 'badge ', byFamily((family) => p.badge(p.kinds[family]).join(' ')), ' ', ['get', 'kind']],
        'icon-size': zooms(14.5, 0.72, 18, 1), 'icon-padding': 1, 'symbol-sort-key': byRank(0, 1, 2),
      },
    }),
  ];
}

const useTitles = {
  home: ['住宅', 'Homes'], courtyard: ['平房', 'Courtyards'], shop: ['商业', 'Shops'], office: ['办公', 'Offices'], learn: ['教育文化', 'Education'],
  health: ['医疗养老', 'Health and care'], industry: ['工业仓储', 'Industry'], service: ['配套市政', 'Services'],
};

/** What the colours of buildings mean, in the document itself: whoever draws it can say it. */
const legend = (p) =>
  Object.entries(useTitles).map(([use, [title_zh, title_en]]) => ({ layer: 'building', title_zh, title_en, colour: between(...p.uses[use]) }));

export function styleOf(p) {
  return {
    version: 8,
    name: `minqingtu ${p.name}`,
    sources: { twin: { type: 'vector', url: '/tiles/map.json' } },
    metadata: { 'mqt:legend': legend(p), 'mqt:place': { shade: p.outside, edge: p.chosen, light: p.hover } }, // place: of the drill-down
    light: p.light,
    sky: { ...p.sky, 'sky-horizon-blend': 0.6, 'horizon-fog-blend': 0.6, 'fog-ground-blend': 0.85 },
    layers: [...ground(p), ...roads(p), ...footprints(p), ...borders(p), ...walls(p), ...points(p), ...labels(p)],
  };
}

if (import.meta.filename === process.argv[1]) {
  for (const palette of [day, night]) {
    const { layers, ...head } = styleOf(palette);
    const lines = layers.map((one) => JSON.stringify(one)).join(',\n');
    writeFileSync(new URL(`${palette.name}.json`, import.meta.url), `${JSON.stringify(head).slice(0, -1)},"layers":[\n${lines}\n]}\n`);
  }
}
