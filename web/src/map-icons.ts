// Pictures of what stands in the district, one family: SVG path data on a 24 x 24 field, drawn as
// round strokes within 3.5 to 20.5; on badges in the map, in text colour on the page.

import { html, svg, type TemplateResult } from 'lit';

const pictures: Record<string, string> = {
  aed: 'M12 19s-7-4.3-7-9a3.6 3.6 0 0 1 7-1.3A3.6 3.6 0 0 1 19 10c0 4.7-7 9-7 9ZM12.8 9l-2.3 3.2h3L11.2 15.5',
  bank: 'M4 9.5 12 5l8 4.5H4ZM6.5 10v7M12 10v7M17.5 10v7M4 19h16',
  bike_shed: 'M6 18a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM18 18a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM6 15l3.5-6h6L18 15M9.5 9l3 6M14 6h2.5',
  bin: 'M6 8h12l-1.2 11H7.2L6 8ZM4.5 8h15M9.5 8V5.5h5V8M10.5 11.5v4.5M13.5 11.5v4.5',
  bus_stop: 'M6 5h12v12H6ZM6 12h12M8 17v2.5M16 17v2.5M9 14.5h.1M15 14.5h.1',
  camera: 'M4 8.5 14.5 5l2 6L6 14.5ZM16 8.5l3.5 1.2M9.5 13.5l1 3.5H5M5 14v6.5',
  camera_ai: 'M3.5 12S6.5 6.5 12 6.5s8.5 5.5 8.5 5.5-3 5.5-8.5 5.5S3.5 12 3.5 12ZM12 9.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6Z',
  canteen: 'M4.5 11h15a7.5 7.5 0 0 1-4.5 7H9a7.5 7.5 0 0 1-4.5-7ZM9 8c0-1.5 1-1.5 1-3M14 8c0-1.5 1-1.5 1-3',
  care_centre: 'M12 19s-7-4.3-7-9a3.6 3.6 0 0 1 7-1.3A3.6 3.6 0 0 1 19 10c0 4.7-7 9-7 9Z',
  charging_post: 'M13 4 6.5 13H12l-1 7 6.5-9H12l1-7Z',
  clinic: 'M12 6v12M6 12h12',
  community_office: 'M5 19V9.5L12 5l7 4.5V19ZM10 19v-5h4v5',
  fire_station: 'M12 20a5.5 5.5 0 0 1-5.5-5.5c0-3.5 3-4.5 3-8 2 .8 3 2.5 3 4.5 1-.5 1.5-1.3 1.5-2.5 2 1.5 3.5 3.5 3.5 6A5.5 5.5 0 0 1 12 20Z',
  flood_point: 'M12 3.5c2 2.7 3.2 4.3 3.2 6a3.2 3.2 0 0 1-6.4 0c0-1.7 1.2-3.3 3.2-6ZM4 16.5c1.3-1.2 2.7-1.2 4 0s2.7 1.2 4 0 2.7-1.2 4 0 2.7 1.2 4 0M4 20.5c1.3-1.2 2.7-1.2 4 0s2.7 1.2 4 0 2.7-1.2 4 0 2.7 1.2 4 0',
  gas_box: 'M5 4.5h14v15H5ZM12 16.5a3.2 3.2 0 0 1-3.2-3.2c0-2.2 2-2.7 2.2-5.3 2.4 1 4.2 3.1 4.2 5.3A3.2 3.2 0 0 1 12 16.5Z',
  gym: 'M7 8v8M17 8v8M4.5 10v4M19.5 10v4M7 12h10',
  heating_station: 'M7.5 5c2.2 2-2.2 4 0 6s-2.2 3.5 0 5M12 5c2.2 2-2.2 4 0 6s-2.2 3.5 0 5M16.5 5c2.2 2-2.2 4 0 6s-2.2 3.5 0 5M5 19.5h14',
  hospital: 'M9.5 5h5v4.5H19v5h-4.5V19h-5v-4.5H5v-5h4.5Z',
  hotel: 'M4.5 18V7M4.5 15h15v3M19.5 15v-2.5a2.5 2.5 0 0 0-2.5-2.5h-6v5M7.7 11.5h.1',
  hydrant: 'M9 19V9.5a3 3 0 0 1 6 0V19M6.5 19h11M9 12H6.5v3H9M15 12h2.5v3H15M12 6.5V4.5M9 9.5h6',
  kindergarten: 'M5 13h6v6H5ZM13 13h6v6h-6ZM9 5h6v6H9Z',
  library: 'M12 7.5C10 6 7.5 5.5 5 6v12c2.5-.5 5 0 7 1.5 2-1.5 4.5-2 7-1.5V6c-2.5-.5-5 0-7 1.5ZM12 7.5v12',
  lift: 'M5.5 4.5h13v15h-13ZM9 10.5l3-3.5 3 3.5M9 14l3 3.5 3-3.5',
  manhole: 'M12 4.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15ZM9 9.5h6M8 12.3h8M9 15.1h6',
  market: 'M5 10h14l-1.5 9h-11ZM8.5 10 11 5M15.5 10 13 5M9.5 13v3M14.5 13v3',
  meeting: 'M4 5.5h10.5v7.5H9.5L6.5 15.5V13H4ZM17 9.5h3v7h-1.5V19L15.5 16.5H12',
  metro: 'M5 18V7l7 8 7-8v11',
  noise_station: 'M4.5 10v4h3l4.5 4V6L7.5 10ZM15 9.5a3.6 3.6 0 0 1 0 5M17.5 7a7 7 0 0 1 0 10',
  old_tree: 'M12 20v-9M12 15.5 9.5 13M12 14l2.5-2.5M12 4c-2.8 0-4.3 1.9-4 3.9A3.9 3.9 0 0 0 8.3 16h7.4a3.9 3.9 0 0 0 .3-8.1C16.3 5.9 14.8 4 12 4Z',
  parcel: 'M5 8.5 12 5l7 3.5v7.5L12 19.5 5 16ZM5 8.5l7 3.5 7-3.5M12 12v7.5',
  park: 'M12 4.5c3.2 0 5.5 2.4 5.5 5.3S15.2 15 12 15s-5.5-2.3-5.5-5.2S8.8 4.5 12 4.5ZM12 10v10M12 13l2.5-2M8.5 20h7',
  parking: 'M8.5 19V5.5h4a4 4 0 0 1 0 8h-4',
  pharmacy: 'M9 5h6M10 5v3.5L7 11v8h10v-8l-3-2.5V5M12 12.5v4M10 14.5h4',
  police: 'M12 4.5 18.5 7v4.5c0 4-2.7 6.7-6.5 8-3.8-1.3-6.5-4-6.5-8V7ZM9 11.8l2.3 2.3 3.9-4.2',
  post: 'M5 7.5h14v9.5H5ZM5 8l7 5.5L19 8',
  property_office: 'M15 4.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM11.8 12.2 5 19M7.5 16.5 10 19',
  recycling: 'M18.5 10.5A7 7 0 0 0 6 8M5.5 4.5v4h4M5.5 13.5A7 7 0 0 0 18 16M18.5 19.5v-4h-4',
  restaurant: 'M8 5v14M5.5 5v4a2.5 2.5 0 0 0 5 0V5M16.5 19V5c-2 1.5-2.5 4-2.5 7h2.5',
  rider_entrance: 'M13 4.5h6v15h-6M4 12h10.5M11 8.5l3.5 3.5-3.5 3.5',
  school: 'M3.5 10 12 6l8.5 4-8.5 4ZM7 12v4.5c3 2 7 2 10 0V12M20.5 10v5',
  sensor: 'M12 10.7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6ZM8.7 8.5a5 5 0 0 0 0 7M15.3 8.5a5 5 0 0 1 0 7M6 5.5a9 9 0 0 0 0 13M18 5.5a9 9 0 0 1 0 13',
  service_station: 'M7 20V5M7 5.5h10.5L15 9l2.5 3.5H7',
  shelter: 'M12 5 3.5 19h17ZM9.5 19l2.5-5 2.5 5',
  shop: 'M5 10l1.5-5h11L19 10M5 10h14M6.5 10v9h11v-9M10 19v-5h4v5',
  street_lamp: 'M7 20V8.5a4.5 4.5 0 0 1 9 0v1M12.5 13a3.5 3.5 0 0 1 7 0ZM16 15.5v1.5M4.5 20h5',
  supermarket: 'M4 6h2.5l2 9.5H17L19 8.5H7M9.5 19h.1M16 19h.1',
  toilet: 'M7.5 4.2a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4ZM7.5 9.5v10M4.5 10h6M16.5 4.2a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4ZM16.5 9.5l-3 6h6ZM16.5 15.5v4',
  traffic_light: 'M8 3.5h8v17H8ZM12 7.5h.1M12 12h.1M12 16.5h.1',
  volunteer: 'M12 11s-4.5-2.6-4.5-5.5A2.2 2.2 0 0 1 12 4.8a2.2 2.2 0 0 1 4.5.7C16.5 8.4 12 11 12 11ZM4 14.5l4.5-1 4.5 2c1.2.6.7 2.2-.6 2L9.5 17M13 16.8l5-2.2c1.5-.6 2.5 1.2 1.2 2.1L13.5 20.5l-5-1H4',
  water_level: 'M7 4v11M7 4.5h3.5M7 8h2.5M7 11.5h3.5M16 4.5V12M13.3 9.5l2.7 2.7 2.7-2.7M4 18.5c1.3-1.2 2.7-1.2 4 0s2.7 1.2 4 0 2.7-1.2 4 0 2.7 1.2 4 0',
};
const otherPicture = 'M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z';

export function facilityIcon(kind: string): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${pathOf(kind)} />`}</svg>`;
}

function pathOf(kind: string): string {
  return Object.hasOwn(pictures, kind) ? (pictures[kind] ?? otherPicture) : otherPicture;
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
  context.stroke(new Path2D(pathOf(kind)));
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
