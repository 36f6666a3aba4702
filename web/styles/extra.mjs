// Layers that a district usually adds to the ones that are always there. They have colours and
// pictures of the same family as the facilities, and are drawn when somebody asks for them.

// layer: [family of colours, picture, column of its name or '' where only numbers are written on it]
const points = {
  aed: ['health', 'aed', '名称'],
  bike_shed: ['service', 'bike_shed', ''],
  bin_station: ['service', 'bin', ''],
  bus_stop: ['learn', 'bus_stop', '名称'],
  charger: ['service', 'charging_post', ''],
  flood_point: ['learn', 'flood_point', '名称'],
  gas_box: ['trade', 'gas_box', ''],
  heating_station: ['health', 'heating_station', '名称'],
  hydrant: ['health', 'hydrant', ''],
  lift: ['civic', 'lift', ''],
  manhole: ['civic', 'manhole', ''],
  meeting: ['civic', 'meeting', '名称'],
  noise_station: ['service', 'noise_station', '名称'],
  old_tree: ['care', 'old_tree', '名称'],
  parcel_locker: ['trade', 'parcel', '名称'],
  recycling: ['care', 'recycling', '名称'],
  rider_entrance: ['trade', 'rider_entrance', '名称'],
  street_lamp: ['trade', 'street_lamp', ''],
  traffic_light: ['health', 'traffic_light', '名称'],
  volunteer: ['care', 'volunteer', '名称'],
  water_level: ['learn', 'water_level', '名称'],
};
const lines = { bus_line: ['learn', '名称'], water_pipe: ['service', '名称'] };
const areas = { life_circle: ['care', '名称'], shelter: ['health', '名称'] };

const asked = { 'mqt:unasked': true };
const browserOnly = { ...asked, 'mqt:raster': false };
const zooms = (...stops) => ['interpolate', ['linear'], ['zoom'], ...stops];

const onMap = (id, sourceLayer, type, minzoom, metadata, more) =>
  ({ id, type, source: 'twin', 'source-layer': sourceLayer, minzoom, metadata, ...more });

export function extraAreas(p) {
  const fills = Object.entries(areas).flatMap(([id, [family]]) => [
    onMap(id, id, 'fill', 10, asked, { paint: { 'fill-color': p.kinds[family], 'fill-opacity': 0.16 } }),
    onMap(`${id}-line`, id, 'line', 10, asked, { paint: { 'line-color': p.kinds[family], 'line-width': 1.6 } }),
  ]);
  return [...fills, ...Object.entries(lines).map(([id, [family]]) =>
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

export function extraLabels(p, label) {
  const named = (id, column, from, more) => label(`${id}-label`, id, from, ['coalesce', ['get', column], ''], zooms(15, 10.5, 18, 12), p.label, p, { metadata: asked, ...more });
  return [
    ...Object.entries(points).filter(([, [, , column]]) => column).map(([id, [, , column]]) => named(id, column, 16.5, { layout: { 'text-offset': [0, 1.15], 'text-anchor': 'top' } })),
    ...Object.entries(areas).map(([id, [, column]]) => named(id, `${column}`, 13, { 'source-layer': `${id}_label`, filter: ['>=', ['get', 'side_px'], 90] })),
  ];
}
