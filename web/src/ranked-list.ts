// A ranked list with slim bars, driven by pointer or keys: arrows move, Home and End jump, Enter
// takes. The row under the pointer or the focus is told, so that the map can light it.

import { css, html, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { MqtElement, surface } from './element';
import { t } from './i18n';
import type { Row } from './ranking';

const roomyRows = 20; // more stand closer together, so that a wall shows them all

export class RankedList extends MqtElement {
  static override properties = {
    rows: { attribute: false },
    label: { attribute: false },
    numbered: { attribute: false },
    lit: { attribute: false },
    current: { state: true },
  };
  declare rows: readonly Row[];
  declare label: string;
  declare numbered: boolean; // ranks stand before the names
  declare lit: number | null; // the row that the map's pointer is on
  declare current: number | null; // the row that the Tab key comes to

  constructor() {
    super();
    this.rows = [];
    this.label = '';
    this.numbered = true;
    this.lit = null;
    this.current = null;
  }

  static override styles = [
    surface,
    css`
      :host {
        overflow: auto;
        min-height: 0;
        scrollbar-width: thin;
        scrollbar-color: var(--track) transparent;
      }
      button {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        grid-template-rows: auto 3px;
        column-gap: 10px;
        row-gap: 2px;
        align-items: baseline;
        width: 100%;
        padding: 3px 8px 4px;
        border-radius: 6px;
        text-align: left;
        line-height: 1.5;
      }
      .numbered button {
        grid-template-columns: 1.6em minmax(0, 1fr) auto;
      }
      .numbered .bar {
        grid-column: 2 / -1;
      }
      @media (min-width: 721px) {
        .dense button {
          padding: 1px 8px 2px;
          row-gap: 1px;
          font-size: 13px;
          line-height: 18px;
        }
      }
      button:focus-visible {
        outline-offset: -2px;
      }
      button:hover,
      .lit button {
        background: var(--hover);
      }
      .rank {
        color: var(--ink-2);
        font-size: 12px;
        text-align: right;
      }
      .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .note {
        margin-left: 8px;
        color: var(--ink-2);
        font-size: 12px;
      }
      .bar {
        grid-column: 1 / -1;
        align-self: center;
        height: 3px;
        border-radius: 2px;
        background: var(--line);
      }
      .bar::before {
        content: '';
        display: block;
        width: calc(var(--share) * 100%);
        height: 100%;
        border-radius: 2px;
        background: var(--bar);
        transition: width 0.3s;
      }
    `,
  ];

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('rows') && !this.rows.some(({ id }) => id === this.current)) this.current = this.rows[0]?.id ?? null;
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('lit') && this.lit !== null) this.#button(this.lit)?.scrollIntoView({ block: 'nearest' });
  }

  /** Puts the focus on a row, the first when it is not in the list. */
  async focusRow(id: number | null): Promise<void> {
    await this.updateComplete;
    const row = this.rows.find((each) => each.id === id) ?? this.rows[0];
    if (row) this.#button(row.id)?.focus();
  }

  override render() {
    return html`
      <ol class=${[this.numbered ? 'numbered' : '', this.rows.length > roomyRows ? 'dense' : ''].join(' ')} aria-label=${this.label} @keydown=${this.#key} @mouseleave=${() => this.#light(null)}>
        ${repeat(
          this.rows,
          ({ id }) => id,
          (row, i) => this.#row(row, i),
        )}
      </ol>
    `;
  }

  /** By mouse events: a pointer that comes off the map enters here before the map hears that it left. */
  #row({ id, name, note, value, share }: Row, i: number) {
    return html`
      <li class=${id === this.lit ? 'lit' : ''}>
        <button
          data-row=${id}
          tabindex=${id === this.current ? 0 : -1}
          @click=${() => this.tell('mqt-row', id)}
          @focus=${() => this.#focused(id)}
          @blur=${() => this.#light(null)}
          @mouseenter=${() => this.#light(id)}
        >
          ${this.numbered ? html`<span class="rank figure" aria-hidden="true">${i + 1}</span>` : nothing}
          <span class="name">${name || t('unnamed')}${note ? html`<span class="note figure">${note}</span>` : nothing}</span>
          <span class="figure">${value}</span>
          <span class="bar" style="--share: ${share}"></span>
        </button>
      </li>
    `;
  }

  #focused(id: number): void {
    this.current = id;
    this.#light(id);
  }

  #light(id: number | null): void {
    this.tell<number | null>('mqt-light', id);
  }

  #key = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = this.rows.findIndex(({ id }) => id === this.current);
    const last = this.rows.length - 1;
    const to = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), Home: 0, End: last }[event.key];
    const row = to === undefined ? undefined : this.rows[to];
    if (!row) return;
    event.preventDefault();
    this.#button(row.id)?.focus();
  };

  #button(id: number): HTMLButtonElement | null {
    return this.renderRoot.querySelector<HTMLButtonElement>(`[data-row="${id}"]`);
  }
}

customElements.define('mqt-ranked', RankedList);
