// Where the map looks when the link does not say.

import type { LayerInfo } from './api';
import type { Box } from './tile-cover';

const everywhere: Box = [73.5, 18, 135, 53.5]; // China
const compact_deg = 0.1; // a community or a small street office, seen whole with its buildings
const preferred = ['building', 'grid', 'estate', 'community', 'facility', 'subdistrict', 'district'];

/** The bounds of the first preferred layer that is compact; when places far apart were loaded, the
 * smallest bounds there are. */
export function startBox(layers: readonly LayerInfo[]): Box {
  const boxes = preferred
    .map((id) => layers.find((layer) => layer.id === id && layer.features > 0)?.bounds)
    .filter((box): box is [number, number, number, number] => Array.isArray(box) && box.length === 4);
  const compact = boxes.find((box) => width(box) < compact_deg && height(box) < compact_deg);
  const smallest = boxes.toSorted((a, b) => width(a) * height(a) - width(b) * height(b))[0];
  return compact ?? smallest ?? everywhere;
}

const width = (box: Box) => box[2] - box[0];
const height = (box: Box) => box[3] - box[1];
