// Which Web Mercator tiles a box of degrees touches.

export interface TileId {
  z: number;
  x: number;
  y: number;
}

export type Box = readonly [west: number, south: number, east: number, north: number];

/** Tiles of the zooms that touch the box; null when they are more than limit. */
export function tilesTouching(box: Box, zooms: readonly number[], limit: number): TileId[] | null {
  const tiles: TileId[] = [];
  for (const z of zooms) {
    const [x0, x1] = [column(box[0], z), column(box[2], z)];
    const [y0, y1] = [row(box[3], z), row(box[1], z)];
    if (tiles.length + (x1 - x0 + 1) * (y1 - y0 + 1) > limit) return null;
    for (let x = x0; x <= x1; x++) for (let y = y0; y <= y1; y++) tiles.push({ z, x, y });
  }
  return tiles;
}

export function intersection(a: Box, b: Box): Box | null {
  const box: Box = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  return box[0] <= box[2] && box[1] <= box[3] ? box : null;
}

/** The box made wider on every side, because a feature's outline and label reach past its box. */
export function widened(box: Box, by_deg: number): Box {
  return [box[0] - by_deg, box[1] - by_deg, box[2] + by_deg, box[3] + by_deg];
}

function column(lon: number, z: number): number {
  return clamp(Math.floor(((lon + 180) / 360) * 2 ** z), z);
}

function row(lat: number, z: number): number {
  const sine = Math.sin((lat * Math.PI) / 180);
  return clamp(Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 2 ** z), z);
}

function clamp(n: number, z: number): number {
  return Math.min(Math.max(n, 0), 2 ** z - 1);
}
