// The areas of the district as the server counts them: district, subdistrict, community, grid and
// estate, each with its figures, its children and the way down to it.

import type { MultiPolygon, Polygon } from 'geojson';
import { getJson } from './api';
import type { Box } from './tile-cover';

export type AreaLevel = 'district' | 'subdistrict' | 'community' | 'grid' | 'estate';

export interface AreaRef {
  id: number;
  level: AreaLevel;
  code: string;
  name: string;
}

export interface AreaFigures {
  buildings: number;
  dwellings: number;
  households: number;
  persons: number | null; // null where so few live that the number would tell who
  person_band: string | null; // then "<10"
  tickets_open: number;
  tickets_30d: number;
  tickets_total: number;
}

export interface Area extends AreaRef {
  manager: string | null;
  bbox: Box;
  lon: number;
  lat: number;
  figures: AreaFigures;
}

export interface AreaBuilding {
  id: number;
  name: string | null;
  number: string | null;
  estate: string | null;
  floors_above: number | null;
  dwelling_count: number | null;
  open_tickets: number;
  lon: number;
  lat: number;
}

interface AreaAnswer extends Area {
  path: AreaRef[];
  child_level: AreaLevel | null;
  children: Area[];
  estates?: Area[];
  buildings?: AreaBuilding[];
  buildings_total?: number;
}

/** Where the page is: one area with what lies in it, or all there is when several stand at the top. */
export interface Place {
  id: number | null; // null: everything
  level: AreaLevel | null;
  name: string;
  manager: string | null;
  bbox: Box | null;
  figures: AreaFigures;
  path: readonly AreaRef[]; // from the top down to the parent
  childLevel: AreaLevel | null;
  children: readonly Area[];
  estates: readonly Area[];
  buildings: readonly AreaBuilding[];
  buildingsTotal: number;
}

/** The place with this id; null is the top: the topmost area, or everything when there are several. */
export async function getPlace(id: number | null): Promise<Place> {
  if (id !== null) return placeOf(await getJson<AreaAnswer>(`/areas/${id}`));
  const tops = await getTops();
  const only = tops.length === 1 ? tops[0] : undefined;
  return only ? getPlace(only.id) : everything(tops);
}

export async function getTops(): Promise<Area[]> {
  return (await getJson<{ children: Area[] }>('/areas')).children;
}

function placeOf({ id, level, name, manager, bbox, figures, path, child_level, children, estates, buildings, buildings_total }: AreaAnswer): Place {
  return {
    ...{ id, level, name, manager, bbox, figures, path, children },
    childLevel: child_level,
    estates: estates ?? [],
    buildings: buildings ?? [],
    buildingsTotal: buildings_total ?? buildings?.length ?? 0,
  };
}

const countedFigures = ['buildings', 'dwellings', 'households', 'tickets_open', 'tickets_30d', 'tickets_total'] as const;

function everything(children: readonly Area[]): Place {
  const figures: AreaFigures = { buildings: 0, dwellings: 0, households: 0, persons: 0, person_band: null, tickets_open: 0, tickets_30d: 0, tickets_total: 0 };
  for (const { figures: some } of children) {
    for (const name of countedFigures) figures[name] += some[name];
    figures.persons = (figures.persons ?? 0) + (some.persons ?? 0);
  }
  const [first, ...others] = children.map(({ bbox }) => bbox);
  return {
    ...{ id: null, level: null, name: '', manager: null, figures, path: [], children, estates: [], buildings: [], buildingsTotal: 0 },
    bbox: first ? others.reduce(union, first) : null,
    childLevel: children[0]?.level ?? null,
  };
}

function union(a: Box, b: Box): Box {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

export async function getAreaShape({ level, id }: Pick<AreaRef, 'level' | 'id'>): Promise<Polygon | MultiPolygon> {
  const { geometry } = await getJson<{ geometry: Polygon | MultiPolygon }>(`/ogc/collections/${level}/items/${id}`);
  return geometry;
}

/** Open tickets per thousand people; null where too few live to say. */
export function openPerThousand({ tickets_open, persons }: AreaFigures): number | null {
  return persons ? (1_000 * tickets_open) / persons : null;
}
