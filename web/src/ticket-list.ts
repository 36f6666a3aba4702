// The latest tickets, newest first, as they come in. Shows only what anyone may know of a ticket.

import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { LoggedTicket } from './ticket-log';
import { moment, t } from './i18n';
import { listPanel, MqtElement, surface } from './element';
import { pageIcon } from './icons';
import { Seats } from './seats';
import { category, channel, status } from './words';

export class TicketList extends MqtElement {
  static override properties = { tickets: { attribute: false } };
  declare tickets: readonly LoggedTicket[]; // newest first
  #seats = new Seats();

  constructor() {
    super();
    this.tickets = [];
  }

  static override styles = [
    surface,
    listPanel,
    css`
      li + li {
        border-top: 1px solid var(--line);
      }
      li > * {
        display: grid;
        grid-template-columns: 8px minmax(0, 1fr) auto;
        column-gap: 10px;
        align-items: baseline;
        width: 100%;
        text-align: left;
        padding: 8px 0;
        border-radius: 4px;
      }
      button:hover .what {
        color: var(--accent-ink);
      }
      .dot {
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: var(--accent);
        align-self: center;
      }
      .closed .dot {
        background: var(--track);
      }
      .what {
        font-weight: 500;
      }
      .more {
        grid-column: 2 / -1;
        display: flex;
        justify-content: space-between;
        gap: 10px;
        white-space: nowrap;
      }
      li.fresh {
        animation: arrive 2.4s ease-out;
      }
      @keyframes arrive {
        from {
          background: var(--accent-soft);
        }
      }
    `,
  ];

  override render() {
    const seats = this.#seats.take(this.tickets.map(({ id }) => id));
    return html`
      <section class="panel" aria-labelledby="head">
        <h2 class="heading" id="head">${pageIcon('ticket')}${t('tickets')}</h2>
        ${this.tickets.length === 0 ? html`<p class="quiet">${t('ticketsWaiting')}</p>` : nothing}
        <div class="scrolls" role="log" aria-labelledby="head" tabindex=${this.tickets.length > 0 ? 0 : nothing}>
          <ol>
            ${repeat(
              this.tickets,
              (_, i) => seats[i], // a row that stays keeps its element, so that only the new one glows
              (ticket) => this.#row(ticket),
            )}
          </ol>
        </div>
      </section>
    `;
  }

  #row(ticket: LoggedTicket) {
    const place = ticket.lon === null ? t('ticketNoPlace') : status(ticket.status);
    const lines = html`
      <span class="dot" title=${channel(ticket.channel)}></span>
      <span class="what">${category(ticket.category)}</span>
      <span class="quiet figure">${moment(new Date(ticket.reported_at))}</span>
      <span class="quiet more"
        ><span class="figure">${ticket.number}</span
        ><span>${place}</span></span
      >
    `;
    const state = ticket.status === 'closed' ? 'closed' : ticket.fresh ? 'fresh' : '';
    return html`
      <li class=${state} data-ticket=${ticket.id}>
        ${ticket.lon === null
          ? html`<div>${lines}</div>`
          : html`<button @click=${() => this.tell('mqt-ticket', ticket)}>${lines}</button>`}
      </li>
    `;
  }
}

customElements.define('mqt-tickets', TicketList);
