// Layers that a district usually adds to the ones that are always there. They have colours and
// pictures of the same family as the facilities, and are drawn when somebody asks for them.

// layer: [family of colours, picture, whether its features have names worth a place on the map]
const points = {
  aed: ['health', 'aed', true],
  bike_shed: ['service', 'bike_shed', false],
  bin_station: ['service', 'bin', false],
  bus_stop: ['learn', 'bus_stop', true],
  charger: ['service', 'charging_post', false],
  flood_point: ['learn', 'flood_point', true],
  gas_box: ['trade', 'gas_box', false],
  heating_station: ['health', 'heating_station', true],
  hydrant: ['health', 'hydrant', false],
  lift: ['civic', 'lift', false],
  manhole: ['civic', 'manhole', false],
  meeting: ['civic', 'meeting', true],
  noise_station: ['service', 'noise_station', true],
  old_tree: ['care', 'old_tree', true],
  parcel_locker: ['trade', 'parcel', true],
  recycling: ['care', 'recycling', true],
  rider_entrance: ['trade', 'rider_entrance', true],
  street_lamp: ['trade', 'street_lamp', false],
  traffic_light: ['health', 'traffic_light', true],
  volunteer: ['care', 'volunteer', true],
  water_level: ['learn', 'water_level', true],
};
const lines = { bus_line: 'learn', water_pipe: 'service' };
const areas = { life_circle: 'care', shelter: 'health' };

const asked = { 'mqt:unasked': true };
const browserOnly = { ...asked, 'mqt:raster': false };
const zooms = (...stops) => ['interpolate', ['linear'], ['zoom'], ...stops];

const onMap = (id, sourceLayer, type, minzoom, metadata, more) =>
  ({ id, type, source: 'twin', 'source-layer': sourceLayer, minzoom, metadata, ...more });

export function extraAreas(p) {
  const fills = Object.entries(areas).flatMap(([id, family]) => [
    onMap(id, id, 'fill', 10, asked, { paint: { 'fill-color': p.kinds[family], 'fill-opacity': 0.16 } }),
    onMap(`${id}-line`, id, 'line', 10, asked, { paint: { 'line-color': p.kinds[family], 'line-width': 1.6 } }),
  ]);
  return [...fills, ...Object.entries(lines).map(([id, family]) =>
    onMap(id, id, 'line', 11, asked, { layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': p.kinds[family], 'line-width': zooms(11, 1.4, 17, 3.4) } }))];
}

/** Dust from afar, dots in the quarter, badges in the street. */
export function extraPoints(p) {
  return Object.entries(points).flatMap(([id, [family, picture]]) => [
    onMap(id, id, 'circle', 10, asked, {
      paint: { 'circle-color': p.kinds[family], 'circle-radius': zooms(12, 1.4, 17, 4.4), 'circle-stroke-color': p.ring, 'circle-stroke-width': zooms(12, 0.2, 17, 1) },
    }),
    onMap(`${id}-icon`, id, 'symbol', 15.5, browserOnly, {
      layout: { 'icon-image': `badge ${p.badge(p.kinds[family]).join(' ')} ${picture}`, 'icon-size': zooms(15.5, 0.72, 18, 1), 'icon-padding': 1 },
    }),
  ]);
}

// Files name this column in Chinese; whoever makes a layer by hand may not.
const name = ['coalesce', ['get', '名称'], ['get', 'name'], ''];

export function extraLabels(p, label) {
  const named = (id, from, more) => label(`${id}-label`, id, from, name, zooms(15, 10.5, 18, 12), p.label, p, { metadata: asked, ...more });
  const spots = Object.entries(points).filter(([, [, , hasName]]) => hasName);
  return [
    ...spots.map(([id]) => named(id, 16.5, { layout: { 'text-offset': [0, 1.35], 'text-padding': 2, 'text-anchor': 'top' } })),
    ...Object.keys(areas).map((id) => named(id, 13, { 'source-layer': `${id}_label`, filter: ['>=', ['get', 'side_px'], 90] })),
  ];
}
