// How fresh the picture is, in one quiet line; and the banner when it is not.

import { css, html, nothing } from 'lit';
import type { LinkReport } from './live';
import { clock, moment, t } from './i18n';
import { MqtElement, surface } from './element';

export class StatusLine extends MqtElement {
  static override properties = { link: { attribute: false } };
  declare link: LinkReport;

  constructor() {
    super();
    this.link = { state: 'connecting', dataAsOf: null };
  }

  static override styles = [
    surface,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 8px;
        font-size: 12.5px;
        color: var(--ink-2);
        white-space: nowrap;
      }
      .lamp {
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: var(--track);
      }
      .live {
        background: var(--ok);
      }
      .lost,
      .late,
      .database {
        background: var(--bad);
      }
    `,
  ];

  override render() {
    const { state, dataAsOf } = this.link;
    return html`
      <span class="lamp ${state}"></span>
      <span>${state === 'live' ? t('live') : state === 'connecting' ? t('connecting') : ''}</span>
      ${dataAsOf ? html`<span class="figure">${t('dataAsOf')} <time datetime=${dataAsOf.toISOString()}>${clock(dataAsOf)}</time></span>` : nothing}
    `;
  }
}

export class LinkBanner extends MqtElement {
  static override properties = { link: { attribute: false }, problem: { attribute: false } };
  declare link: LinkReport;
  declare problem: string; // why there is no map at all; '' when there is one

  constructor() {
    super();
    this.link = { state: 'connecting', dataAsOf: null };
    this.problem = '';
  }

  static override styles = [
    surface,
    css`
      .banner {
        padding: 8px 18px;
        border-radius: 8px;
        background: var(--banner);
        color: var(--banner-ink);
        border: 1px solid var(--bad);
        box-shadow: var(--shadow);
        text-align: center;
      }
    `,
  ];

  override render() {
    const words = this.#words();
    return html`<div role="alert">${words ? html`<p class="banner">${words}</p>` : nothing}</div>`;
  }

  #words(): string {
    const { state, dataAsOf } = this.link;
    const time = dataAsOf ? moment(dataAsOf) : '–';
    if (state === 'lost') return dataAsOf ? t('bannerServer', { time }) : t('bannerServerNever');
    if (state === 'late') return t('bannerLate', { time });
    if (state === 'database') return t('bannerDatabase', { time });
    return this.problem ? t('bannerMap', { reason: this.problem }) : '';
  }
}

customElements.define('mqt-status', StatusLine);
customElements.define('mqt-banner', LinkBanner);
