// The face of a building to choose a place in: units side by side, floors from the top down. One
// stop of the Tab key; arrows move inside it. A chosen cell lists its rooms.

import { css, html, nothing } from 'lit';
import { MqtElement, surface } from './element';
import { count, locale, t } from './i18n';
import { absent, type Face, type Floor, type Room, type Unit } from './units';
import { use } from './words';

interface Cell {
  floor: number; // rows and columns of the face
  unit: number;
}

export class UnitPicker extends MqtElement {
  static override properties = { face: { attribute: false }, current: { state: true }, chosen: { state: true }, named: { state: true } };
  declare face: Face | null;
  declare current: Cell; // where the Tab key comes to
  declare chosen: Cell | null;
  declare named: Cell | null; // under the pointer or the focus

  constructor() {
    super();
    this.face = null;
    this.current = { floor: 0, unit: 0 };
    this.chosen = null;
    this.named = null;
  }

  static override styles = [
    surface,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      .face {
        --columns: 2.6em repeat(var(--units), minmax(1.6em, 1fr));
        font-size: 11.5px;
        line-height: 1;
        font-variant-numeric: tabular-nums;
        overflow-x: auto;
        padding: 2px;
      }
      [role='row'] {
        display: grid;
        grid-template-columns: var(--columns);
        gap: 2px;
        margin-bottom: 2px;
      }
      .head {
        padding-bottom: 4px;
        color: var(--ink-2);
      }
      .head span {
        text-align: center;
        white-space: nowrap;
      }
      [role='rowheader'] {
        display: flex;
        align-items: center;
        justify-content: flex-end;
        padding-right: 6px;
        color: var(--ink-2);
      }
      .roof {
        height: 4px;
        margin: 0 0 2px 2.6em;
        border-radius: 3px 3px 0 0;
        background: var(--line-strong);
      }
      .ground {
        height: 2px;
        margin-left: 1.8em;
        background: var(--line-strong);
      }
      [role='gridcell'] {
        display: grid;
        place-items: center;
        height: var(--storey);
        border-radius: 2px;
        background: var(--hover);
        color: var(--ink-3);
        cursor: default;
      }
      [role='gridcell'].homes {
        background: repeating-linear-gradient(to right, var(--window) 0 calc(100% / var(--rooms) - 2px), transparent 0 calc(100% / var(--rooms)));
        color: var(--window-ink);
        cursor: pointer;
      }
      [role='gridcell'].homes:hover {
        box-shadow: inset 0 0 0 1px var(--accent);
      }
      [role='gridcell'][aria-selected='true'] {
        background: var(--accent);
        color: var(--on-accent);
      }
      [role='gridcell']:focus-visible {
        outline-offset: 1px;
      }
      .named {
        min-height: 1.65em;
      }
      h4 {
        margin: 0 0 4px;
        font-size: 13px;
        font-weight: 500;
      }
      .rooms {
        display: grid;
        gap: 2px;
      }
      .rooms li {
        display: grid;
        grid-template-columns: 1fr auto auto;
        gap: 12px;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: 3px 0;
        font-weight: 400;
        text-align: right;
      }
      th:first-child {
        text-align: left;
      }
      thead th {
        color: var(--ink-2);
        font-size: 12px;
      }
      tbody tr {
        border-top: 1px solid var(--line);
      }
    `,
  ];

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('face')) return;
    const first = this.face?.cells.findIndex((row) => row.some((rooms) => rooms.length > 0)) ?? 0;
    this.current = { floor: Math.max(first, 0), unit: 0 };
    this.chosen = null;
    this.named = null;
  }

  override render() {
    const { face } = this;
    if (!face || face.units.length === 0) return nothing;
    return html`${this.#grid(face)} ${this.#detail(face)} ${this.#counts(face.units)}`;
  }

  #grid(face: Face) {
    return html`
      <div>
        <div
          class="face"
          role="grid"
          aria-label=${t('unitPicker')}
          style="--units: ${face.units.length}; --storey: ${storeyOf(face.floors.length)}px"
          @keydown=${this.#key}
          @pointerleave=${() => (this.named = null)}
        >
          <div class="head" role="row">
            <span role="columnheader">${t('floor')}</span>
            ${face.units.map(({ name }) => html`<span role="columnheader">${unitName(name)}</span>`)}
          </div>
          <div class="roof" role="presentation"></div>
          ${face.floors.map((floor, i) => this.#storey(face, floor, i))}
          <div class="ground" role="presentation"></div>
        </div>
      </div>
    `;
  }

  #storey(face: Face, floor: Floor, i: number) {
    return html`
      <div role="row">
        <span role="rowheader" aria-label=${floorName(floor.name)}>${floor.level ?? '–'}</span>
        ${face.units.map((_, unit) => this.#cell(face, { floor: i, unit }))}
      </div>
    `;
  }

  #cell(face: Face, cell: Cell) {
    const rooms = roomsOf(face, cell);
    const chosen = isSame(cell, this.chosen);
    return html`
      <div
        role="gridcell"
        class=${rooms.length > 0 ? 'homes' : ''}
        style="--rooms: ${rooms.length}"
        data-cell="${cell.floor}:${cell.unit}"
        tabindex=${isSame(cell, this.current) ? 0 : -1}
        aria-selected=${chosen ? 'true' : 'false'}
        aria-label=${nameOf(face, cell)}
        @click=${() => this.#choose(cell)}
        @focus=${() => this.#come(cell)}
        @pointerenter=${() => (this.named = cell)}
      >
        ${rooms.length > 0 ? rooms.length : ''}
      </div>
    `;
  }

  #detail(face: Face) {
    const { chosen, named } = this;
    const shown = named ?? chosen;
    return html`
      <div aria-live="polite">
        ${chosen && (!named || isSame(named, chosen))
          ? html`
              <h4>${nameOf(face, chosen)}</h4>
              <ul class="rooms">
                ${roomsOf(face, chosen).map(roomRow)}
              </ul>
            `
          : html`<p class="quiet named">${shown ? nameOf(face, shown) : t('unitPickerHint')}</p>`}
      </div>
    `;
  }

  #counts(units: readonly Unit[]) {
    return html`
      <table>
        <thead>
          <tr>
            <th scope="col">${t('unit')}</th>
            <th scope="col">${t('dwellings')}</th>
            <th scope="col">${t('households')}</th>
            <th scope="col">${t('people')}</th>
          </tr>
        </thead>
        <tbody>
          ${units.map(
            (unit) => html`
              <tr data-unit=${unit.id}>
                <th scope="row">${unitName(unit.name)}</th>
                <td>${counted(unit.dwellings ?? unit.rooms.length)}</td>
                <td>${counted(unit.households)}</td>
                <td>${unit.person_band ?? counted(unit.persons)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }

  #choose(cell: Cell): void {
    if (!this.face || roomsOf(this.face, cell).length === 0) return;
    this.current = cell;
    this.chosen = isSame(cell, this.chosen) ? null : cell;
  }

  #come(cell: Cell): void {
    this.current = cell;
    this.named = cell;
  }

  #key = (event: KeyboardEvent) => {
    const { face } = this;
    if (!face || event.altKey || event.metaKey) return;
    const { floor, unit } = this.current;
    const [lowest, last] = [face.floors.length - 1, face.units.length - 1];
    const jumps = event.ctrlKey;
    const to: Cell | undefined = {
      ArrowUp: { floor: Math.max(floor - 1, 0), unit },
      ArrowDown: { floor: Math.min(floor + 1, lowest), unit },
      ArrowLeft: { floor, unit: Math.max(unit - 1, 0) },
      ArrowRight: { floor, unit: Math.min(unit + 1, last) },
      PageUp: { floor: Math.max(floor - 5, 0), unit },
      PageDown: { floor: Math.min(floor + 5, lowest), unit },
      Home: { floor: jumps ? 0 : floor, unit: 0 },
      End: { floor: jumps ? lowest : floor, unit: last },
    }[event.key];
    if (event.key === 'Enter' || event.key === ' ') this.#choose(this.current);
    else if (to) this.renderRoot.querySelector<HTMLElement>(`[data-cell="${to.floor}:${to.unit}"]`)?.focus();
    else return;
    event.preventDefault();
  };
}

function counted(n: number | null): string {
  return n === null ? '–' : count(n);
}

/** A tower must fit the card as well as a cottage. */
function storeyOf(floors: number): number {
  if (floors <= 8) return 22;
  return floors <= 20 ? 17 : 12;
}

function roomsOf(face: Face, { floor, unit }: Cell): readonly Room[] {
  return face.cells[floor]?.[unit] ?? [];
}

function nameOf(face: Face, cell: Cell): string {
  const rooms = roomsOf(face, cell).length;
  const place = [unitName(face.units[cell.unit]?.name ?? absent), floorName(face.floors[cell.floor]?.name ?? absent)].join(' ');
  return `${place} · ${rooms > 0 ? t('dwellingsOf', { n: count(rooms) }) : t('noDwellings')}`;
}

function unitName(name: string): string {
  const [, number] = /^(\d+)单元$/.exec(name) ?? [];
  if (name === absent) return t('unitAbsent');
  return number ? t('unitOf', { n: number }) : name;
}

function floorName(name: string): string {
  const [, number] = /^(\d+)层$/.exec(name) ?? [];
  if (name === absent) return t('floorAbsent');
  return number ? t('floorOf', { n: number }) : name;
}

function roomRow({ room, area_m2, use: purpose }: Room) {
  const area = area_m2 === null ? '' : `${area_m2.toLocaleString(locale(), { maximumFractionDigits: 1 })} m²`;
  return html`<li><span>${room}</span><span class="quiet">${purpose && purpose !== absent ? use(purpose) : ''}</span><span class="figure">${area}</span></li>`;
}

function isSame(a: Cell | null, b: Cell | null): boolean {
  return a !== null && b !== null && a.floor === b.floor && a.unit === b.unit;
}

customElements.define('mqt-units', UnitPicker);
