// Where the page is, from the top down: each step but the last leads back to it.

import { css, html } from 'lit';
import type { AreaLevel } from './areas';
import { MqtElement, surface } from './element';
import { t } from './i18n';

export interface Step {
  id: number | null; // null: the top when several areas stand there
  level: AreaLevel | 'building' | null;
  name: string;
}

export class Breadcrumbs extends MqtElement {
  static override properties = { steps: { attribute: false }, at: { attribute: false } };
  declare steps: readonly Step[];
  declare at: number | null; // the place that the page is at; deeper steps lead down to a chosen building

  constructor() {
    super();
    this.steps = [];
    this.at = null;
  }

  static override styles = [
    surface,
    css`
      ol {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        row-gap: 2px;
      }
      li {
        display: flex;
        align-items: baseline;
        min-width: 0;
      }
      li + li::before {
        content: '›' / '';
        margin: 0 7px;
        color: var(--ink-3);
      }
      button,
      .last {
        border-radius: 4px;
        color: var(--ink-2);
        font-size: 13px;
        text-align: left;
      }
      button:hover {
        color: var(--accent-ink);
      }
      .last,
      .here {
        color: var(--ink);
      }
    `,
  ];

  override render() {
    const last = this.steps.length - 1;
    return html`
      <nav aria-label=${t('breadcrumbs')}>
        <ol>
          ${this.steps.map((step, i) => html`<li>${i === last ? html`<span class="last" aria-current="location">${step.name}</span>` : this.#way(step)}</li>`)}
        </ol>
      </nav>
    `;
  }

  #way({ id, level, name }: Step) {
    const here = level !== 'building' && id === this.at ? 'here' : '';
    return html`<button class=${here} data-area=${id ?? 'all'} @click=${() => this.tell<number | null>('mqt-go', id)}>${name}</button>`;
  }
}

customElements.define('mqt-path', Breadcrumbs);
