// What the colours of buildings mean, in one line at the foot of the map. The style document carries
// the words and colours itself ("mqt:legend"), so that they cannot differ from what is drawn.

import { css, html, nothing } from 'lit';
import type { StyleSpecification } from 'maplibre-gl';
import { MqtElement, surface } from './element';
import { either, t } from './i18n';

interface LegendItem {
  layer: string; // catalogue id
  title_zh: string;
  title_en: string;
  colour: string;
}

export class Legend extends MqtElement {
  static override properties = { base: { attribute: false }, off: { attribute: false } };
  declare base: StyleSpecification | null;
  declare off: readonly string[]; // layers that are not shown

  constructor() {
    super();
    this.base = null;
    this.off = [];
  }

  static override styles = [
    surface,
    css`
      ul {
        display: flex;
        gap: 4px 14px;
        padding: 5px 14px;
        font-size: 12.5px;
        color: var(--ink-2);
        white-space: nowrap;
      }
      li {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      .swatch {
        width: 12px;
        height: 12px;
        border-radius: 3px;
        background: var(--swatch);
        box-shadow: inset 0 0 0 1px var(--line-strong);
      }
    `,
  ];

  override render() {
    const items = legendOf(this.base).filter(({ layer }) => !this.off.includes(layer));
    if (items.length === 0) return nothing;
    return html`
      <ul class="panel" aria-label=${t('legend')}>
        ${items.map((item) => html`<li><span class="swatch" style="--swatch: ${item.colour}"></span>${either(item.title_zh, item.title_en)}</li>`)}
      </ul>
    `;
  }
}

function legendOf(base: StyleSpecification | null): LegendItem[] {
  const found = (base?.metadata as Record<string, unknown> | undefined)?.['mqt:legend'];
  return Array.isArray(found) ? (found as LegendItem[]) : [];
}

customElements.define('mqt-legend', Legend);
