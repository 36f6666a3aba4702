// The heat's choice as a tile address. The same words go to the server and into links.

import type { HeatChoice } from './app-state';

const day_ms = 86_400_000;

/** False when the range ends before it begins. */
export function isHeatChoiceValid(heat: HeatChoice): boolean {
  return heat.window !== 'range' || !heat.from || !heat.to || heat.from <= heat.to;
}

/** Tile address template; dates are whole local days, the last one included. */
export function heatTileUrl(heat: HeatChoice, origin: string): string {
  const query = new URLSearchParams({ size: '512' });
  if (heat.window === 'range') {
    const from = localMidnight(heat.from);
    const to = localMidnight(heat.to);
    if (from) query.set('from', from.toISOString());
    if (to) query.set('to', nextMidnight(to).toISOString());
    if (!from && !to) query.set('window', 'all');
  } else {
    query.set('window', heat.window);
  }
  return `${origin}/heat/{z}/{x}/{y}.png?${query}`;
}

/** The day of a moment as a date input wants it. */
export function localDate(when: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${String(when.getFullYear()).padStart(4, '0')}-${two(when.getMonth() + 1)}-${two(when.getDate())}`;
}

function localMidnight(date: string): Date | null {
  if (!date) return null;
  const midnight = new Date(`${date}T00:00:00`);
  return Number.isNaN(midnight.getTime()) ? null : midnight;
}

function nextMidnight(midnight: Date): Date {
  const next = new Date(midnight.getTime() + 1.5 * day_ms); // a day may have 23 or 25 hours
  next.setHours(0, 0, 0, 0);
  return next;
}
