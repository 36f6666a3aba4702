// The common ground of the page's elements: shared look, and a redraw when the language changes.

import { css, LitElement } from 'lit';
import { language } from './i18n';

export const surface = css`
  :host {
    display: block;
    color: var(--ink);
    font: 400 14px/1.65 var(--font);
    letter-spacing: 0.02em;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  .panel {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: 10px;
    box-shadow: var(--shadow);
  }
  .heading {
    display: flex;
    align-items: center;
    gap: 8px;
    font-size: 14px;
    font-weight: 500;
    letter-spacing: 0.08em;
  }
  .heading .icon {
    color: var(--ink-2);
  }
  .icon {
    width: 18px;
    height: 18px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.7;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .quiet {
    color: var(--ink-2);
    font-size: 12.5px;
  }
  .figure {
    font-variant-numeric: tabular-nums;
  }
  button {
    font: inherit;
    letter-spacing: inherit;
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    cursor: pointer;
  }
  button:focus-visible,
  input:focus-visible,
  [tabindex]:focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  input[type='text'],
  input[type='search'],
  input[type='date'] {
    font: inherit;
    color: var(--ink);
    background: var(--field);
    border: 1px solid var(--line);
    border-radius: 7px;
    padding: 4px 10px;
    width: 100%;
    min-width: 0;
    color-scheme: var(--scheme);
  }
  input::placeholder {
    color: var(--ink-3);
    opacity: 1;
  }
  .switch {
    appearance: none;
    flex: none;
    margin: 0;
    width: 32px;
    height: 18px;
    border-radius: 9px;
    background: var(--track);
    position: relative;
    cursor: pointer;
    transition: background 0.15s;
  }
  .switch::after {
    content: '';
    position: absolute;
    top: 3px;
    left: 3px;
    width: 12px;
    height: 12px;
    border-radius: 50%;
    background: var(--knob);
    transition: transform 0.15s;
  }
  .switch:checked {
    background: var(--switch, var(--on));
  }
  .switch:checked::after {
    transform: translateX(14px);
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
      animation: none !important;
    }
  }
`;

/** A panel with a head that stays and a list that scrolls in what room there is. */
export const listPanel = css`
  :host {
    min-height: 0;
    display: flex;
    flex-direction: column;
  }
  .panel {
    padding: 14px 8px 8px 16px;
    display: flex;
    flex-direction: column;
    gap: 10px;
    min-height: 0;
  }
  .scrolls {
    overflow: auto;
    min-height: 0;
    padding-right: 8px;
    scrollbar-width: thin;
    scrollbar-color: var(--track) transparent;
  }
`;

export class MqtElement extends LitElement {
  #stopListening: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopListening = language.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopListening?.();
    this.#stopListening = null;
  }

  /** Tells the page about a choice; it crosses shadow roots. */
  protected tell<T>(name: string, detail: T): void {
    this.dispatchEvent(new CustomEvent<T>(name, { detail, bubbles: true, composed: true }));
  }
}
