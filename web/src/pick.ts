// What lies under the pointer: a feature that is large enough to be meant, and the area below the
// drill-down's place.

import type { Map as GlMap, MapGeoJSONFeature, Point } from 'maplibre-gl';
import type { Properties } from './api';
import { twinSource, catalogueId } from './compose-style';
import { childLayer } from './place-style';

export interface Mark {
  layer: string; // catalogue id
  id: number;
}

export interface Picked extends Mark {
  properties: Properties;
}

export interface Under {
  feature: Picked | null;
  area: Mark | null;
}

const least_px = 22; // from afar a roof is too small to be aimed at: then the area is meant
const leastDotZoom = 14.8;

/** layers: ids of the style layers whose features can be chosen. */
export function under(gl: GlMap, point: Point, layers: readonly string[]): Under {
  const asked = [...layers, childLayer].filter((id) => gl.getLayer(id));
  const found = asked.length > 0 ? gl.queryRenderedFeatures(point, { layers: asked }).filter(hasId) : [];
  const area = found.find(({ layer }) => layer.id === childLayer);
  const feature = found.find((each) => each.layer.id !== childLayer && (!area || isAimedAt(gl, each)));
  return {
    feature: feature ? { ...markOf(feature), properties: feature.properties as Properties } : null,
    area: area ? markOf(area) : null,
  };
}

function hasId(feature: MapGeoJSONFeature): boolean {
  return feature.source === twinSource && feature.id !== undefined && Number.isFinite(Number(feature.id));
}

function markOf(feature: MapGeoJSONFeature): Mark {
  return { layer: catalogueId(feature.sourceLayer ?? ''), id: Number(feature.id) };
}

function isAimedAt(gl: GlMap, { geometry }: MapGeoJSONFeature): boolean {
  if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') return gl.getZoom() >= leastDotZoom;
  const rings = geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
  const corners = rings.flat().map(([lon, lat]) => gl.project([lon as number, lat as number]));
  const spread = (values: number[]) => Math.max(...values) - Math.min(...values);
  return Math.max(spread(corners.map(({ x }) => x)), spread(corners.map(({ y }) => y))) >= least_px;
}
