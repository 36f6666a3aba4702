// The server's style document plus the page's choices, as one document. Pure, so that every change
// of theme, layer, heat or catalogue is the same step: compose, and let MapLibre find the difference.

import type { ExpressionSpecification, FillLayerSpecification, LayerSpecification, LineLayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { HeatChoice } from './app-state';
import { placeStyle, type PlaceOnMap, type PlaceStyle, type Shape } from './place-style';

export interface Choices {
  layers: ReadonlySet<string>; // catalogue layers that exist
  off: ReadonlySet<string>;
  flat: boolean;
  heat: HeatChoice;
  heatUrl: string;
  place: PlaceOnMap;
  lit?: Shape | null; // the area that is pointed at
  wallsWait?: boolean; // read but not drawn yet
}

export const twinSource = 'twin';
export const heatSource = 'heat';
const labelSuffix = /_label$/; // layer x_label of a tile holds the label points of layer x
const solidLayer = 'building-3d';
// Both themes draw with the same columns: one address for both keeps the tiles when the theme changes.
const drawnStyle = 'day';
// Opaque walls would hide the heat, which lies where the buildings stand: with heat they are glass. From
// afar they are a few pixels high; there the heat lies over them, and they stay opaque, because glass has
// to be drawn twice.
const glassOpacity = 0.28;
const glassZoom = 15;
const heatOpacity = 0.88;
const veilOpacity = 0.72;

export function composeStyle(base: StyleSpecification, choices: Choices): StyleSpecification {
  const place = placeStyle(base, choices.place, choices.lit ?? null, twinSource);
  const known = base.layers
    .filter((layer) => !sourceLayer(layer) || choices.layers.has(sourceLayer(layer) ?? ''))
    .map((layer) => dressed(layer, choices));
  const layers = withPlace(choices.heat.on ? known : numbersOnRoofs(known), place);
  const sources: StyleSpecification['sources'] = { ...base.sources, ...thrifty(base), ...place.sources };
  if (!choices.heat.on) return { ...base, sources, layers };

  return {
    ...base,
    sources: { ...sources, [heatSource]: { type: 'raster', tiles: [choices.heatUrl], tileSize: 512, maxzoom: 18 } },
    layers: withHeat(layers, stands(layers)),
  };
}

/** The address of tiles that hold no more than is drawn. */
function thrifty({ sources }: StyleSpecification): StyleSpecification['sources'] {
  const source = sources[twinSource];
  return source?.type === 'vector' && source.url ? { [twinSource]: { ...source, url: `${source.url}?style=${drawnStyle}` } } : {};
}

/** Whether walls stand, and are not switched off or laid flat. */
function stands(layers: readonly LayerSpecification[]): boolean {
  return layers.some((layer) => layer.id === solidLayer && layer.layout?.visibility !== 'none');
}

/** A house's number on the ground would seem to be that of the house in front; where walls are glass it would
 * seem to float. */
function numbersOnRoofs(layers: readonly LayerSpecification[]): LayerSpecification[] {
  const walls = layers.find((layer) => layer.id === solidLayer);
  const height = walls?.type === 'fill-extrusion' && stands(layers) ? walls.paint?.['fill-extrusion-height'] : undefined;
  const isNumber = (layer: LayerSpecification) => layer.type === 'symbol' && sourceLayer(layer) === 'building';
  return layers.map((layer) => (height !== undefined && isNumber(layer) ? ({ ...layer, layout: { ...layer.layout, 'symbol-height-offset': height } } as LayerSpecification) : layer));
}

function withHeat(layers: readonly LayerSpecification[], walls: boolean): LayerSpecification[] {
  const heat = (id: string, opacity: number): LayerSpecification => ({
    id,
    type: 'raster',
    source: heatSource,
    paint: { 'raster-opacity': opacity, 'raster-fade-duration': 200, 'raster-resampling': 'linear' },
  });
  const under = heatPosition(layers);
  if (!walls) return [...layers.slice(0, under), heat('heat', heatOpacity), ...layers.slice(under)];
  const over = layers.findIndex(({ id }) => id === solidLayer) + 1;
  return [
    ...layers.slice(0, under),
    { ...heat('heat', heatOpacity), minzoom: glassZoom },
    ...layers.slice(under, over),
    { ...heat('heat-veil', veilOpacity), maxzoom: glassZoom },
    ...layers.slice(over),
  ];
}

/** The light of an area lies on its ground, the shade around the place also over walls. */
function withPlace(layers: readonly LayerSpecification[], { ground, over }: PlaceStyle): LayerSpecification[] {
  const footprints = layers.findIndex((layer) => sourceLayer(layer) === 'building');
  const lowest = footprints >= 0 ? footprints : overWalls(layers);
  const highest = overWalls(layers);
  return [...layers.slice(0, lowest), ...ground, ...layers.slice(lowest, highest), ...over, ...layers.slice(highest)];
}

function overWalls(layers: readonly LayerSpecification[]): number {
  const words = layers.findIndex((layer, i) => (layer.type === 'symbol' || layer.type === 'circle') && i > layers.findIndex(({ id }) => id === solidLayer));
  return words >= 0 ? words : layers.length;
}

/** The catalogue layer that a style layer draws, be it by its shapes or by its label points. */
export function sourceLayer(layer: LayerSpecification): string | undefined {
  return 'source-layer' in layer ? catalogueId(layer['source-layer'] ?? '') : undefined;
}

/** The catalogue's name of a layer of a vector tile. */
export function catalogueId(tileLayer: string): string {
  return tileLayer.replace(labelSuffix, '');
}

/** One colour that stands for a catalogue layer in lists. */
export function colourOf(base: StyleSpecification, id: string): string {
  for (const layer of base.layers) {
    if (sourceLayer(layer) !== id || layer.type === 'symbol') continue;
    const [, colour] = Object.entries(layer.paint ?? {}).find(([name]) => name.endsWith('-color')) ?? [];
    // Of a choice by attribute the last colour is the one for all other values.
    const found: unknown = Array.isArray(colour) ? colour.at(-1) : colour;
    if (typeof found === 'string') return found;
  }
  return 'transparent';
}

/** Over the footprints, under the walls, the borders and everything with words. */
function heatPosition(layers: readonly LayerSpecification[]): number {
  const walls = layers.findIndex((layer) => layer.id === solidLayer);
  if (walls >= 0) return walls;
  const words = layers.findIndex((layer) => layer.type === 'symbol' || layer.type === 'circle');
  return words >= 0 ? words : layers.length;
}

function dressed(layer: LayerSpecification, choices: Choices): LayerSpecification {
  const hidden = choices.off.has(sourceLayer(layer) ?? '') || (layer.id === solidLayer && choices.flat);
  if (hidden) return { ...layer, layout: { ...layer.layout, visibility: 'none' } } as LayerSpecification;
  if (layer.id === solidLayer && layer.type === 'fill-extrusion' && choices.wallsWait) {
    return { ...layer, paint: { ...layer.paint, 'fill-extrusion-opacity': 0 } };
  }
  if (layer.id === solidLayer && layer.type === 'fill-extrusion' && choices.heat.on) {
    const glass: ExpressionSpecification = ['step', ['zoom'], 1, glassZoom, glassOpacity];
    return { ...layer, paint: { ...layer.paint, 'fill-extrusion-opacity': glass } };
  }
  return choices.flat || !isFootprint(layer) ? layer : underWalls(layer, choices.heat.on);
}

function isFootprint(layer: LayerSpecification): layer is FillLayerSpecification | LineLayerSpecification {
  return (layer.type === 'fill' || layer.type === 'line') && sourceLayer(layer) === 'building';
}

/** Nobody sees footprints below walls, but each costs as much as a second wall; glass shows them, and from
 * near their outline sets a wall off the ground. */
function underWalls(layer: FillLayerSpecification | LineLayerSpecification, heat: boolean): LayerSpecification {
  const least = heat || layer.type === 'line' ? glassZoom : null;
  if (least === null) return { ...layer, layout: { ...layer.layout, visibility: 'none' } } as LayerSpecification;
  return { ...layer, minzoom: Math.max(layer.minzoom ?? 0, least) };
}
