// The title, the district's figures and the page's own switches.

import { css, html, nothing } from 'lit';
import type { Summary } from './api';
import type { Language, Theme } from './app-state';
import { count, t } from './i18n';
import { MqtElement, surface } from './element';
import { pageIcon } from './icons';

export class TopBar extends MqtElement {
  static override properties = {
    place: { attribute: false },
    summary: { attribute: false },
    theme: { attribute: false },
    language: { attribute: false },
  };
  declare place: string; // the district's name, '' while unknown
  declare summary: Summary | null;
  declare theme: Theme;
  declare language: Language;

  constructor() {
    super();
    this.place = '';
    this.summary = null;
    this.theme = 'night';
    this.language = 'zh';
  }

  static override styles = [
    surface,
    css`
      .bar {
        display: flex;
        align-items: center;
        gap: 24px;
        height: 56px;
        padding: 0 20px;
        background: var(--surface);
        border-bottom: 1px solid var(--line);
      }
      h1 {
        margin: 0;
        font-size: 20px;
        font-weight: 500;
        letter-spacing: 0.16em;
        white-space: nowrap;
      }
      .place {
        color: var(--ink-2);
        letter-spacing: 0.1em;
        white-space: nowrap;
        margin-left: -8px;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      dl {
        display: flex;
        gap: 32px;
        margin-left: auto;
      }
      dl div {
        display: flex;
        align-items: baseline;
        gap: 8px;
        flex-direction: row-reverse;
        white-space: nowrap;
      }
      dd {
        font-size: 20px;
        font-weight: 500;
        letter-spacing: 0.02em;
      }
      .hot dd {
        color: var(--accent-ink);
      }
      dt {
        color: var(--ink-2);
        font-size: 12.5px;
      }
      .tools {
        display: flex;
        gap: 4px;
        margin-right: -8px;
      }
      .tools button {
        display: grid;
        place-items: center;
        min-width: 36px;
        height: 36px;
        border-radius: 8px;
        color: var(--ink-2);
      }
      .tools button:hover {
        background: var(--hover);
        color: var(--ink);
      }
      @media (max-width: 1100px) {
        dl div:not(.hot) {
          display: none;
        }
      }
      @media (max-width: 720px) {
        .bar {
          padding: 0 14px;
          gap: 12px;
          height: 48px;
        }
        h1 {
          font-size: 16px;
          letter-spacing: 0.1em;
        }
        .place,
        .full {
          display: none;
        }
        .tools .full {
          display: none;
        }
        dd {
          font-size: 17px;
        }
      }
    `,
  ];

  override render() {
    return html`
      <header class="bar">
        <h1>${t('title')}</h1>
        ${this.place ? html`<span class="place">${this.place}</span>` : nothing}
        <dl aria-label=${t('summary')}>${this.summary ? this.#figures(this.summary) : nothing}</dl>
        <div class="tools">
          <button data-do="language" aria-label=${`${this.#otherName()} · ${t('languageOther')}`} title=${t('languageOther')} @click=${this.#otherLanguage}>
            ${this.#otherName()}
          </button>
          <button data-do="theme" aria-label=${this.#themeTitle()} title=${this.#themeTitle()} @click=${this.#otherTheme}>
            ${pageIcon(this.theme === 'night' ? 'sun' : 'moon')}
          </button>
          <button class="full" data-do="fullscreen" aria-label=${t('fullscreen')} title=${t('fullscreen')} @click=${fullscreen}>
            ${pageIcon('fullscreen')}
          </button>
        </div>
      </header>
    `;
  }

  #figures(summary: Summary) {
    const figure = (n: number, title: string, kind = '') =>
      html`<div class=${kind}><dt>${title}</dt><dd class="figure">${count(n)}</dd></div>`;
    const hasRegister = summary.households > 0 || summary.persons > 0;
    return [
      figure(summary.buildings, t('statBuildings')),
      ...(hasRegister ? [figure(summary.households, t('statHouseholds')), figure(summary.persons, t('statPersons'))] : []),
      figure(summary.tickets_open, t('statOpen'), 'hot'),
    ];
  }

  #otherName(): string {
    return this.language === 'zh' ? 'EN' : '中';
  }

  #themeTitle(): string {
    return t(this.theme === 'night' ? 'themeToDay' : 'themeToNight');
  }

  #otherLanguage = () => this.tell<Language>('mqt-language', this.language === 'zh' ? 'en' : 'zh');
  #otherTheme = () => this.tell<Theme>('mqt-theme', this.theme === 'night' ? 'day' : 'night');
}

function fullscreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen();
}

customElements.define('mqt-top', TopBar);
