// The list of layers: filter, switches, number of features.

import { css, html, nothing } from 'lit';
import type { LayerInfo } from './api';
import { count, either, t } from './i18n';
import { listPanel, MqtElement, surface } from './element';
import { pageIcon } from './icons';

export interface LayerSwitch {
  id: string;
  on: boolean;
}

export class LayersPanel extends MqtElement {
  static override properties = {
    layers: { attribute: false },
    off: { attribute: false },
    zoom: { attribute: false },
    colours: { attribute: false },
    filter: { state: true },
  };
  declare layers: readonly LayerInfo[];
  declare off: readonly string[];
  declare zoom: number;
  declare colours: ReadonlyMap<string, string>;
  declare filter: string;

  constructor() {
    super();
    this.layers = [];
    this.off = [];
    this.zoom = 0;
    this.colours = new Map();
    this.filter = '';
  }

  static override styles = [
    surface,
    listPanel,
    css`
      .filter {
        padding-right: 8px;
      }
      label {
        display: grid;
        grid-template-columns: 12px minmax(0, 1fr) auto 32px;
        align-items: center;
        gap: 10px;
        min-height: 34px;
        cursor: pointer;
      }
      .swatch {
        width: 10px;
        height: 10px;
        border-radius: 2px;
        background: var(--swatch);
      }
      .swatch.point {
        border-radius: 50%;
      }
      .swatch.line {
        height: 3px;
        border-radius: 2px;
      }
      .swatch.polygon {
        box-shadow: inset 0 0 0 1px var(--line-strong);
      }
      .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .far .name {
        color: var(--ink-2);
      }
      .hint {
        margin-left: 6px;
        font-size: 11.5px;
      }
    `,
  ];

  override render() {
    const wanted = this.filter.trim().toLowerCase();
    const shown = this.layers.filter((layer) => [layer.id, layer.title_zh, layer.title_en].some((word) => word.toLowerCase().includes(wanted)));
    return html`
      <section class="panel" aria-labelledby="head">
        <h2 class="heading" id="head">${pageIcon('layers')}${t('layers')}</h2>
        <div class="filter">
          <input type="search" aria-label=${t('layersFilter')} placeholder=${t('layersFilter')} .value=${this.filter} @input=${this.#filtered} />
        </div>
        ${shown.length > 0 ? nothing : html`<p class="quiet">${t('layersNone')}</p>`}
        <ul class="scrolls">
          ${shown.map((layer) => this.#row(layer))}
        </ul>
      </section>
    `;
  }

  #row(layer: LayerInfo) {
    const title = either(layer.title_zh, layer.title_en);
    const far = this.zoom + 0.01 < layer.min_zoom;
    return html`
      <li class=${far ? 'far' : ''}>
        <label>
          <span class="swatch ${layer.geometry_type}" style="--swatch: ${this.colours.get(layer.id) ?? 'var(--ink-3)'}"></span>
          <span class="name">${title}${far ? html`<span class="quiet hint">${t('layerZoomIn')}</span>` : nothing}</span>
          <span class="quiet figure">${count(layer.features)}</span>
          <input
            class="switch"
            type="checkbox"
            role="switch"
            aria-label=${title}
            data-layer=${layer.id}
            .checked=${!this.off.includes(layer.id)}
            @change=${(event: Event) => this.tell<LayerSwitch>('mqt-layer', { id: layer.id, on: (event.target as HTMLInputElement).checked })}
          />
        </label>
      </li>
    `;
  }

  #filtered = (event: InputEvent) => {
    this.filter = (event.target as HTMLInputElement).value;
  };
}

customElements.define('mqt-layers', LayersPanel);
