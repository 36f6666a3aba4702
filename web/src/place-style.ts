// How the map shows the drill-down's place: its border glows, what lies outside is shaded, and the
// area below it that is pointed at lights up. Colours come from the style document.

import type { Feature, MultiPolygon, Polygon, Position } from 'geojson';
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { AreaLevel } from './areas';

export interface PlaceOnMap {
  shape: Polygon | MultiPolygon | null; // null: nothing is outside
  childLevel: AreaLevel | null; // whose areas can be pointed at
}

interface PlaceColours {
  shade: string;
  edge: string;
  light: string;
}

export const nowhere: PlaceOnMap = { shape: null, childLevel: null };
export const childLayer = 'place-child';
const placeSource = 'place';
const plain: PlaceColours = { shade: '#000000', edge: '#f0ab3d', light: '#f0ab3d' };
const world: Position[] = [[-180, -85], [180, -85], [180, 85], [-180, 85], [-180, -85]];

export interface PlaceStyle {
  sources: StyleSpecification['sources'];
  ground: LayerSpecification[]; // below the footprints
  over: LayerSpecification[]; // above the walls, below dots and words
}

/** twin: the id of the source that holds the areas. */
export function placeStyle(base: StyleSpecification, { shape, childLevel }: PlaceOnMap, twin: string): PlaceStyle {
  const colours = { ...plain, ...((base.metadata as Record<string, unknown> | undefined)?.['mqt:place'] as Partial<PlaceColours> | undefined) };
  const isLit = ['boolean', ['feature-state', 'lit'], false] as never;
  const child = (type: 'fill' | 'line') => ({ type, source: twin, 'source-layer': childLevel ?? '' }) as const;
  const light: LayerSpecification[] = [
    { id: childLayer, ...child('fill'), type: 'fill', paint: { 'fill-color': colours.light, 'fill-opacity': ['case', isLit, 0.3, 0] } },
  ];
  const rim: LayerSpecification[] = [
    {
      id: `${childLayer}-rim`, ...child('line'), type: 'line', layout: { 'line-join': 'round' },
      paint: { 'line-color': colours.light, 'line-width': 2.5, 'line-opacity': ['case', isLit, 1, 0] },
    },
  ];
  const outline = (id: string, width: number, blur: number, opacity: number): LayerSpecification => ({
    id, type: 'line', source: placeSource, filter: ['==', ['get', 'part'], 'edge'], layout: { 'line-join': 'round' },
    paint: { 'line-color': colours.edge, 'line-width': width, 'line-blur': blur, 'line-opacity': opacity },
  });
  const around: LayerSpecification[] = [
    { id: 'place-shade', type: 'fill', source: placeSource, filter: ['==', ['get', 'part'], 'outside'], paint: { 'fill-color': colours.shade, 'fill-opacity': 0.62, 'fill-antialias': false } },
    outline('place-glow', 12, 8, 0.4),
    outline('place-edge', 2.5, 0, 1),
  ];
  return {
    sources: shape ? { [placeSource]: { type: 'geojson', data: { type: 'FeatureCollection', features: [outside(shape), edge(shape)] } } } : {},
    ground: childLevel ? light : [],
    over: [...(shape ? around : []), ...(childLevel ? rim : [])],
  };
}

function parts(shape: Polygon | MultiPolygon): Position[][][] {
  return shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
}

/** The world without the shape; holes of the shape belong to the world. */
export function outside(shape: Polygon | MultiPolygon): Feature<MultiPolygon> {
  const shells = parts(shape).flatMap(([shell]) => (shell ? [shell] : []));
  const holes = parts(shape).flatMap(([, ...rings]) => rings.map((ring) => [ring]));
  return { type: 'Feature', properties: { part: 'outside' }, geometry: { type: 'MultiPolygon', coordinates: [[world, ...shells], ...holes] } };
}

function edge(shape: Polygon | MultiPolygon): Feature {
  return { type: 'Feature', properties: { part: 'edge' }, geometry: { type: 'MultiLineString', coordinates: parts(shape).flat() } };
}
