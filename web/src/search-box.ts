// The search field and its list of hits (ARIA combobox).

import { css, html, nothing } from 'lit';
import { search, type SearchResult } from './api';
import { either, t } from './i18n';
import { MqtElement, surface } from './element';
import { pageIcon } from './icons';

const pause_ms = 160;
const most = 8;

export class SearchBox extends MqtElement {
  static override properties = {
    layerTitles: { attribute: false },
    text: { state: true },
    results: { state: true },
    active: { state: true },
    failed: { state: true },
  };
  declare layerTitles: ReadonlyMap<string, readonly [string, string]>;
  declare text: string;
  declare results: SearchResult[] | null; // null: list closed
  declare active: number;
  declare failed: boolean;
  #asking: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.layerTitles = new Map();
    this.text = '';
    this.results = null;
    this.active = -1;
    this.failed = false;
  }

  static override styles = [
    surface,
    css`
      :host {
        position: relative;
      }
      .field {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 0 12px;
      }
      .field .icon {
        color: var(--ink-2);
      }
      input[type='text'] {
        border: 0;
        background: none;
        padding: 9px 0;
        outline: none;
      }
      .field:focus-within {
        border-color: var(--focus);
      }
      .clear {
        display: grid;
        color: var(--ink-2);
      }
      .list {
        position: absolute;
        inset: calc(100% + 6px) 0 auto;
        z-index: 5;
        padding: 6px;
        background: var(--surface-solid);
      }
      #hits {
        max-height: calc(60vh / var(--wall, 1));
        overflow: auto;
      }
      li {
        padding: 6px 10px;
        border-radius: 7px;
        cursor: pointer;
        display: grid;
        grid-template-columns: 1fr auto;
        column-gap: 10px;
      }
      li[aria-selected='true'],
      li:hover {
        background: var(--hover);
      }
      li .quiet {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .where {
        grid-column: 1 / -1;
      }
      .none {
        padding: 8px 12px;
      }
    `,
  ];

  override render() {
    const open = this.results !== null || this.failed;
    return html`
      <div class="panel field" role="search">
        ${pageIcon('search')}
        <input
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck="false"
          aria-label=${t('search')}
          aria-expanded=${open ? 'true' : 'false'}
          aria-controls="hits"
          aria-autocomplete="list"
          aria-activedescendant=${this.active >= 0 ? `hit-${this.active}` : nothing}
          placeholder=${t('searchPlaceholder')}
          .value=${this.text}
          @input=${this.#typed}
          @keydown=${this.#key}
          @blur=${this.#close}
        />
        ${this.text
          ? html`<button class="clear" aria-label=${t('close')} @mousedown=${keepFocus} @click=${this.#clear}>${pageIcon('close')}</button>`
          : nothing}
      </div>
      <div class="panel list" ?hidden=${!open}>
        <div role="status">
          ${this.failed ? html`<p class="none quiet">${t('searchFailed')}</p>` : nothing}
          ${this.results?.length === 0 ? html`<p class="none quiet">${t('searchNone')}</p>` : nothing}
        </div>
        <ul id="hits" role="listbox" aria-label=${t('search')}>
          ${(this.results ?? []).map((hit, i) => this.#hit(hit, i))}
        </ul>
      </div>
    `;
  }

  #hit(hit: SearchResult, i: number) {
    const [zh, en] = this.layerTitles.get(hit.layer) ?? [hit.layer, hit.layer];
    return html`
      <li id="hit-${i}" role="option" aria-selected=${i === this.active ? 'true' : 'false'} @mousedown=${keepFocus} @click=${() => this.#take(hit)}>
        <span>${hit.title}</span><span class="quiet">${either(zh, en)}</span>
        ${hit.subtitle ? html`<span class="quiet where">${hit.subtitle}</span>` : nothing}
      </li>
    `;
  }

  #typed = (event: InputEvent) => {
    this.text = (event.target as HTMLInputElement).value;
    clearTimeout(this.#timer);
    if (this.text.trim()) this.#timer = setTimeout(() => void this.#ask(), pause_ms);
    else this.#close();
  };

  async #ask(): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const results = await search(this.text.trim(), most, asking.signal);
      if (asking.signal.aborted) return;
      this.results = results;
      this.failed = false;
      this.active = results.length > 0 ? 0 : -1;
    } catch {
      if (asking.signal.aborted) return;
      this.results = null;
      this.failed = true;
    }
  }

  #key = (event: KeyboardEvent) => {
    const hits = this.results ?? [];
    if (event.isComposing) return; // Enter that ends an input method's word is not a choice
    if (event.key === 'Escape') this.#close();
    else if (event.key === 'Enter' && hits[this.active]) this.#take(hits[this.active] as SearchResult);
    else if (event.key === 'ArrowDown' && hits.length > 0) this.active = (this.active + 1) % hits.length;
    else if (event.key === 'ArrowUp' && hits.length > 0) this.active = (this.active + hits.length - 1) % hits.length;
    else return;
    event.preventDefault();
  };

  #take(hit: SearchResult): void {
    this.text = hit.title;
    this.#close();
    this.tell('mqt-found', hit);
  }

  #clear = () => {
    this.text = '';
    this.#close();
  };

  #close = () => {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.results = null;
    this.failed = false;
    this.active = -1;
  };
}

function keepFocus(event: Event): void {
  event.preventDefault();
}

customElements.define('mqt-search', SearchBox);
