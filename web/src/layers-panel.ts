// The list of layers in groups that fold: filter, switches, number of features.

import { css, html, nothing } from 'lit';
import type { LayerInfo } from './api';
import { count, either, t } from './i18n';
import { listPanel, MqtElement, surface } from './element';
import { pageIcon } from './icons';
import { grouped, type GroupedLayers } from './layer-groups';

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
    folded: { state: true },
  };
  declare layers: readonly LayerInfo[];
  declare off: readonly string[];
  declare zoom: number;
  declare colours: ReadonlyMap<string, string>;
  declare filter: string;
  declare folded: ReadonlyMap<string, boolean>; // by group

  constructor() {
    super();
    this.layers = [];
    this.off = [];
    this.zoom = 0;
    this.colours = new Map();
    this.filter = '';
    this.folded = new Map();
  }

  static override styles = [
    surface,
    listPanel,
    css`
      .filter {
        padding-right: 8px;
      }
      h3 {
        font-size: 13px;
        font-weight: 500;
        letter-spacing: 0.06em;
      }
      section + section {
        border-top: 1px solid var(--line);
      }
      h3 button {
        display: grid;
        grid-template-columns: auto 1fr auto;
        align-items: center;
        gap: 6px;
        width: 100%;
        min-height: 36px;
        text-align: left;
        border-radius: 6px;
      }
      h3 .icon {
        width: 14px;
        height: 14px;
        color: var(--ink-2);
        transition: transform 0.15s;
      }
      [aria-expanded='false'] .icon {
        transform: rotate(-90deg);
      }
      ul {
        padding: 0 0 8px 4px;
      }
      label {
        display: grid;
        grid-template-columns: 12px minmax(0, 1fr) auto 32px;
        align-items: center;
        gap: 10px;
        min-height: 32px;
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
        <div class="scrolls">${grouped(shown).map((group) => this.#group(group, wanted !== ''))}</div>
      </section>
    `;
  }

  /** A group of which nothing is shown starts folded; it does not fold under the hand that switches its last layer off. */
  override willUpdate(): void {
    const fresh = grouped(this.layers).filter(({ group }) => !this.folded.has(group));
    if (fresh.length === 0) return;
    this.folded = new Map([...this.folded, ...fresh.map(({ group, layers }): [string, boolean] => [group, layers.every(({ id }) => this.off.includes(id))])]);
  }

  #group({ group, title, layers }: GroupedLayers, isSought: boolean) {
    const on = layers.filter(({ id }) => !this.off.includes(id)).length;
    const folded = !isSought && this.folded.get(group) === true;
    const name = title ? t(title) : group;
    return html`
      <section aria-label=${name}>
        <h3>
          <button aria-expanded=${folded ? 'false' : 'true'} data-group=${group} @click=${() => this.#fold(group, !folded)}>
            ${pageIcon('fold')}<span>${name}</span><span class="quiet figure">${t('groupOn', { on, all: layers.length })}</span>
          </button>
        </h3>
        ${folded ? nothing : html`<ul>${layers.map((layer) => this.#row(layer))}</ul>`}
      </section>
    `;
  }

  #fold(group: string, folded: boolean): void {
    this.folded = new Map([...this.folded, [group, folded]]);
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
