// The page's own small pictures as SVG path data on a 24 x 24 field, drawn as strokes in text colour.

import { html, svg, type TemplateResult } from 'lit';

const page = {
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20 20',
  layers: 'M12 4 3.5 8.5 12 13l8.5-4.5ZM3.5 12.5 12 17l8.5-4.5M3.5 16.3 12 20.8l8.5-4.5',
  heat: 'M12 20.5a6 6 0 0 1-6-6c0-4 3.2-5 3.2-9 2.3 1 3.4 3 3.4 5.2 1.1-.6 1.7-1.5 1.7-3 2.3 1.8 3.7 4 3.7 6.8a6 6 0 0 1-6 6Z',
  ticket: 'M5 5h14v10.5H11L7 19.5v-4H5ZM8.5 9h7M8.5 12h4.5',
  close: 'M6 6l12 12M18 6 6 18',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  home: 'M5 9V5h4M15 5h4v4M19 15v4h-4M9 19H5v-4M9.5 9.5h5v5h-5Z',
  compass: 'M12 3.5 15 12l-3 8.5L9 12ZM9 12h6',
  flat: 'M4 9l8-4 8 4-8 4Z',
  solid: 'M5 8.5 12 5l7 3.5v7.5L12 19.5 5 16ZM5 8.5l7 3.5 7-3.5M12 12v7.5',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4',
  moon: 'M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5Z',
  fold: 'M6 9.5 12 15.5 18 9.5',
  up: 'M12 19V6M6.5 11 12 5.5l5.5 5.5',
  area: 'M4.5 7.5 10 5l5 2.5 4.5-2v11L15 19l-5-2.5L4.5 19ZM10 5v11.5M15 7.5V19',
  fullscreen: 'M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15',
} as const;

export type PageIcon = keyof typeof page;

export function pageIcon(name: PageIcon): TemplateResult {
  return drawn(page[name]);
}

function drawn(path: string): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${path} />`}</svg>`;
}
