// Where the page is, what is counted there, and what lies below: areas in a ranked list, at the end
// the buildings.

import { css, html, nothing, type PropertyValues } from 'lit';
import { openPerThousand, type AreaLevel, type Place } from './areas';
import type { Step } from './breadcrumbs';
import { MqtElement, surface } from './element';
import { count, locale, t, type Key } from './i18n';
import { pageIcon } from './icons';
import type { RankedList } from './ranked-list';
import { areaRows, buildingRows, matching, type AreaOrder, type BuildingOrder, type Row } from './ranking';
import './breadcrumbs';
import './ranked-list';

const areaOrders: readonly AreaOrder[] = ['open', 'rate', 'people', 'name'];
const buildingOrders: readonly BuildingOrder[] = ['number', 'open'];
const filteredFrom = 15; // rows: fewer are found at a glance

export class AreaPanel extends MqtElement {
  static override properties = {
    place: { attribute: false },
    steps: { attribute: false },
    busy: { attribute: false },
    failed: { attribute: false },
    lit: { attribute: false },
    order: { state: true },
    buildingOrder: { state: true },
    showsEstates: { state: true },
    filter: { state: true },
  };
  declare place: Place | null;
  declare steps: readonly Step[];
  declare busy: boolean;
  declare failed: boolean;
  declare lit: number | null;
  declare order: AreaOrder;
  declare buildingOrder: BuildingOrder;
  declare showsEstates: boolean;
  declare filter: string;
  #hadFocus = false;

  constructor() {
    super();
    this.place = null;
    this.steps = [];
    this.busy = false;
    this.failed = false;
    this.lit = null;
    this.order = 'open';
    this.buildingOrder = 'number';
    this.showsEstates = false;
    this.filter = '';
  }

  static override styles = [
    surface,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      .panel {
        display: flex;
        flex-direction: column;
        gap: 12px;
        min-height: 0;
        padding: 14px 10px 10px 16px;
        --bar: var(--accent);
      }
      .panel > :not(mqt-ranked) {
        margin-right: 6px;
      }
      mqt-ranked {
        margin: 0 0 0 -8px;
      }
      .top {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: start;
        gap: 2px 8px;
      }
      h2 {
        font-size: 20px;
        font-weight: 500;
        line-height: 1.4;
        letter-spacing: 0.06em;
      }
      .keeper {
        grid-column: 1 / -1;
      }
      .up {
        display: grid;
        place-items: center;
        width: 30px;
        height: 30px;
        border-radius: 6px;
        color: var(--ink-2);
      }
      .up:hover {
        background: var(--hover);
        color: var(--ink);
      }
      .hero {
        display: grid;
        grid-template-columns: 1.3fr 1fr 1fr;
        gap: 8px;
        align-items: end;
      }
      .hero div,
      .base div {
        display: flex;
        flex-direction: column-reverse;
      }
      .hero dd {
        font-size: 20px;
        font-weight: 500;
        line-height: 1.3;
      }
      .hero .open dd {
        color: var(--accent-ink);
        font-size: 28px;
        line-height: 1.15;
      }
      dt {
        color: var(--ink-2);
        font-size: 12px;
        white-space: nowrap;
      }
      .base {
        display: grid;
        grid-template-columns: repeat(4, auto);
        justify-content: space-between;
        gap: 8px;
        padding-top: 10px;
        border-top: 1px solid var(--line);
      }
      .base dd {
        font-size: 15px;
        line-height: 1.4;
      }
      .list-head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        padding-top: 10px;
        border-top: 1px solid var(--line);
      }
      h3 {
        font-size: 13px;
        font-weight: 500;
        letter-spacing: 0.06em;
        white-space: nowrap;
      }
      .kinds {
        display: flex;
        gap: 12px;
      }
      .kinds button {
        color: var(--ink-2);
        border-bottom: 2px solid transparent;
      }
      .kinds [aria-pressed='true'] {
        color: var(--ink);
        border-color: var(--accent);
      }
      .orders {
        display: flex;
      }
      .orders label {
        position: relative;
        padding: 2px 6px;
        border-radius: 5px;
        font-size: 12px;
        color: var(--ink-2);
        white-space: nowrap;
        cursor: pointer;
      }
      .orders label:has(:checked) {
        background: var(--accent-soft);
        color: var(--accent-ink);
      }
      .orders label:has(:focus-visible) {
        outline: 2px solid var(--focus);
      }
      .orders input {
        position: absolute;
        inset: 0;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }
    `,
  ];

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('place');
    if (!changed.has('place') || !before || before.id === this.place?.id) return;
    this.filter = '';
    this.showsEstates = false;
    this.#hadFocus = this.shadowRoot?.activeElement != null;
  }

  override updated(changed: PropertyValues<this>): void {
    const before = changed.get('place');
    if (!this.#hadFocus || !before) return;
    this.#hadFocus = false;
    const { children = [], estates = [] } = this.place ?? {};
    const cameOut = [...children, ...estates].some(({ id }) => id === before.id); // up again: on the row that one came out of
    void this.focusList(cameOut ? before.id : null);
  }

  /** Puts the focus on the row of an area or building, else on the first. */
  async focusList(id: number | null = null): Promise<void> {
    await this.updateComplete;
    await this.renderRoot.querySelector<RankedList>('mqt-ranked')?.focusRow(id);
  }

  override render() {
    const { place } = this;
    if (!place) return this.failed ? html`<section class="panel" aria-label=${t('place')}><p class="quiet">${t('placeFailed')}</p></section>` : nothing;
    return html`
      <section class="panel" aria-labelledby="head" aria-busy=${this.busy ? 'true' : 'false'}>
        ${this.steps.length > 1 ? html`<mqt-path .steps=${this.steps} .at=${place.id}></mqt-path>` : nothing}
        ${this.#head(place)} ${this.#figures(place)}
        ${this.failed ? html`<p class="quiet" role="alert">${t('placeFailed')}</p>` : nothing} ${this.#list(place)} ${this.#elsewhere(place)}
      </section>
    `;
  }

  #head(place: Place) {
    const up = place.path.length > 0;
    return html`
      <div class="top">
        <h2 id="head">${place.name || t('everywhere')}</h2>
        ${up
          ? html`<button class="up" data-do="up" aria-label=${t('up')} title=${t('upKeys')} @click=${() => this.tell('mqt-up', null)}>${pageIcon('up')}</button>`
          : nothing}
        ${place.manager ? html`<p class="quiet keeper">${this.#keeper(place.level, place.manager)}</p>` : nothing}
        ${place.level === 'grid' ? this.#estatesOf(place) : nothing}
      </div>
    `;
  }

  #keeper(level: AreaLevel | null, manager: string): string {
    if (level === 'grid') return t('gridKeeper', { name: manager });
    return level === 'estate' ? t('estateKeeper', { name: manager }) : manager;
  }

  #estatesOf(place: Place) {
    const names = [...new Set(place.buildings.map(({ estate }) => estate).filter(Boolean))];
    return names.length > 0 ? html`<p class="quiet keeper">${t('estatesHere', { names: names.join(t('comma')) })}</p>` : nothing;
  }

  #figures({ figures }: Place) {
    const figure = (title: Key, value: string, kind = '') => html`<div class=${kind}><dt>${t(title)}</dt><dd class="figure">${value}</dd></div>`;
    const rate = openPerThousand(figures);
    const isCounted = figures.dwellings > 0 || figures.households > 0; // else no register has been loaded
    const home = (n: number) => (isCounted ? count(n) : '–');
    const people = figures.persons === null ? (figures.person_band ?? '–') : `${home(figures.persons)}${figures.buildings_withheld > 0 ? '+' : ''}`;
    return html`
      <dl class="hero">
        ${figure('openTickets', count(figures.tickets_open), 'open')} ${figure('tickets30d', count(figures.tickets_30d))}
        ${figure('perThousand', rate === null ? '–' : rate.toLocaleString(locale(), { maximumFractionDigits: 1 }))}
      </dl>
      <dl class="base">
        ${figure('statBuildings', count(figures.buildings))} ${figure('dwellings', home(figures.dwellings))}
        ${figure('households', home(figures.households))} ${figure('people', people)}
      </dl>
    `;
  }

  #list(place: Place) {
    if (place.childLevel === null) return place.buildingsTotal > 0 ? this.#buildings(place) : nothing;
    const areas = this.showsEstates ? place.estates : place.children;
    return html`
      <div class="list-head">${this.#kinds(place)} ${this.#orders(areaOrders, this.order, (order) => (this.order = order))}</div>
      ${this.#rows(areaRows(areas, this.order), this.#title(place), this.order !== 'name', (id) => this.tell<number | null>('mqt-go', id))}
    `;
  }

  /** The rows do not sum up to the whole where something lies between them. */
  #elsewhere({ rest, unplaced }: Place) {
    const { tickets_open: tickets, buildings } = rest ?? { tickets_open: 0, buildings: 0 };
    const what = [tickets > 0 ? t('restTickets', { n: count(tickets) }) : '', buildings > 0 ? t('restBuildings', { n: count(buildings) }) : ''].filter(Boolean);
    return [
      what.length > 0 ? html`<p class="quiet" data-part="rest">${t('restHere', { what: what.join(t('comma')) })}</p>` : nothing,
      unplaced && unplaced.tickets_open > 0 ? html`<p class="quiet" data-part="unplaced">${t('unplacedHere', { n: count(unplaced.tickets_open) })}</p>` : nothing,
    ];
  }

  #title(place: Place): string {
    if (place.childLevel === null) return t('buildingsHere', { n: count(place.buildingsTotal) });
    const [level, n] = this.showsEstates ? (['estate', place.estates.length] as const) : [place.childLevel, place.children.length];
    return t(`areas_${level}`, { n: count(n) });
  }

  #kinds(place: Place) {
    if (place.estates.length === 0) return html`<h3>${this.#title(place)}</h3>`;
    const kind = (estates: boolean, title: string) =>
      html`<button aria-pressed=${this.showsEstates === estates ? 'true' : 'false'} @click=${() => (this.showsEstates = estates)}>${title}</button>`;
    return html`
      <h3 class="kinds">
        ${kind(false, t(`areas_${place.childLevel ?? 'grid'}`, { n: count(place.children.length) }))}
        ${kind(true, t('areas_estate', { n: count(place.estates.length) }))}
      </h3>
    `;
  }

  #buildings(place: Place) {
    return html`
      <div class="list-head">
        <h3>${this.#title(place)}</h3>
        ${this.#orders(buildingOrders, this.buildingOrder, (order) => (this.buildingOrder = order))}
      </div>
      ${this.#rows(buildingRows(place.buildings, this.buildingOrder), this.#title(place), false, (id) => this.tell('mqt-building', id))}
      ${place.buildingsTotal > place.buildings.length ? html`<p class="quiet">${t('buildingsMore', { n: count(place.buildings.length) })}</p>` : nothing}
    `;
  }

  #rows(rows: readonly Row[], label: string, numbered: boolean, take: (id: number) => void) {
    const shown = matching(rows, this.filter);
    return html`
      ${rows.length > filteredFrom && this.place?.childLevel === null
        ? html`<input type="search" aria-label=${t('rowsFilter')} placeholder=${t('rowsFilter')} .value=${this.filter} @input=${this.#filtered} />`
        : nothing}
      ${shown.length === 0 ? html`<p class="quiet">${t('searchNone')}</p>` : nothing}
      <mqt-ranked .rows=${shown} .label=${label} .numbered=${numbered} .lit=${this.lit} @mqt-row=${(e: CustomEvent<number>) => take(e.detail)}></mqt-ranked>
    `;
  }

  #orders<O extends string>(orders: readonly O[], chosen: O, choose: (order: O) => void) {
    return html`
      <div class="orders" role="radiogroup" aria-label=${t('order')}>
        ${orders.map(
          (order) => html`
            <label>
              <input type="radio" name="order" value=${order} .checked=${order === chosen} @change=${() => choose(order)} />
              ${t(`order_${order}` as Key)}
            </label>
          `,
        )}
      </div>
    `;
  }

  #filtered = (event: InputEvent) => {
    this.filter = (event.target as HTMLInputElement).value;
  };
}

customElements.define('mqt-area', AreaPanel);
