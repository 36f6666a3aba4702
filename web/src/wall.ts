// A screen of several thousand CSS pixels is a wall, seen from afar: there the whole page, the map's
// words among it, is drawn as on a desk's screen, only larger. And a wall that somebody used goes back
// to the overview by itself.

const desk = { width_px: 1_920, height_px: 1_080 };
const wallFrom_px = 3_000;
const idle_ms = 5 * 60_000;
const signsOfLife = ['pointerdown', 'pointermove', 'wheel', 'keydown', 'touchstart'] as const;

export function wallScale(width_px: number, height_px: number): number {
  return width_px < wallFrom_px ? 1 : Math.max(1, Math.min(width_px / desk.width_px, height_px / desk.height_px));
}

/** Scales the page with the window, and tells by how much. */
export function followWindow(resized: (scale: number) => void): void {
  const follow = () => {
    const scale = wallScale(innerWidth, innerHeight);
    const { style, dataset } = document.documentElement;
    style.setProperty('--wall', String(scale));
    dataset['screen'] = scale > 1 ? 'wall' : 'desk';
    resized(scale);
  };
  addEventListener('resize', follow);
  follow();
}

export function isWall(): boolean {
  return document.documentElement.dataset['screen'] === 'wall';
}

/** Calls each time when nobody has touched the page for some minutes. */
export function whenIdle(idle: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wake = () => {
    clearTimeout(timer);
    timer = setTimeout(idle, idle_ms);
  };
  for (const sign of signsOfLife) addEventListener(sign, wake, { passive: true, capture: true });
  wake();
}
