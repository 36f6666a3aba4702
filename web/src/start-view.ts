// Where the map looks when the link does not say.

import type { LayerInfo } from './api';
import type { Box } from './tile-cover';

const everywhere: Box = [73.5, 18, 135, 53.5]; // China
const districtSpan_deg = 0.8; // wider than this, a layer holds several cities
const preferred = ['building', 'grid', 'estate', 'community', 'facility', 'subdistrict', 'district'];

/** The bounds of the first preferred layer that is no larger than a district. */
export function startBox(layers: readonly LayerInfo[]): Box {
  const boxes = preferred
    .map((id) => layers.find((layer) => layer.id === id))
    .filter((layer) => layer !== undefined && layer.features > 0)
    .map((layer) => layer?.bounds)
    .filter((box): box is [number, number, number, number] => Array.isArray(box) && box.length === 4);
  return boxes.find((box) => box[2] - box[0] < districtSpan_deg && box[3] - box[1] < districtSpan_deg) ?? boxes[0] ?? everywhere;
}
