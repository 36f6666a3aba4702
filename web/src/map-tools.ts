// Zoom, north, whole district, flat or solid.

import { css, html } from 'lit';
import { t, type Key } from './i18n';
import { MqtElement, surface } from './element';
import { pageIcon, type PageIcon } from './icons';

export type MapTool = 'layers' | 'zoomIn' | 'zoomOut' | 'north' | 'home' | 'flat';

export class MapTools extends MqtElement {
  static override properties = { flat: { attribute: false }, bearing_deg: { attribute: false }, showsLayers: { attribute: false } };
  declare flat: boolean;
  declare bearing_deg: number;
  declare showsLayers: boolean;

  constructor() {
    super();
    this.flat = false;
    this.bearing_deg = 0;
    this.showsLayers = false;
  }

  static override styles = [
    surface,
    css`
      .panel {
        display: grid;
        overflow: hidden;
      }
      button {
        display: grid;
        place-items: center;
        width: 38px;
        height: 38px;
        color: var(--ink-2);
      }
      button + button {
        border-top: 1px solid var(--line);
      }
      button:hover {
        background: var(--hover);
        color: var(--ink);
      }
      button:focus-visible {
        outline-offset: -3px;
      }
      [aria-expanded='true'] {
        color: var(--accent-ink);
      }
      @media (max-width: 720px) {
        [data-do='layers'] {
          display: none; /* the sheet at the bottom has it */
        }
      }
      .needle {
        display: grid;
        transform: rotate(var(--turn));
      }
    `,
  ];

  override render() {
    return html`
      <div class="panel" role="group" aria-label=${t('map')}>
        <button
          data-do="layers"
          aria-label=${t('layers')}
          title=${t('layers')}
          aria-expanded=${this.showsLayers ? 'true' : 'false'}
          @click=${() => this.tell<MapTool>('mqt-tool', 'layers')}
        >
          ${pageIcon('layers')}
        </button>
        ${this.#button('zoomIn', 'plus')} ${this.#button('zoomOut', 'minus')}
        <button data-do="north" aria-label=${t('north')} title=${t('north')} @click=${() => this.tell<MapTool>('mqt-tool', 'north')}>
          <span class="needle" style="--turn: ${-this.bearing_deg}deg">${pageIcon('compass')}</span>
        </button>
        ${this.#button('home', 'home')} ${this.#button('flat', this.flat ? 'solid' : 'flat', this.flat ? 'solid' : 'flat')}
      </div>
    `;
  }

  #button(tool: MapTool, icon: PageIcon, title: Key = tool) {
    return html`
      <button data-do=${tool} aria-label=${t(title)} title=${t(title)} @click=${() => this.tell<MapTool>('mqt-tool', tool)}>
        ${pageIcon(icon)}
      </button>
    `;
  }
}

customElements.define('mqt-tools', MapTools);
