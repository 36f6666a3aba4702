// The one description of both map styles. `npm run styles` writes day.json and night.json from it,
// which the browser draws and which the server's raster renderer reads (tiles/style.h names the
// subset that it understands). Layers marked browserOnly are left out of the raster tiles.
import { writeFileSync } from 'node:fs';

const day = {
  name: 'day',
  paper: '#f3f0e9', estate: '#ece7dc', estateLine: '#c9bfab',
  green: '#d9e4c9', greenLine: '#c3d3b0', water: '#c5dbe6', waterLine: '#a9c6d5',
  casing: '#d5cec0', street: '#ffffff', avenue: '#fdf6e3', highway: '#f8e8bf', path: '#e4dccb',
  building: '#e3ddd1', buildingLine: '#bfb6a5',
  low: '#f4f1ea', middle: '#eae5db', high: '#dbd4c7', hover: '#f0d7a2', chosen: '#e0a33c',
  grid: '#4a7a93', community: '#3d6480', subdistrict: '#3a4f74', district: '#2f3f63',
  label: '#3d4650', softLabel: '#757567', gridLabel: '#2c5f7a', halo: '#f9f7f2', waterLabel: '#4d7d95',
  greenLabel: '#5d7a48', ring: '#ffffff',
  facility: { care: '#2f8577', learn: '#3d6fa8', health: '#b4525b', trade: '#8a6a52', service: '#6a5c97', civic: '#54697d' },
  camera: '#8478a0', badge: (colour) => [colour, '#ffffff', '#ffffff'],
  light: { anchor: 'viewport', color: '#ffffff', intensity: 0.24, position: [1.4, 205, 38] },
  sky: { 'sky-color': '#cfdfe8', 'horizon-color': '#eef0ec', 'fog-color': '#f3f0e9' },
};

const night = {
  name: 'night',
  paper: '#141e2b', estate: '#1a2633', estateLine: '#35495d',
  green: '#1a2d2f', greenLine: '#243c3a', water: '#12344c', waterLine: '#1d4865',
  casing: '#0f1823', street: '#29394b', avenue: '#33465b', highway: '#3f536a', path: '#223040',
  building: '#2c3e52', buildingLine: '#476079',
  low: '#2b3d51', middle: '#3d546c', high: '#6283a3', hover: '#8fa9c2', chosen: '#d99a35',
  grid: '#5d9cc4', community: '#6fb0d2', subdistrict: '#8fb4e0', district: '#a9c4ea',
  label: '#cfd9e3', softLabel: '#8b9caf', gridLabel: '#8fc4e4', halo: '#131c28', waterLabel: '#6fa6c6',
  greenLabel: '#7fa489', ring: '#131c28',
  facility: { care: '#4fb3a2', learn: '#6c9fdb', health: '#d97b84', trade: '#b8977c', service: '#9a8bcb', civic: '#8aa1b7' },
  camera: '#7d8bb5', badge: (colour) => ['#182430', colour, colour],
  light: { anchor: 'viewport', color: '#dfeaf6', intensity: 0.42, position: [1.4, 205, 42] },
  sky: { 'sky-color': '#0e1722', 'horizon-color': '#22344a', 'fog-color': '#141e2b' },
};

const facilityGroups = {
  care: ['canteen', 'care_centre', 'park', 'gym', 'toilet'],
  learn: ['school', 'kindergarten', 'library'],
  health: ['hospital', 'clinic', 'pharmacy'],
  trade: ['shop', 'market', 'supermarket', 'restaurant', 'hotel', 'bank', 'post', 'parcel'],
  service: ['bin', 'charging_post', 'bike_shed', 'parking', 'bus_stop', 'metro'],
};

const font = ['Noto Sans CJK SC', 'Source Han Sans SC', 'sans-serif'];
const zooms = (...stops) => ['interpolate', ['linear'], ['zoom'], ...stops];
const height = ['coalesce', ['get', 'height_m'], ['*', ['coalesce', ['get', 'floors_above'], 2], 3]];
const polygonName = ['coalesce', ['get', 'name'], ''];
const browserOnly = { 'mqt:raster': false };

function roadWidth(factor) {
  const wide = (width_px) => Math.round(width_px * factor * 100) / 100;
  const at = (motorway, primary, secondary, residential, path) =>
    ['match', ['get', 'class'], 'motorway', wide(motorway), 'primary', wide(primary),
      'secondary', wide(secondary), 'path', wide(path), wide(residential)];
  return zooms(11, at(2, 1.5, 1, 0.5, 0.2), 14, at(5, 4, 3, 1.8, 0.8), 16, at(12, 10, 8, 5, 1.6), 18, at(30, 26, 20, 13, 4));
}

function facilityColour(p) {
  const branches = Object.entries(facilityGroups).flatMap(([group, kinds]) => kinds.flatMap((kind) => [kind, p.facility[group]]));
  return ['match', ['get', 'kind'], ...branches, p.facility.civic];
}

const kindsOf = (...groups) => groups.flatMap((group) => facilityGroups[group]);

function facilityRank() {
  return ['match', ['get', 'kind'], kindsOf('trade'), 3, kindsOf('service'), 2, kindsOf('learn', 'health'), 0, 1];
}

/** Fill, ring and drawing of a badge as three colours, which the browser reads out of the image's name. */
function badgeColours(p) {
  const branches = Object.keys(facilityGroups).flatMap((group) => [kindsOf(group), p.badge(p.facility[group]).join(' ')]);
  return ['match', ['get', 'kind'], ...branches, p.badge(p.facility.civic).join(' ')];
}

function label(id, sourceLayer, minzoom, text, size, colour, p, extra = {}) {
  const { paint = {}, layout = {}, ...rest } = extra;
  return {
    id, type: 'symbol', source: 'twin', 'source-layer': sourceLayer, minzoom, ...rest,
    layout: { 'text-field': text, 'text-font': font, 'text-size': size, 'text-max-width': 8, 'text-padding': 4, ...layout },
    paint: { 'text-color': colour, 'text-halo-color': p.halo, 'text-halo-width': 1.4, ...paint },
  };
}

function border(id, minzoom, colour, width, dash, maxzoom) {
  return {
    id: `${id}-line`, type: 'line', source: 'twin', 'source-layer': id, minzoom, ...(maxzoom ? { maxzoom } : {}),
    layout: { 'line-join': 'round' },
    paint: { 'line-color': colour, 'line-width': width, ...(dash ? { 'line-dasharray': dash } : {}) },
  };
}

function ground(p) {
  return [
    { id: 'background', type: 'background', paint: { 'background-color': p.paper } },
    { id: 'estate', type: 'fill', source: 'twin', 'source-layer': 'estate', minzoom: 13, paint: { 'fill-color': p.estate } },
    { id: 'green', type: 'fill', source: 'twin', 'source-layer': 'green', paint: { 'fill-color': p.green } },
    { id: 'water', type: 'fill', source: 'twin', 'source-layer': 'water', paint: { 'fill-color': p.water } },
    { id: 'water-line', type: 'line', source: 'twin', 'source-layer': 'water', minzoom: 14, paint: { 'line-color': p.waterLine, 'line-width': 1 } },
    { id: 'estate-line', type: 'line', source: 'twin', 'source-layer': 'estate', minzoom: 14, paint: { 'line-color': p.estateLine, 'line-width': zooms(14, 0.6, 18, 1.4) } },
  ];
}

function roads(p) {
  const line = (id, minzoom, colour, width, filter) => ({
    id, type: 'line', source: 'twin', 'source-layer': 'road', minzoom, ...(filter ? { filter } : {}),
    layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': colour, 'line-width': width },
  });
  const notPath = ['!=', ['get', 'class'], 'path'];
  const colour = ['match', ['get', 'class'], 'motorway', p.highway, 'primary', p.avenue, 'path', p.path, p.street];
  return [
    line('road-casing', 13, p.casing, roadWidth(1.22), notPath),
    line('road', 11, colour, roadWidth(1)),
  ];
}

const is = (state) => ['boolean', ['feature-state', state], false];

function footprints(p) {
  return [
    { id: 'building', type: 'fill', source: 'twin', 'source-layer': 'building', minzoom: 13, paint: { 'fill-color': p.building } },
    { id: 'building-line', type: 'line', source: 'twin', 'source-layer': 'building', minzoom: 14, paint: { 'line-color': p.buildingLine, 'line-width': zooms(14, 0.4, 16, 0.8, 19, 1.4) } },
    {
      id: 'building-mark', type: 'fill', source: 'twin', 'source-layer': 'building', minzoom: 13, metadata: browserOnly,
      paint: { 'fill-color': ['case', is('chosen'), p.chosen, p.hover], 'fill-opacity': ['case', is('chosen'), 0.9, is('hover'), 0.7, 0] },
    },
  ];
}

function walls(p) {
  const byHeight = ['interpolate', ['linear'], height, 3, p.low, 24, p.middle, 90, p.high];
  return [
    {
      id: 'building-3d', type: 'fill-extrusion', source: 'twin', 'source-layer': 'building', minzoom: 13, metadata: browserOnly,
      paint: { 'fill-extrusion-color': ['case', is('chosen'), p.chosen, is('hover'), p.hover, byHeight], 'fill-extrusion-height': height, 'fill-extrusion-base': 0, 'fill-extrusion-opacity': 1, 'fill-extrusion-vertical-gradient': true },
    },
  ];
}

function borders(p) {
  return [
    border('grid', 13, p.grid, zooms(13, 0.8, 16, 1.6, 19, 2.4), [4, 2]),
    border('community', 11, p.community, zooms(11, 1, 16, 2.4), [6, 2, 1, 2]),
    border('subdistrict', 9, p.subdistrict, zooms(9, 1, 16, 3)),
    border('district', 5, p.district, zooms(5, 1.2, 16, 3.6)),
  ];
}

function points(p) {
  return [
    {
      id: 'camera', type: 'circle', source: 'twin', 'source-layer': 'camera', minzoom: 16,
      paint: { 'circle-color': p.camera, 'circle-radius': zooms(16, 1.8, 19, 5), 'circle-stroke-color': p.ring, 'circle-stroke-width': 0.8 },
    },
    {
      id: 'facility', type: 'circle', source: 'twin', 'source-layer': 'facility', minzoom: 14,
      paint: { 'circle-color': facilityColour(p), 'circle-radius': zooms(14, 1.6, 16, 2.6, 19, 5), 'circle-stroke-color': p.ring, 'circle-stroke-width': 0.8 },
    },
    {
      // Where badges would overlap the dots alone remain, those of shops first.
      id: 'facility-icon', type: 'symbol', source: 'twin', 'source-layer': 'facility', minzoom: 15.5, metadata: browserOnly,
      layout: {
        'icon-image': ['concat', 'badge ', badgeColours(p), ' ', ['get', 'kind']],
        'icon-size': zooms(15.5, 0.7, 18, 1), 'icon-padding': 1, 'symbol-sort-key': facilityRank(),
      },
    },
  ];
}

function labels(p) {
  return [
    label('road-label', 'road', 15, polygonName, zooms(15, 10, 18, 13), p.softLabel, p, {
      metadata: browserOnly, layout: { 'symbol-placement': 'line', 'text-letter-spacing': 0.15, 'text-padding': 20, 'text-pitch-alignment': 'viewport' },
    }),
    label('green-label', 'green', 15.5, polygonName, 11, p.greenLabel, p),
    label('water-label', 'water', 14, polygonName, 12, p.waterLabel, p),
    label('facility-label', 'facility', 17, polygonName, zooms(16, 10, 18, 12), p.label, p, {
      layout: { 'text-offset': [0, 1.1], 'text-anchor': 'top' },
    }),
    label('building-label', 'building', 17, ['coalesce', ['get', 'number'], ['get', 'name'], ''], zooms(16, 10, 19, 13), p.softLabel, p),
    label('estate-label', 'estate', 14.5, polygonName, zooms(14, 11, 18, 15), p.label, p, { layout: { 'text-letter-spacing': 0.06 } }),
    label('grid-label', 'grid', 14, polygonName, zooms(14, 11, 17, 14), p.gridLabel, p),
    label('community-label', 'community', 11.5, polygonName, zooms(11, 11, 15, 15), p.gridLabel, p, { maxzoom: 15.5, layout: { 'text-letter-spacing': 0.1 } }),
    label('subdistrict-label', 'subdistrict', 9, polygonName, zooms(9, 12, 14, 17), p.label, p, { maxzoom: 14, layout: { 'text-letter-spacing': 0.15 } }),
    label('district-label', 'district', 6, polygonName, 17, p.label, p, { maxzoom: 12, layout: { 'text-letter-spacing': 0.2 } }),
  ];
}

export function styleOf(p) {
  return {
    version: 8,
    name: `minqingtu ${p.name}`,
    sources: { twin: { type: 'vector', url: '/tiles/map.json' } },
    light: p.light,
    sky: { ...p.sky, 'sky-horizon-blend': 0.6, 'horizon-fog-blend': 0.6, 'fog-ground-blend': 0.85 },
    layers: [...ground(p), ...roads(p), ...footprints(p), ...borders(p), ...walls(p), ...points(p), ...labels(p)],
  };
}

if (import.meta.filename === process.argv[1]) {
  for (const palette of [day, night]) {
    writeFileSync(new URL(`${palette.name}.json`, import.meta.url), `${JSON.stringify(styleOf(palette), null, 1)}\n`);
  }
}
