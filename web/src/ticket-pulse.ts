// A light on the map where a ticket has just come in: a ring that spreads, then a dot that stays
// for a while. At most a few at a time, so that a flood of tickets does not cover the map.

import { Marker, type Map as GlMap } from 'maplibre-gl';
import type { Ticket } from './live';
import { category } from './words';

const maxPulses = 16;
const ring_ms = 12_000;
const dot_ms = 120_000;

export class TicketPulses {
  #markers = new Map<number, { marker: Marker; timers: ReturnType<typeof setTimeout>[] }>();

  constructor(private readonly gl: GlMap) {}

  show(ticket: Ticket): void {
    if (ticket.lon === null || ticket.lat === null) return;
    this.remove(ticket.id);
    const element = document.createElement('div');
    element.className = 'ticket-pulse fresh';
    element.dataset['ticket'] = String(ticket.id);
    element.title = `${category(ticket.category)} ${ticket.number}`;
    element.setAttribute('role', 'img');
    const marker = new Marker({ element }).setLngLat([ticket.lon, ticket.lat]).addTo(this.gl);
    element.setAttribute('aria-label', element.title); // addTo sets a name of its own
    const timers = [
      setTimeout(() => element.classList.remove('fresh'), ring_ms),
      setTimeout(() => this.remove(ticket.id), dot_ms),
    ];
    this.#markers.set(ticket.id, { marker, timers });
    const oldest = this.#markers.keys().next();
    if (this.#markers.size > maxPulses && !oldest.done) this.remove(oldest.value);
  }

  remove(id: number): void {
    const held = this.#markers.get(id);
    if (!held) return;
    held.timers.forEach(clearTimeout);
    held.marker.remove();
    this.#markers.delete(id);
  }
}
