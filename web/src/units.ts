// A building as its face: units side by side, floors from the top down, in every cell the rooms.

import { getJson } from './api';

export interface Room {
  floor: string; // '2层'; an absent part is '无'
  room: string;
  area_m2: number | null;
  use: string | null;
}

export interface Unit {
  id: number;
  name: string;
  dwellings: number | null; // null where the loader has not counted yet
  households: number | null;
  persons: number | null; // null where so few live that the number would tell who
  person_band: string | null; // then "<10"
  rooms: Room[];
}

export interface BuildingUnits {
  building_id: number;
  floors: string[]; // from the top down
  units: Unit[];
}

export interface Floor {
  name: string;
  level: number | null; // 1 is the ground floor, -1 the first below it; null where nobody knows
}

export interface Face {
  floors: readonly Floor[]; // from the top down, without gaps
  units: readonly Unit[];
  cells: readonly (readonly Room[])[][]; // [floor][unit]
}

export const absent = '无';
const mostStoreys = 200;
const collator = new Intl.Collator('zh-CN', { numeric: true });

export const getBuildingUnits = (id: number) => getJson<BuildingUnits>(`/stats/building/${id}/units`);

/** floorsAbove: as surveyed, so that floors without dwellings stand in the face too. */
export function faceOf({ units, floors }: BuildingUnits, floorsAbove: number | null): Face {
  const sorted = units.toSorted((a, b) => collator.compare(a.name, b.name));
  const floorNames = new Set([...floors.filter((name) => name !== absent), ...sorted.flatMap(({ rooms }) => rooms.map(floorOf))]);
  const stack = stacked([...floorNames].map((name) => ({ name, level: levelOf(name) })), floorsAbove);
  const cells = stack.map(({ name }) => sorted.map(({ rooms }) => rooms.filter((room) => floorOf(room) === name)));
  return { floors: stack, units: sorted, cells };
}

/** Registers often leave the floor out; the room's number tells it: 1203 is on the 12th. */
function floorOf({ floor, room }: Room): string {
  if (floor !== absent) return floor;
  const [, number] = /^(\d{1,2})\d{2}室?$/.exec(room) ?? [];
  return number && Number(number) > 0 ? `${Number(number)}层` : absent;
}

function levelOf(floor: string): number | null {
  const [, below, number] = /^(地下|-)?(\d+)层$/.exec(floor) ?? [];
  if (number === undefined) return null;
  return below ? -Number(number) : Number(number);
}

function stacked(floors: readonly Floor[], floorsAbove: number | null): Floor[] {
  const known = new Map(floors.flatMap((floor) => (floor.level === null ? [] : [[floor.level, floor] as const])));
  const top = Math.min(Math.max(floorsAbove ?? 0, ...known.keys()), mostStoreys);
  for (let level = 1; known.size > 0 && level <= top; level++) if (!known.has(level)) known.set(level, { name: `${level}层`, level });
  const byLevel = [...known.values()].sort((a, b) => (b.level ?? 0) - (a.level ?? 0));
  return [...byLevel, ...floors.filter(({ level }) => level === null)];
}
