// The server's JSON doors, typed. Every address is relative: nothing is asked of another host.

import type { AreaRef } from './areas';
import type { Ticket } from './live-stream';

export interface LayerColumn {
  name: string;
  type: 'text' | 'int' | 'real' | 'bool';
  title_zh: string;
  title_en: string;
}

export interface LayerInfo {
  id: string;
  title_zh: string;
  title_en: string;
  geometry_type: 'point' | 'line' | 'polygon';
  min_zoom: number;
  max_zoom: number;
  features: number;
  version: number;
  bounds: [number, number, number, number] | null; // west, south, east, north in degrees
  columns: LayerColumn[];
  style?: { group?: string };
}

export type Properties = Record<string, string | number | boolean | null | undefined>;

export interface Item {
  id: number;
  properties: Properties;
}

export interface BuildingStats {
  building_id: number;
  open_tickets: number;
  tickets_30d: number;
  tickets_total: number;
  path?: AreaRef[]; // the areas around its label point, from the top down
}

export interface Summary {
  tickets_open: number;
  tickets_total: number;
  buildings: number;
  dwellings: number;
  households: number;
  persons: number;
  data_as_of: string;
}

export interface HeatInfo {
  first: string | null;
  last: string | null;
  count: number; // tickets with a place: those in the heat
  total?: number;
  palette: string[];
}

export interface SearchResult {
  layer: string;
  id: number;
  title: string;
  subtitle?: string | null;
  lon: number;
  lat: number;
  bbox?: [number, number, number, number] | null;
}

/** A refusal by the server; detail is the sentence of its problem document. */
export class HttpProblem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(`${status} ${detail}`);
  }
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) });
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as { detail?: string; title?: string };
    throw new HttpProblem(response.status, problem.detail ?? problem.title ?? response.statusText);
  }
  return (await response.json()) as T;
}

export async function getLayers(): Promise<LayerInfo[]> {
  const answer = await getJson<LayerInfo[] | { layers: LayerInfo[] }>('/tiles');
  return Array.isArray(answer) ? answer : answer.layers;
}

export const getItem = (layer: string, id: number) => getJson<Item>(`/ogc/collections/${encodeURIComponent(layer)}/items/${id}`);
export const getBuildingStats = (id: number) => getJson<BuildingStats>(`/stats/building/${id}`);
export const getSummary = () => getJson<Summary>('/stats/summary');
export const getNewestTickets = async (limit: number) => (await getJson<{ tickets: Ticket[] }>(`/stats/tickets?limit=${limit}`)).tickets;
export const getHeatInfo = () => getJson<HeatInfo>('/heat.json');

export async function search(text: string, limit: number, signal: AbortSignal): Promise<SearchResult[]> {
  const query = new URLSearchParams({ q: text, limit: String(limit) });
  return (await getJson<{ results: SearchResult[] }>(`/search?${query}`, signal)).results;
}
