// How the map shows the drill-down's place: its border glows, what lies outside is shaded, and the
// area below it that is pointed at lights up. Colours come from the style document.

import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { AreaLevel } from './areas';

export interface PlaceOnMap {
  shape: Shape | null; // null: nothing is outside
  childLevel: AreaLevel | null; // whose areas can be pointed at
}

export type Shape = Polygon | MultiPolygon;

interface PlaceColours {
  shade: string;
  edge: string;
  light: string;
}

export const nowhere: PlaceOnMap = { shape: null, childLevel: null };
export const childLayer = 'place-child';
const placeSource = 'place';
export const lightSource = 'place-light';
const plain: PlaceColours = { shade: '#000000', edge: '#f0ab3d', light: '#f0ab3d' };
const world: Position[] = [[-180, -85], [180, -85], [180, 85], [-180, 85], [-180, -85]];

export interface PlaceStyle {
  sources: StyleSpecification['sources'];
  ground: LayerSpecification[]; // below the footprints
  over: LayerSpecification[]; // above the walls, below dots and words
}

/** twin: the id of the source that holds the areas; lit: what is pointed at. */
export function placeStyle(base: StyleSpecification, { shape, childLevel }: PlaceOnMap, lit: Shape | null, twin: string): PlaceStyle {
  const colours = { ...plain, ...((base.metadata as Record<string, unknown> | undefined)?.['mqt:place'] as Partial<PlaceColours> | undefined) };
  // Found by the pointer though it is not drawn: a layer without opacity costs no frame.
  const target: LayerSpecification = {
    id: childLayer, type: 'fill', source: twin, 'source-layer': childLevel ?? '', paint: { 'fill-opacity': 0 },
  };
  const light: LayerSpecification = {
    id: 'place-light', type: 'fill', source: lightSource, paint: { 'fill-color': colours.light, 'fill-opacity': 0.3, 'fill-antialias': false },
  };
  const rim: LayerSpecification = {
    id: 'place-rim', type: 'line', source: lightSource, layout: { 'line-join': 'round' }, paint: { 'line-color': colours.light, 'line-width': 2.5 },
  };
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
    sources: {
      [lightSource]: { type: 'geojson', data: lightData(lit) },
      ...(shape ? { [placeSource]: { type: 'geojson', data: { type: 'FeatureCollection', features: [outside(shape), edge(shape)] } } } : {}),
    },
    ground: [...(childLevel ? [target] : []), light],
    over: [...(shape ? around : []), rim],
  };
}

export function lightData(lit: Shape | null): FeatureCollection {
  return { type: 'FeatureCollection', features: lit ? [{ type: 'Feature', properties: {}, geometry: lit }] : [] };
}

function parts(shape: Shape): Position[][][] {
  return shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
}

/** The world without the shape; holes of the shape belong to the world. */
export function outside(shape: Shape): Feature<MultiPolygon> {
  const shells = parts(shape).flatMap(([shell]) => (shell ? [shell] : []));
  const holes = parts(shape).flatMap(([, ...rings]) => rings.map((ring) => [ring]));
  return { type: 'Feature', properties: { part: 'outside' }, geometry: { type: 'MultiPolygon', coordinates: [[world, ...shells], ...holes] } };
}

function edge(shape: Shape): Feature {
  return { type: 'Feature', properties: { part: 'edge' }, geometry: { type: 'MultiLineString', coordinates: parts(shape).flat() } };
}
