// The rows under a place: its areas or buildings in the chosen order, each with a bar's length.

import { openPerThousand, type Area, type AreaBuilding } from './areas';
import { count, t } from './i18n';
import { use } from './words';

export type AreaOrder = 'open' | 'rate' | 'people' | 'name';
export type BuildingOrder = 'number' | 'open';

export interface Row {
  id: number;
  name: string;
  note: string; // a word beside the name, '' for none
  value: string;
  share: number; // of the longest bar, 0 to 1
}

const collator = new Intl.Collator('zh-CN', { numeric: true });
const oneDigit = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 1 });

export function areaRows(areas: readonly Area[], order: AreaOrder): Row[] {
  const amount = ({ figures }: Area): number | null => {
    if (order === 'rate') return openPerThousand(figures);
    return order === 'people' ? figures.persons : figures.tickets_open;
  };
  const value = (area: Area): string => {
    const n = amount(area);
    if (n === null) return (order === 'people' && area.figures.person_band) || '–';
    return order === 'rate' ? oneDigit.format(n) : count(n);
  };
  const most = Math.max(...areas.map((area) => amount(area) ?? 0), 0);
  const byCode = (a: Area, b: Area) => collator.compare(a.code, b.code);
  const sorted = areas.toSorted((a, b) => (order === 'name' ? byCode(a, b) : (amount(b) ?? -1) - (amount(a) ?? -1) || byCode(a, b)));
  return sorted.map((area) => ({ id: area.id, name: area.name, note: '', value: value(area), share: most > 0 ? (amount(area) ?? 0) / most : 0 }));
}

/** The server sorts buildings by estate and number, as a person would. */
export function buildingRows(buildings: readonly AreaBuilding[], order: BuildingOrder): Row[] {
  const most = Math.max(...buildings.map(({ open_tickets }) => open_tickets), 0);
  const sorted = order === 'open' ? buildings.toSorted((a, b) => b.open_tickets - a.open_tickets) : buildings;
  return sorted.map((building) => ({
    id: building.id,
    name: buildingName(building),
    note: building.dwelling_count ? t('dwellingsOf', { n: count(building.dwelling_count) }) : '',
    value: count(building.open_tickets),
    share: most > 0 ? building.open_tickets / most : 0,
  }));
}

/** By its name, else by estate and number; what has neither, by what it is for. */
export function buildingName(columns: { name?: unknown; estate?: unknown; number?: unknown; use?: unknown }): string {
  const [name, estate, number, purpose] = [columns.name, columns.estate, columns.number, columns.use].map((value) => (value == null ? '' : String(value)));
  return name || [estate, number || use(purpose ?? '')].filter(Boolean).join(' ');
}

export function matching(rows: readonly Row[], filter: string): readonly Row[] {
  const wanted = filter.trim().toLowerCase();
  return wanted ? rows.filter(({ name }) => name.toLowerCase().includes(wanted)) : rows;
}
