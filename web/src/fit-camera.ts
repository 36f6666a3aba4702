// Where a tilted camera must stand so that a whole box lies inside the part of the screen that no
// panel covers. MapLibre's own fitting looks straight down, and cuts off the near corners when tilted.

import type { Box } from './tile-cover';

export interface Screen {
  width_px: number;
  height_px: number;
  left_px: number; // covered on each side
  right_px: number;
  top_px: number;
  bottom_px: number;
}

export interface Fit {
  lon: number;
  lat: number;
  zoom: number;
}

const worldAtZoom0_px = 512;
const cameraDistance = 1.5; // screen heights, at MapLibre's field of view of 36.87 degrees
const halvings = 40;

export function fitCamera(box: Box, screen: Screen, pitch_deg: number, maxZoom: number): Fit {
  const [west, south_deg, east, north_deg] = box;
  const x0 = (west + 180) / 360;
  const x1 = (east + 180) / 360;
  const [y0, y1] = [mercatorY(north_deg), mercatorY(south_deg)];
  let [low, high] = [0, maxZoom];
  let best = standAt(low);
  for (let i = 0; i < halvings; i++) {
    const zoom = i === 0 ? maxZoom : (low + high) / 2;
    const stand = standAt(zoom);
    if (stand) [low, best] = [zoom, stand];
    else high = zoom;
    if (low === maxZoom) break;
  }
  const { x, y } = best ?? { x: (x0 + x1) / 2, y: (y0 + y1) / 2 };
  return { lon: 360 * x - 180, lat: latitude(y), zoom: low };

  /** The point of the ground at the middle of the screen, or null when the box is too large at this zoom. */
  function standAt(zoom: number): { x: number; y: number } | null {
    const scale = worldAtZoom0_px * 2 ** zoom;
    const tilt = (pitch_deg * Math.PI) / 180;
    const distance = cameraDistance * screen.height_px;
    const halfWidth = screen.width_px / 2;
    const halfHeight = screen.height_px / 2;
    // A row of the screen, counted down from its middle, shows the ground so far south of the middle;
    // things there look so much larger; and back from ground to row.
    const southOf = (row: number) => (row * distance) / (distance * Math.cos(tilt) + row * Math.sin(tilt));
    const magnified = (ground: number) => distance / (distance - ground * Math.sin(tilt));
    const rowOf = (ground: number) => ground * Math.cos(tilt) * magnified(ground);
    const top = screen.top_px - halfHeight;
    const bottom = halfHeight - screen.bottom_px;
    const depth = scale * (y1 - y0);
    let [north, south] = [southOf(top), southOf(bottom) - depth]; // where the box's far edge may lie
    if (north > south) return null;
    for (let i = 0; i < halvings; i++) {
      const far = (north + south) / 2;
      const isHigh = rowOf(far) - top < bottom - rowOf(far + depth);
      [north, south] = isHigh ? [far, south] : [north, far];
    }
    const sizes = [magnified(north), magnified(north + depth)];
    const most = Math.min(...sizes.map((k) => x0 * scale - (screen.left_px - halfWidth) / k));
    const least = Math.max(...sizes.map((k) => x1 * scale - (halfWidth - screen.right_px) / k));
    return least <= most ? { x: (least + most) / 2 / scale, y: y0 - north / scale } : null;
  }
}

function mercatorY(lat: number): number {
  return 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
}

function latitude(y: number): number {
  return (360 / Math.PI) * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - 90;
}
