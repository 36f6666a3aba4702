// Our own small pictures as SVG path data on a 24 x 24 field, drawn as strokes: on
// badges in the map, in text colour on the page.

import { html, svg, type TemplateResult } from 'lit';

const facility: Record<string, string> = {
  bank: 'M4 9.5 12 5l8 4.5H4ZM6.5 10v7M12 10v7M17.5 10v7M4 19h16',
  bike_shed: 'M6 18a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM18 18a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM6 15l3.5-6h6L18 15M9.5 9l3 6M14 6h2.5',
  bin: 'M6 8h12l-1.2 11H7.2L6 8ZM4.5 8h15M9.5 8V5.5h5V8M10.5 11.5v4.5M13.5 11.5v4.5',
  bus_stop: 'M6 5h12v12H6ZM6 12h12M8 17v2.5M16 17v2.5M9 14.5h.1M15 14.5h.1',
  canteen: 'M4.5 11h15a7.5 7.5 0 0 1-4.5 7H9a7.5 7.5 0 0 1-4.5-7ZM9 8c0-1.5 1-1.5 1-3M14 8c0-1.5 1-1.5 1-3',
  care_centre: 'M12 19s-7-4.3-7-9a3.6 3.6 0 0 1 7-1.3A3.6 3.6 0 0 1 19 10c0 4.7-7 9-7 9Z',
  charging_post: 'M13 4 6.5 13H12l-1 7 6.5-9H12l1-7Z',
  clinic: 'M12 6v12M6 12h12',
  community_office: 'M5 19V9.5L12 5l7 4.5V19ZM10 19v-5h4v5',
  fire_station: 'M12 20a5.5 5.5 0 0 1-5.5-5.5c0-3.5 3-4.5 3-8 2 .8 3 2.5 3 4.5 1-.5 1.5-1.3 1.5-2.5 2 1.5 3.5 3.5 3.5 6A5.5 5.5 0 0 1 12 20Z',
  gym: 'M7 8v8M17 8v8M4.5 10v4M19.5 10v4M7 12h10',
  hospital: 'M9.5 5h5v4.5H19v5h-4.5V19h-5v-4.5H5v-5h4.5Z',
  hotel: 'M4.5 18V7M4.5 15h15v3M19.5 15v-2.5a2.5 2.5 0 0 0-2.5-2.5h-6v5M7.7 11.5h.1',
  kindergarten: 'M5 13h6v6H5ZM13 13h6v6h-6ZM9 5h6v6H9Z',
  library: 'M12 7.5C10 6 7.5 5.5 5 6v12c2.5-.5 5 0 7 1.5 2-1.5 4.5-2 7-1.5V6c-2.5-.5-5 0-7 1.5ZM12 7.5v12',
  market: 'M5 10h14l-1.5 9h-11ZM8.5 10 11 5M15.5 10 13 5M9.5 13v3M14.5 13v3',
  metro: 'M5 18V7l7 8 7-8v11',
  park: 'M12 5c3 0 5 2.2 5 4.8S15 15 12 15s-5-2.5-5-5.2S9 5 12 5ZM12 11v9',
  parcel: 'M5 8.5 12 5l7 3.5v7.5L12 19.5 5 16ZM5 8.5l7 3.5 7-3.5M12 12v7.5',
  parking: 'M9 19V5.5h4.5a4 4 0 0 1 0 8H9',
  pharmacy: 'M9 5h6M10 5v3.5L7 11v8h10v-8l-3-2.5V5M12 12.5v4M10 14.5h4',
  police: 'M12 4.5 18.5 7v4.5c0 4-2.7 6.7-6.5 8-3.8-1.3-6.5-4-6.5-8V7Z',
  post: 'M5 7.5h14v9.5H5ZM5 8l7 5.5L19 8',
  property_office: 'M15 9.5a3.5 3.5 0 1 0-3.2 3.5L6 19v0h3v-2.5h2.5V14.5M15 9h.1',
  restaurant: 'M8 5v14M5.5 5v4a2.5 2.5 0 0 0 5 0V5M16.5 19V5c-2 1.5-2.5 4-2.5 7h2.5',
  school: 'M3.5 10 12 6l8.5 4-8.5 4ZM7 12v4.5c3 2 7 2 10 0V12M20.5 10v5',
  service_station: 'M7 20V5M7 5.5h10.5L15 9l2.5 3.5H7',
  shop: 'M5 10l1.5-5h11L19 10M5 10h14M6.5 10v9h11v-9M10 19v-5h4v5',
  supermarket: 'M4 6h2.5l2 9.5H17L19 8.5H7M9.5 19h.1M16 19h.1',
  toilet: 'M8 6.2h.1M8 9v10M5.5 9.5h5M16 6.2h.1M16 9l-2.5 6h5ZM16 15v4',
};
const otherFacility = 'M12 10.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3Z';

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
  up: 'M12 19V6M6.5 11 12 5.5l5.5 5.5',
  area: 'M4.5 7.5 10 5l5 2.5 4.5-2v11L15 19l-5-2.5L4.5 19ZM10 5v11.5M15 7.5V19',
  fullscreen: 'M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15',
} as const;

export type PageIcon = keyof typeof page;

export function pageIcon(name: PageIcon): TemplateResult {
  return drawn(page[name]);
}

export function facilityIcon(kind: string): TemplateResult {
  return drawn(facilityPath(kind));
}

function drawn(path: string): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${path} />`}</svg>`;
}

function facilityPath(kind: string): string {
  return Object.hasOwn(facility, kind) ? (facility[kind] ?? otherFacility) : otherFacility;
}

const badgeName = /^badge (#\w+) (#\w+) (#\w+) (.*)$/; // fill, ring and drawing colour, facility kind
const badge_px = 22;

/** The picture of a map image such as "badge #fff #000 #000 school"; null when it is not one of ours. */
export function mapImage(name: string, pixelRatio: number): ImageData | null {
  const [, fill, ring, ink, kind] = badgeName.exec(name) ?? [];
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = badge_px * pixelRatio;
  const context = canvas.getContext('2d');
  if (!fill || !ring || !ink || kind === undefined || !context) return null;
  context.scale(pixelRatio, pixelRatio);
  context.beginPath();
  context.arc(badge_px / 2, badge_px / 2, badge_px / 2 - 1, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = ring;
  context.lineWidth = 1.4;
  context.stroke();
  const scale = 0.62;
  context.translate((badge_px - 24 * scale) / 2, (badge_px - 24 * scale) / 2);
  context.scale(scale, scale);
  context.strokeStyle = ink;
  context.lineWidth = 2;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.stroke(new Path2D(facilityPath(kind)));
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
