// The drill-down: which place the page is at, and its figures as they are now. The latest wish wins;
// an answer that was overtaken is dropped.

import type { MultiPolygon, Polygon } from 'geojson';
import { getAreaShape, getPlace, getTops, type Place } from './areas';
import { throttled } from './throttle';

export interface DrillReport {
  place: Place | null; // null until the first answer
  hasSeveralTops: boolean; // then everything stands above them
  shape: Polygon | MultiPolygon | null; // null at the top: nothing lies outside it
  state: 'ready' | 'loading' | 'failed';
}

const freshness_ms = 1_500;

export class Drill {
  #report: DrillReport = { place: null, hasSeveralTops: false, shape: null, state: 'loading' };
  #wish = 0;
  #wanted: number | null = null;
  #again = false; // the figures moved while an answer was on its way

  constructor(private readonly tell: (report: DrillReport) => void) {}

  get report(): DrillReport {
    return this.#report;
  }

  /** Goes to an area, or to the top. Null when it is not there or another wish came meanwhile. */
  async go(id: number | null): Promise<Place | null> {
    const wish = ++this.#wish;
    this.#wanted = id;
    this.#turn({ state: 'loading' });
    try {
      const asked = this.#report.place ? undefined : getTops();
      const [place, tops] = await Promise.all([getPlace(id, asked), asked]);
      const shape = await shapeOf(place);
      if (wish !== this.#wish) return null;
      this.#turn({ place, shape, state: 'ready', ...(tops ? { hasSeveralTops: tops.children.length > 1 } : {}) });
      if (this.#again) this.refresh();
      this.#again = false;
      return place;
    } catch {
      if (wish === this.#wish) this.#turn({ state: 'failed' });
      return null;
    }
  }

  /** The figures moved, or the server is back. */
  refresh = throttled(freshness_ms, () => void this.#renew());

  /** Borders moved. */
  async redraw(): Promise<void> {
    const { place } = this.#report;
    const wish = this.#wish;
    const shape = place && (await shapeOf(place));
    if (shape && wish === this.#wish) this.#turn({ shape });
  }

  async #renew(): Promise<void> {
    if (this.#report.state === 'loading') {
      this.#again = true;
      return;
    }
    if (this.#report.state === 'failed') {
      await this.go(this.#wanted);
      return;
    }
    const wish = this.#wish;
    const place = await getPlace(this.#wanted).catch(() => null); // the figures stay; the banner says why
    if (place && wish === this.#wish) this.#turn({ place });
  }

  #turn(news: Partial<DrillReport>): void {
    this.#report = { ...this.#report, ...news };
    this.tell(this.#report);
  }
}

/** Outside the only area at the top lies nothing that could be shaded. */
async function shapeOf({ id, level, path }: Place): Promise<Polygon | MultiPolygon | null> {
  if (id === null || level === null || path.length === 0) return null;
  return getAreaShape({ id, level }).catch(() => null); // the place works without its border
}
