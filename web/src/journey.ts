// The way through the district: the place of the drill-down, the feature that is chosen, and the
// address that tells both. Moves the map along.

import { AddressBar, type Turn } from './address-bar';
import type { AppState, AppStore } from './app-state';
import type { Area, AreaBuilding, AreaRef } from './areas';
import type { Step } from './breadcrumbs';
import { Drill, type DrillReport } from './drill';
import { t } from './i18n';
import type { DistrictMap } from './map';
import type { Mark, Picked } from './pick';
import { nowhere, type PlaceOnMap } from './place-style';
import { ShapeStore } from './shape-store';
import type { Box } from './tile-cover';

/** What a card has learnt of its building. */
export interface BuildingTrail {
  id: number;
  name: string;
  path: readonly AreaRef[];
}

export interface JourneyPage {
  map(): DistrictMap | null;
  dress(): void; // the map's style follows the place
  redraw(): void;
  follow(state: AppState): void; // an address that somebody wrote
}

export class Journey {
  picked: Picked | null = null;
  firstLook: Box | null = null; // where the map looks when it comes, unless the link says
  lit: number | null = null; // the area under the pointer, on the map or in the list; or a building in the list
  #drill = new Drill((report) => this.#placed(report));
  #trail: BuildingTrail | null = null;
  #address: AddressBar;
  #drawn: PlaceOnMap = nowhere;
  #shapes = new ShapeStore();

  constructor(
    private readonly store: AppStore,
    private readonly page: JourneyPage,
  ) {
    this.#address = new AddressBar(
      () => store.value,
      (turn) => this.#turned(turn),
    );
    store.subscribe(() => this.#address.rewrite());
  }

  get report(): DrillReport {
    return this.#drill.report;
  }

  get onMap(): PlaceOnMap {
    return { shape: this.report.shape, childLevel: this.report.place?.childLevel ?? null };
  }

  /** From the top to where the page is, or to the chosen building. */
  get steps(): Step[] {
    const { place, hasSeveralTops } = this.report;
    const everything: Step[] = hasSeveralTops ? [{ id: null, level: null, name: t('everywhere') }] : [];
    const { picked } = this;
    const trail = picked?.layer === 'building' && this.#trail?.id === picked.id ? this.#trail : null;
    if (trail && trail.path.length > 0) return [...everything, ...trail.path, { id: trail.id, level: 'building', name: trail.name }];
    if (!place || place.id === null) return everything;
    return [...everything, ...place.path, { id: place.id, level: place.level, name: place.name }];
  }

  /** Goes where the link says. looksThere: it told the map's view, too. There need not be a map yet: one that
   * is made when this has ended shows the place from its first frame, and reads its tiles once. */
  start(looksThere: boolean): Promise<void> {
    const { at, building } = this.store.value;
    if (building !== null) this.#show({ layer: 'building', id: building, properties: {} });
    return this.#travel(at, at !== null && !looksThere ? 'once' : 'not');
  }

  /** Figures moved. */
  refresh(): void {
    this.#drill.refresh();
  }

  /** Borders moved. */
  survey(): void {
    this.#shapes.clear();
    void this.#drill.redraw();
  }

  /** A step of the drill-down, down or up; null is the top. */
  go(id: number | null): void {
    const at = this.#isTop(id) ? null : id;
    const next: Partial<AppState> = { at, building: null };
    if (at !== this.store.value.at) this.#address.step('place', { ...this.store.value, ...next });
    this.#show(null);
    this.store.update(next);
    void this.#travel(at, 'leisure');
  }

  /** False at the top. */
  up(): boolean {
    const { place } = this.report;
    const parent = place?.path.at(-1);
    if (!place || (!parent && !(this.report.hasSeveralTops && place.id !== null))) return false;
    this.go(parent?.id ?? null);
    return true;
  }

  /** Opens the card of a feature; null closes it. */
  pick(feature: Picked | null): void {
    const building = feature?.layer === 'building' ? feature.id : null;
    const { value } = this.store;
    if (feature === null && value.building !== null && this.#address.unstepCard()) return; // the way back closes it
    if (building !== null && value.building === null) this.#address.step('card', { ...value, building });
    this.#show(feature);
    if (building !== value.building) this.store.update({ building });
  }

  /** The map was clicked. */
  click(feature: Picked | null, area: Mark | null): void {
    if (feature) this.pick(feature);
    else if (area) this.go(area.id);
    else this.pick(null);
  }

  /** The building of a row. */
  visit(id: number): void {
    const row = this.#building(id);
    if (row) this.page.map()?.goTo(row.lon, row.lat);
    this.pick({ layer: 'building', id, properties: row ? { name: row.name, estate: row.estate, number: row.number, use: row.use } : {} });
  }

  /** The pointer or the focus is on an area below the place, on the map or in the list, or on a building's row. */
  point(id: number | null): void {
    if (id === this.lit) return;
    this.lit = id;
    void this.#light(id);
    this.page.redraw();
  }

  know(trail: BuildingTrail): void {
    this.#trail = trail;
    this.page.redraw();
  }

  async #light(id: number | null): Promise<void> {
    const area = this.#below(id);
    const building = area ? undefined : this.#building(id);
    this.page.map()?.hover(building ? { layer: 'building', id: building.id } : null);
    const shape = area ? await this.#shapes.of(area).catch(() => null) : null;
    if (id === this.lit) this.page.map()?.light(shape);
  }

  #below(id: number | null): Area | undefined {
    const { place } = this.report;
    return place?.children.find((area) => area.id === id) ?? place?.estates.find((area) => area.id === id);
  }

  #building(id: number | null): AreaBuilding | undefined {
    return this.report.place?.buildings.find((building) => building.id === id);
  }

  #isTop(id: number | null): boolean {
    const { place, hasSeveralTops } = this.report;
    return id === null || (!hasSeveralTops && (place?.path[0]?.id ?? place?.id) === id);
  }

  async #travel(at: number | null, pace: 'leisure' | 'once' | 'not'): Promise<void> {
    const known = this.#below(at);
    const fit = (box: Box) => {
      if (pace === 'not') return;
      this.firstLook = box;
      this.page.map()?.fit(box, pace);
    };
    if (known) fit(known.bbox);
    const place = await this.#drill.go(at);
    if (place?.bbox && !known) fit(place.bbox);
  }

  #show(feature: Picked | null): void {
    this.picked = feature;
    this.page.map()?.choose(feature);
    this.page.redraw();
  }

  #placed(report: DrillReport): void {
    const { shape, childLevel } = this.onMap;
    if (report.state === 'ready' && (shape !== this.#drawn.shape || childLevel !== this.#drawn.childLevel)) {
      this.#drawn = { shape, childLevel };
      this.point(null);
      this.page.dress();
    }
    this.page.redraw();
  }

  #turned({ state, isOurs }: Turn): void {
    const before = this.store.value;
    const { at, building, view } = state;
    if (isOurs) this.store.update({ at, building });
    else this.page.follow(state);
    if (building !== before.building) this.#show(building === null ? null : { layer: 'building', id: building, properties: {} });
    if (at === before.at) return;
    if (view && isOurs) this.page.map()?.fly(view);
    void this.#travel(at, view ? 'not' : 'leisure');
  }
}
