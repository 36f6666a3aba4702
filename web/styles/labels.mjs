// Names. Areas are named from their label points (x_label), each once, when the area is large
// enough on screen (side_px, see tiles/label.h). A layer further down in the list comes first where
// two names would overlap; within a layer the larger area does.
import { byRank } from './facility.mjs';
import { extraLabels } from './extra.mjs';

const font = ['Noto Sans CJK SC', 'Source Han Sans SC', 'sans-serif'];
const zooms = (...stops) => ['interpolate', ['linear'], ['zoom'], ...stops];
const name = ['coalesce', ['get', 'name'], ''];
const side = ['get', 'side_px'];

// Sizes, px: each a fifth above the last.
const [tiny, small, body, large, title, head, display] = [10, 11, 12.5, 14.5, 17, 20, 24];

export function label(id, sourceLayer, minzoom, text, size, colour, p, extra = {}) {
  const { paint = {}, layout = {}, ...rest } = extra;
  return {
    id, type: 'symbol', source: 'twin', 'source-layer': sourceLayer, minzoom, ...rest,
    layout: { 'text-field': text, 'text-font': font, 'text-size': size, 'text-max-width': 8, 'text-line-height': 1.25, 'text-padding': 4, ...layout },
    paint: { 'text-color': colour, 'text-halo-color': p.halo, 'text-halo-width': 1.6, 'text-halo-blur': 0.4, ...paint },
  };
}

/** The name of an area that is at least so large on screen. */
function area(id, minzoom, size, colour, p, { least = 0, spacing = 0, maxzoom, text = name } = {}) {
  return label(`${id}-label`, `${id}_label`, minzoom, text, size, colour, p, {
    ...(maxzoom ? { maxzoom } : {}), ...(least ? { filter: ['>=', side, least] } : {}),
    layout: { 'text-letter-spacing': spacing, 'symbol-sort-key': ['*', -1, side] },
  });
}

/** Along the street. Chinese stands upright where the street runs north. */
function street(id, minzoom, size, p, filter) {
  return label(id, 'road', minzoom, name, size, p.streetLabel, p, {
    metadata: { 'mqt:raster': false }, filter,
    layout: { 'symbol-placement': 'line', 'symbol-spacing': 420, 'text-letter-spacing': 0.25, 'text-padding': 24, 'text-max-angle': 30, 'text-pitch-alignment': 'viewport' },
  });
}

const isClass = (...classes) => ['match', ['get', 'class'], classes, true, false];

// A house has its number; a name must fit: a letter is as wide as the text is high.
function buildings(p) {
  const number = ['coalesce', ['get', 'number'], ''];
  const fits = (text, px) => ['>=', side, ['*', px, ['length', text]]];
  return [
    area('building', 16, zooms(16, tiny, 18, large), p.numberLabel, p, { text: ['case', ['==', number, ''], name, number], least: 0 }),
  ].map((layer) => ({ ...layer, filter: ['case', ['==', number, ''], fits(name, 9), fits(number, 5.5)] }));
}

// Which branch of a chain it is stands in brackets and is left out until one is near.
const bracket = ['index-of', '(', name];
const shortName = ['step', ['zoom'], ['case', ['>', bracket, 0], ['slice', name, 0, bracket], name], 19, name];

export function labels(p) {
  return [
    ...buildings(p),
    label('facility-label', 'facility', 15, shortName, zooms(15, tiny, 18, body), p.label, p, {
      // Far enough below the badge not to push it away.
      filter: ['>=', ['zoom'], byRank(15, 17, 18, 20)],
      layout: { 'text-offset': [0, 1.35], 'text-padding': 2, 'text-anchor': 'top', 'symbol-sort-key': byRank(0, 1, 2) },
    }),
    ...extraLabels(p, label),
    street('lane-label', 15.5, zooms(15.5, tiny, 18, body), p, ['!', isClass('motorway', 'primary', 'secondary', 'path', 'railway', 'rail')]),
    street('path-label', 17, tiny, p, isClass('path')),
    street('railway-label', 14, zooms(14, tiny, 17, body), p, isClass('railway', 'rail')),
    area('green', 14, zooms(14, small, 18, body), p.greenLabel, p, { least: 64, spacing: 0.08 }),
    area('grid', 14, zooms(14, small, 17, large), p.gridLabel, p, { least: 105, spacing: 0.06, maxzoom: 18.5 }),
    area('estate', 13.5, zooms(14, small, 16, large, 18, title), p.label, p, { least: 58, spacing: 0.1 }),
    street('road-label', 13.5, zooms(13.5, small, 17, large), p, isClass('motorway', 'primary', 'secondary')),
    area('water', 11, zooms(11, small, 16, title), p.waterLabel, p, { least: 40, spacing: 0.3 }),
    area('community', 12, zooms(12, small, 15, title), p.areaLabel, p, { least: 84, spacing: 0.14, maxzoom: 16.5 }),
    area('subdistrict', 9, zooms(10, body, 13, title, 15, head), p.areaLabel, p, { least: 48, spacing: 0.22, maxzoom: 15 }),
    area('district', 5, zooms(6, large, 11, display), p.areaLabel, p, { least: 24, spacing: 0.4, maxzoom: 12.2 }),
  ];
}
