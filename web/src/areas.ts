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
  buildings_withheld: number; // whose people are too few to be in the sum
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
  use: string | null;
  floors_above: number | null;
  dwelling_count: number | null;
  open_tickets: number;
  lon: number;
  lat: number;
}

interface Rest {
  figures: AreaFigures;
}

interface AreaAnswer extends Area {
  rest?: Rest | null; // what lies in none of the children
  path: AreaRef[];
  child_level: AreaLevel | null;
  children: Area[];
  estates?: Area[];
  buildings?: AreaBuilding[];
  buildings_total?: number;
}

interface TopsAnswer {
  bbox: Box | null; // of all there is
  figures: AreaFigures;
  child_level: AreaLevel | null;
  children: Area[];
  rest?: Rest | null;
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
  rest: AreaFigures | null; // of what lies in none of the children
  unplaced: AreaFigures | null; // at the top: what lies in no area at all, or nobody knows where
}

/** The place with this id; null is the top: the topmost area, or everything when there are several. asked:
 * the top areas, where they are on their way already. */
export async function getPlace(id: number | null, asked?: Promise<TopsAnswer>): Promise<Place> {
  if (id !== null) return placeOf(await getJson<AreaAnswer>(`/areas/${id}`));
  const tops = await (asked ?? getTops());
  const only = tops.children.length === 1 ? tops.children[0] : undefined;
  return only ? { ...(await getPlace(only.id)), unplaced: tops.rest?.figures ?? null } : everything(tops);
}

export const getTops = () => getJson<TopsAnswer>('/areas');

function placeOf({ id, level, name, manager, bbox, figures, path, child_level, children, estates, buildings, buildings_total, rest }: AreaAnswer): Place {
  return {
    ...{ id, level, name, manager, bbox, figures, path, children },
    childLevel: child_level,
    estates: estates ?? [],
    buildings: buildings ?? [],
    buildingsTotal: buildings_total ?? buildings?.length ?? 0,
    rest: rest?.figures ?? null,
    unplaced: null,
  };
}

function everything({ bbox, figures, child_level, children, rest }: TopsAnswer): Place {
  return {
    ...{ id: null, level: null, name: '', manager: null, bbox, figures, path: [], children, estates: [], buildings: [], buildingsTotal: 0 },
    childLevel: child_level,
    rest: rest?.figures ?? null,
    unplaced: null,
  };
}

export async function getAreaShape({ level, id }: Pick<AreaRef, 'level' | 'id'>): Promise<Polygon | MultiPolygon> {
  const { geometry } = await getJson<{ geometry: Polygon | MultiPolygon }>(`/ogc/collections/${level}/items/${id}`);
  return geometry;
}

/** Open tickets per thousand people; null where too few live to say. */
export function openPerThousand({ tickets_open, persons }: AreaFigures): number | null {
  return persons ? (1_000 * tickets_open) / persons : null;
}
