// The state as the part of the address behind '#', and back:
//   #15.20/39.83012/116.30010/-20/50&at=17&b=204&off=grid,estate&on=hydrant&heat=7d&flat=1&theme=day&lang=en
// Anything unreadable is ignored, so that an old or mangled link still opens the map.

import { initialState, type AppState, type HeatChoice, type HeatWindow, type View } from './app-state';

const windows: readonly HeatWindow[] = ['24h', '7d', '30d', 'all'];
const datePattern = /^\d{4}-\d{2}-\d{2}$/;

export function formatHash(state: AppState): string {
  const parts: string[] = [];
  if (state.view) {
    const { zoom, lat, lon, bearing_deg, pitch_deg } = state.view;
    parts.push(`${zoom.toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}/${Math.round(bearing_deg)}/${Math.round(pitch_deg)}`);
  }
  if (state.at !== null) parts.push(`at=${state.at}`);
  if (state.building !== null) parts.push(`b=${state.building}`);
  if (state.off.length > 0) parts.push(`off=${state.off.join(',')}`);
  if (state.on.length > 0) parts.push(`on=${state.on.join(',')}`);
  if (state.heat.on) parts.push(`heat=${formatHeat(state.heat)}`);
  if (state.flat) parts.push('flat=1');
  if (state.theme !== initialState.theme) parts.push(`theme=${state.theme}`);
  if (state.language !== initialState.language) parts.push(`lang=${state.language}`);
  return `#${parts.join('&')}`;
}

export function parseHash(hash: string): AppState {
  const state: AppState = { ...initialState, heat: { ...initialState.heat } };
  for (const part of hash.replace(/^#/, '').split('&')) {
    const cut = part.indexOf('=');
    const [key, value] = cut < 0 ? ['view', part] : [part.slice(0, cut), decode(part.slice(cut + 1))];
    if (key === 'view') state.view = parseView(value) ?? state.view;
    else if (key === 'at') state.at = parseId(value);
    else if (key === 'b') state.building = parseId(value);
    else if (key === 'off' || key === 'on') state[key] = value.split(',').filter((id) => /^[a-z][a-z0-9_]{0,62}$/.test(id));
    else if (key === 'heat') state.heat = parseHeat(value) ?? state.heat;
    else if (key === 'flat') state.flat = value === '1';
    else if (key === 'theme' && (value === 'day' || value === 'night')) state.theme = value;
    else if (key === 'lang' && (value === 'zh' || value === 'en')) state.language = value;
  }
  return state;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function parseId(text: string): number | null {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

function formatHeat(heat: HeatChoice): string {
  return heat.window === 'range' ? `${heat.from}..${heat.to}` : heat.window;
}

function parseHeat(text: string): HeatChoice | null {
  const named = windows.find((window) => window === text);
  if (named) return { ...initialState.heat, on: true, window: named };
  const [from, to, rest] = text.split('..');
  const isDate = (date: string | undefined) => date === '' || datePattern.test(date ?? '?');
  if (rest !== undefined || !isDate(from) || !isDate(to)) return null;
  return { on: true, window: 'range', from: from ?? '', to: to ?? '' };
}

function parseView(text: string): View | null {
  const numbers = text.split('/').map(Number);
  const [zoom, lat, lon, bearing_deg = 0, pitch_deg = 0] = numbers;
  if (zoom === undefined || lat === undefined || lon === undefined || numbers.some((n) => !Number.isFinite(n))) return null;
  if (zoom < 0 || zoom > 24 || Math.abs(lat) > 85.06 || Math.abs(lon) > 180) return null;
  return { zoom, lat, lon, bearing_deg, pitch_deg: Math.min(Math.max(pitch_deg, 0), 70) };
}
