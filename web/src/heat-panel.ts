// The heat's switch, its period and its legend.

import { css, html, nothing } from 'lit';
import type { HeatInfo } from './api';
import type { HeatChoice, HeatWindow } from './app-state';
import { isHeatChoiceValid, localDate } from './heat';
import { count, t } from './i18n';
import { MqtElement, surface } from './element';
import { pageIcon } from './icons';

const windows: readonly HeatWindow[] = ['24h', '7d', '30d', 'all', 'range'];

export class HeatPanel extends MqtElement {
  static override properties = { heat: { attribute: false }, info: { attribute: false } };
  declare heat: HeatChoice;
  declare info: HeatInfo | null;

  constructor() {
    super();
    this.heat = { on: false, window: '7d', from: '', to: '' };
    this.info = null;
  }

  static override styles = [
    surface,
    css`
      .switch {
        --switch: var(--accent);
      }
      .panel {
        padding: 14px 16px;
        display: grid;
        gap: 12px;
      }
      .top {
        display: flex;
        justify-content: space-between;
        align-items: center;
      }
      .top label {
        display: contents;
        cursor: pointer;
      }
      .windows {
        display: grid;
        grid-template-columns: repeat(5, auto);
        gap: 2px;
        padding: 2px;
        background: var(--field);
        border: 1px solid var(--line);
        border-radius: 8px;
      }
      .windows label {
        position: relative;
        text-align: center;
        padding: 3px 4px;
        border-radius: 6px;
        font-size: 12.5px;
        color: var(--ink-2);
        white-space: nowrap;
        cursor: pointer;
      }
      .windows label:has(:checked) {
        background: var(--accent-soft);
        color: var(--accent-ink);
      }
      .windows label:has(:focus-visible) {
        outline: 2px solid var(--focus);
      }
      .windows input {
        position: absolute;
        inset: 0;
        opacity: 0;
        margin: 0;
        cursor: pointer;
      }
      .range {
        display: grid;
        gap: 8px;
      }
      .range label {
        display: grid;
        grid-template-columns: 3em 1fr;
        align-items: center;
        gap: 8px;
      }
      .wrong {
        color: var(--bad);
        font-size: 12.5px;
      }
      .legend {
        display: grid;
        grid-template-columns: auto 1fr auto;
        align-items: center;
        gap: 8px;
      }
      .ramp {
        height: 8px;
        border-radius: 4px;
        background: linear-gradient(to right, var(--ramp));
        box-shadow: inset 0 0 0 1px var(--line);
      }
    `,
  ];

  override render() {
    return html`
      <section class="panel" aria-labelledby="head">
        <div class="top">
          <h2 class="heading" id="head">${pageIcon('heat')}${t('heat')}</h2>
          <input class="switch" type="checkbox" role="switch" aria-labelledby="head" .checked=${this.heat.on} @change=${this.#switched} />
        </div>
        ${this.heat.on ? this.#body() : nothing}
      </section>
    `;
  }

  #body() {
    return html`
      <div class="windows" role="radiogroup" aria-label=${t('heatWindow')}>
        ${windows.map(
          (window) => html`
            <label>
              <input type="radio" name="window" value=${window} .checked=${this.heat.window === window} @change=${() => this.#choose({ window })} />
              ${t(`window_${window}`)}
            </label>
          `,
        )}
      </div>
      ${this.heat.window === 'range' ? this.#range() : nothing} ${this.#legend()}
    `;
  }

  #range() {
    const date = (which: 'from' | 'to') => html`
      <label>
        <span class="quiet">${t(which)}</span>
        <input
          type="date"
          name=${which}
          .value=${this.heat[which]}
          min=${this.info?.first ? localDate(new Date(this.info.first)) : nothing}
          @change=${(event: Event) => this.#choose({ [which]: (event.target as HTMLInputElement).value })}
        />
      </label>
    `;
    return html`
      <div class="range">
        ${date('from')}${date('to')}
        ${isHeatChoiceValid(this.heat) ? nothing : html`<p class="wrong" role="alert">${t('rangeBackwards')}</p>`}
      </div>
    `;
  }

  #legend() {
    const palette = this.info?.palette ?? [];
    if (palette.length === 0) return nothing;
    return html`
      <div class="legend">
        <span class="quiet">${t('legendLow')}</span>
        <span class="ramp" style="--ramp: ${thinned(palette, 16).join(', ')}"></span>
        <span class="quiet">${t('legendHigh')}</span>
      </div>
      <p class="quiet">${this.#amounts()}</p>
    `;
  }

  #amounts(): string {
    const placed = this.info?.count ?? 0;
    const total = this.info?.total ?? placed;
    return t('heatTotal', { total: count(total) }) + (placed < total ? t('heatNoPlace', { n: count(total - placed) }) : '');
  }

  #switched = (event: Event) => this.#choose({ on: (event.target as HTMLInputElement).checked });

  #choose(patch: Partial<HeatChoice>): void {
    this.tell<HeatChoice>('mqt-heat', { ...this.heat, ...patch });
  }
}

/** Evenly picked colours, the first and the last among them. */
function thinned(palette: readonly string[], most: number): string[] {
  if (palette.length <= most) return palette.slice();
  return Array.from({ length: most }, (_, i) => palette[Math.round((i * (palette.length - 1)) / (most - 1))] as string);
}

customElements.define('mqt-heat', HeatPanel);
