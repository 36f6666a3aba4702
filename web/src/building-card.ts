// The card of what was clicked: a building with its people and tickets, or any other feature with
// the columns that its layer serves.

import { css, html, nothing, type TemplateResult } from 'lit';
import { getBuildingStats, getItem, type BuildingStats, type LayerInfo, type Properties } from './api';
import { count, either, t } from './i18n';
import { MqtElement, surface } from './element';
import { pageIcon } from './icons';
import { facilityIcon } from './map-icons';
import type { BuildingTrail } from './journey';
import type { Picked } from './pick';
import { buildingName } from './ranking';
import { faceOf, getBuildingUnits, type BuildingUnits, type Face } from './units';
import { facilityKind, use } from './words';
import './unit-picker';

type Row = readonly [title: string, value: string];

export class FeatureCard extends MqtElement {
  static override properties = {
    picked: { attribute: false },
    info: { attribute: false },
    shown: { state: true },
    stats: { state: true },
    face: { state: true },
  };
  declare picked: Picked | null;
  declare info: LayerInfo | undefined;
  declare shown: Properties;
  declare stats: BuildingStats | 'loading' | 'failed';
  declare face: Face | null;
  #units: BuildingUnits | null = null;

  constructor() {
    super();
    this.picked = null;
    this.info = undefined;
    this.shown = {};
    this.stats = 'loading';
    this.face = null;
  }

  static override styles = [
    surface,
    css`
      .panel {
        padding: 16px 18px 18px;
        display: grid;
        gap: 14px;
      }
      .top {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 8px;
        align-items: start;
      }
      h2 {
        font-size: 18px;
        font-weight: 500;
        line-height: 1.4;
        letter-spacing: 0.04em;
      }
      .close {
        display: grid;
        place-items: center;
        width: 28px;
        height: 28px;
        margin: -2px -6px 0 0;
        border-radius: 6px;
        color: var(--ink-2);
      }
      .close:hover {
        background: var(--hover);
      }
      .sub {
        display: flex;
        gap: 6px;
        align-items: center;
      }
      .facts {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 18px;
      }
      .facts div {
        display: flex;
        gap: 8px;
        align-items: baseline;
      }
      .facts dd {
        overflow-wrap: anywhere;
      }
      dt {
        color: var(--ink-2);
        font-size: 12.5px;
        white-space: nowrap;
      }
      .amounts {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: 8px;
        border-top: 1px solid var(--line);
        padding-top: 14px;
      }
      .amounts div {
        display: flex;
        flex-direction: column-reverse;
      }
      .amounts dd {
        font-size: 22px;
        font-weight: 500;
        line-height: 1.3;
      }
      .people dd {
        font-size: 16px;
      }
      .homes {
        border-top: 1px solid var(--line);
        padding-top: 14px;
      }
      h3 {
        margin-bottom: 8px;
        font-size: 13px;
        font-weight: 500;
        letter-spacing: 0.06em;
      }
      .amounts .open dd {
        color: var(--accent-ink);
      }
    `,
  ];

  override updated(): void {
    this.toggleAttribute('tall', (this.face?.units.length ?? 0) > 0);
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('picked') || !this.picked) return;
    this.shown = this.picked.properties;
    this.stats = 'loading';
    this.face = null;
    this.#units = null;
    void this.reload();
  }

  /** Asks the server for the feature and its figures as they are now. */
  async reload(): Promise<void> {
    const asked = this.picked;
    if (!asked) return;
    const current = () => this.picked === asked;
    const item = getItem(asked.layer, asked.id).then(
      (found) => current() && (this.shown = found.properties),
      () => undefined, // the tile's own columns are on the card already
    );
    if (asked.layer !== 'building') return item.then(() => undefined);
    const [stats, units] = await Promise.all([getBuildingStats(asked.id).catch(() => 'failed' as const), getBuildingUnits(asked.id).catch(() => null), item]);
    if (!current()) return;
    this.stats = stats;
    if (units && JSON.stringify(units) !== JSON.stringify(this.#units)) {
      this.#units = units; // the same answer again must not drop what was chosen in the face
      const { floors_above } = this.shown;
      this.face = faceOf(units, floors_above == null ? null : Number(floors_above));
    }
    this.#tellTrail(asked.id);
  }

  #tellTrail(id: number): void {
    const path = typeof this.stats === 'object' ? (this.stats.path ?? []) : [];
    this.tell<BuildingTrail>('mqt-trail', { id, name: this.#name(), path });
  }

  override render() {
    if (!this.picked) return nothing;
    const name = this.#name();
    return html`
      <section class="panel" aria-labelledby="head">
        <div class="top">
          <div>
            <h2 id="head">${name}</h2>
            <p class="quiet sub">${this.#subtitle()}</p>
          </div>
          <button class="close" aria-label=${t('close')} @click=${() => this.tell('mqt-close-card', null)}>${pageIcon('close')}</button>
        </div>
        <dl class="facts">
          ${(this.picked.layer === 'building' ? buildingRows(this.shown) : this.#rows()).map(definition)}
        </dl>
        ${this.picked.layer === 'building' ? [this.#people(), this.#tickets()] : nothing}
        ${this.face && this.face.units.length > 0 ? this.#homes(this.face) : nothing}
      </section>
    `;
  }

  #name(): string {
    return buildingName(this.shown) || t('unnamed');
  }

  #subtitle(): TemplateResult | string {
    const properties = this.shown;
    if (this.picked?.layer === 'facility') {
      const kind = text(properties['kind']);
      return html`${facilityIcon(kind)}${facilityKind(kind)}`;
    }
    const layer = this.info ? either(this.info.title_zh, this.info.title_en) : (this.picked?.layer ?? '');
    if (this.picked?.layer !== 'building') return layer;
    const parts = [text(properties['estate']), use(text(properties['use']))].filter(Boolean);
    return parts.length > 0 ? parts.join(' · ') : layer;
  }

  #rows(): Row[] {
    const columns = this.info?.columns ?? [];
    return columns
      .filter(({ name }) => name !== 'name' && name !== 'kind')
      .map((column): Row => [either(column.title_zh, column.title_en), text(this.shown[column.name])])
      .filter(([, value]) => value !== '');
  }

  #homes(face: Face) {
    return html`
      <div class="homes">
        <h3>${t('homes', { units: face.units.length, floors: face.floors.length })}</h3>
        <mqt-units .face=${face}></mqt-units>
      </div>
    `;
  }

  #people() {
    const rows = peopleRows(this.shown);
    return rows.length > 0 ? html`<dl class="amounts people">${rows.map(definition)}</dl>` : nothing;
  }

  #tickets() {
    const stats = this.stats;
    if (stats === 'failed') return html`<p class="quiet amounts">${t('openTickets')} ${t('unavailable')}</p>`;
    const cell = (kind: string, title: string, n: number | undefined) =>
      html`<div class=${kind}><dt>${title}</dt><dd class="figure">${n === undefined ? '–' : count(n)}</dd></div>`;
    const known = stats === 'loading' ? undefined : stats;
    return html`
      <dl class="amounts tickets" aria-live="polite">
        ${cell('open', t('openTickets'), known?.open_tickets)} ${cell('', t('tickets30d'), known?.tickets_30d)}
        ${cell('', t('ticketsTotal'), known?.tickets_total)}
      </dl>
    `;
  }
}

function definition([title, value]: Row) {
  return html`<div><dt>${title}</dt><dd class="figure">${value}</dd></div>`;
}

function buildingRows(p: Properties): Row[] {
  const rows: (Row | null)[] = [
    row('address', text(p['address'])),
    row('floors', floors(p)),
    row('height', p['height_m'] == null ? '' : `${count(Math.round(Number(p['height_m']) * 10) / 10)} m`),
    row('structure', text(p['structure'])),
    row('builtYear', text(p['built_year']) && t('yearOf', { n: text(p['built_year']) })),
  ];
  return rows.filter((entry): entry is Row => entry !== null);
}

/** Few people in a building are told as "<10" by the server, never as a number. */
function peopleRows(p: Properties): Row[] {
  const rows = [
    row('dwellings', amount('dwellingsOf', p['dwelling_count'])),
    row('households', amount('householdsOf', p['household_count'])),
    row('people', text(p['person_band']) || amount('peopleOf', p['person_count'])),
  ];
  return rows.filter((entry): entry is Row => entry !== null);
}

function row(title: Parameters<typeof t>[0], value: string): Row | null {
  return value ? [t(title), value] : null;
}

function amount(unit: Parameters<typeof t>[0], n: Properties[string]): string {
  return n == null ? '' : t(unit, { n: count(Number(n)) });
}

function floors(p: Properties): string {
  const above = p['floors_above'] == null ? '' : t('floorsAbove', { n: text(p['floors_above']) });
  const below = Number(p['floors_below'] ?? 0) > 0 ? t('floorsBelow', { n: text(p['floors_below']) }) : '';
  return [above, below].filter(Boolean).join(' · ');
}

function text(value: Properties[string]): string {
  return value == null ? '' : String(value);
}

customElements.define('mqt-card', FeatureCard);
