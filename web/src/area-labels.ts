// One label point for each area. A vector tile holds only its own part of an area, so labels drawn
// from tiles repeat in every tile that the area touches; these come from the whole polygons.

import type { Feature, FeatureCollection, MultiPolygon, Point, Polygon, Position } from 'geojson';
import { getJson, type LayerInfo } from './api';

export const areaLayers = ['district', 'subdistrict', 'community', 'grid', 'estate', 'green', 'water'] as const;
const pageSize = 5_000;
const mostFeatures = 20_000;

interface Page extends FeatureCollection<Polygon | MultiPolygon | null> {
  links?: { rel: string; href: string }[];
}

export interface AreaLabels {
  points: FeatureCollection<Point>; // their property "layer" is the catalogue id
  layers: ReadonlySet<string>; // those that could be read; the others are labelled from their tiles
}

export const noAreaLabels: AreaLabels = { points: { type: 'FeatureCollection', features: [] }, layers: new Set() };

/** Label points of the areas with a name. */
export async function loadAreaLabels(layers: readonly LayerInfo[]): Promise<AreaLabels> {
  const wanted = layers.filter((layer) => (areaLayers as readonly string[]).includes(layer.id) && layer.features > 0);
  const lists = await Promise.all(wanted.map(({ id }) => labelsOf(id).catch(() => null)));
  return {
    points: { type: 'FeatureCollection', features: lists.flatMap((list) => list ?? []) },
    layers: new Set(wanted.filter((_, i) => lists[i]).map(({ id }) => id)),
  };
}

async function labelsOf(layer: string): Promise<Feature<Point>[]> {
  const labels: Feature<Point>[] = [];
  let address: string | null = `/ogc/collections/${layer}/items?limit=${pageSize}`;
  while (address && labels.length < mostFeatures) {
    const page: Page = await getJson<Page>(address);
    for (const feature of page.features) {
      const name: unknown = feature.properties?.['name'];
      const place = feature.geometry && labelPlace(feature.geometry);
      if (name && place) labels.push({ type: 'Feature', geometry: { type: 'Point', coordinates: place }, properties: { layer, name } });
    }
    const next = page.links?.find((link) => link.rel === 'next')?.href;
    address = next ? samePlace(next) : null;
  }
  return labels;
}

/** Links may name the host as a proxy sees it; what counts is path and query. */
function samePlace(href: string): string {
  const { pathname, search } = new URL(href, location.origin);
  return pathname + search;
}

/** A point inside the largest part, near its middle: the centre of the widest run along the line
 * of latitude through the centroid. */
export function labelPlace(geometry: Polygon | MultiPolygon): Position | null {
  const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  let largest: Position[][] | null = null;
  let size = 0;
  for (const part of parts) {
    const area = part[0] ? Math.abs(moments(part[0]).area) : 0;
    if (area > size) [largest, size] = [part, area];
  }
  if (!largest?.[0]) return null;
  const lat = moments(largest[0]).lat;
  const crossings = largest.flatMap((ring) => crossingsAt(ring, lat)).sort((a, b) => a - b);
  let best: Position | null = null;
  let widest = 0;
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const [from, to] = [crossings[i] as number, crossings[i + 1] as number];
    if (to - from > widest) [best, widest] = [[(from + to) / 2, lat], to - from];
  }
  return best;
}

function moments(ring: Position[]): { area: number; lat: number } {
  const [originLon, originLat] = ring[0] as [number, number]; // near the ring, for precision
  let area = 0;
  let lat = 0;
  eachEdge(ring, (ax, ay, bx, by) => {
    const cross = (ax - originLon) * (by - originLat) - (bx - originLon) * (ay - originLat);
    area += cross / 2;
    lat += (cross * (ay + by - 2 * originLat)) / 6;
  });
  return { area, lat: area === 0 ? originLat : originLat + lat / area };
}

function crossingsAt(ring: Position[], lat: number): number[] {
  const crossings: number[] = [];
  eachEdge(ring, (ax, ay, bx, by) => {
    if (ay > lat !== by > lat) crossings.push(ax + ((lat - ay) / (by - ay)) * (bx - ax));
  });
  return crossings;
}

function eachEdge(ring: Position[], visit: (ax: number, ay: number, bx: number, by: number) => void): void {
  for (let i = 0; i + 1 < ring.length; i++) {
    const [a, b] = [ring[i] as [number, number], ring[i + 1] as [number, number]];
    visit(a[0], a[1], b[0], b[1]);
  }
}
