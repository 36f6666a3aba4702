// The part of the map that no panel covers: there a place is shown whole.

import type { Screen } from './fit-camera';

const panelsFrom_px = 1_100; // narrower, the panels would leave too little between them
const leastClear_px = 120;
const sheets = 'mqt-area, mqt-layers, mqt-heat, mqt-tickets, mqt-card';

/** On a wide screen the panels stand on the left and on the right, on a phone the open sheet below. */
export function clearOfPanels(map: HTMLElement): Screen {
  const { clientWidth, clientHeight } = map;
  const size = { width_px: clientWidth, height_px: clientHeight };
  if (clientWidth > panelsFrom_px) return { ...size, left_px: 348, right_px: 392, top_px: 84, bottom_px: 48 };
  const top_px = 110;
  const bottom_px = Math.max(64, Math.min(sheetHeight(map), clientHeight - top_px - leastClear_px));
  return { ...size, left_px: 12, right_px: 12, top_px, bottom_px };
}

/** From the foot of the map to the top of what lies over its whole width; 0 where nothing does. */
function sheetHeight(map: HTMLElement): number {
  const ground = map.getBoundingClientRect();
  const open = [...(map.parentElement?.querySelectorAll(sheets) ?? [])].map((sheet) => sheet.getBoundingClientRect());
  const tops = open.filter(({ width }) => width > 0.9 * ground.width).map(({ top }) => ground.bottom - top);
  return Math.max(0, ...tops);
}
