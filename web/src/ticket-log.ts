// The latest tickets, newest first: those that the server remembers, and on top what came in since
// this page was opened. Bounded, each ticket once.

import type { Ticket } from './live-stream';

export interface LoggedTicket extends Ticket {
  fresh: boolean; // came in while the page was open
}

const kept = 30;

export class TicketLog {
  tickets: readonly LoggedTicket[] = [];
  #heard: Map<number, Ticket> | null = null; // while the server is asked for what it remembers

  /** News of the stream. True when the ticket was not in the list. */
  hear(ticket: Ticket): boolean {
    this.#heard?.set(ticket.id, ticket);
    const known = this.tickets.find(({ id }) => id === ticket.id);
    if (ticket.op === 'delete') this.tickets = this.tickets.filter(({ id }) => id !== ticket.id);
    else if (known) this.tickets = this.tickets.map((other) => (other === known ? { ...ticket, fresh: known.fresh } : other));
    else this.tickets = [{ ...ticket, fresh: true }, ...this.tickets].slice(0, kept);
    return !known && ticket.op !== 'delete';
  }

  /** Starts from what the server remembers. What is heard meanwhile is newer than its answer. */
  async fill(ask: (limit: number) => Promise<readonly Ticket[]>): Promise<void> {
    const heard = new Map<number, Ticket>();
    this.#heard = heard;
    const remembered = await ask(kept);
    if (this.#heard !== heard) return; // it was asked again
    this.#heard = null;
    const fresh = new Set(this.tickets.filter((ticket) => ticket.fresh).map(({ id }) => id));
    const listed = new Set(remembered.map(({ id }) => id));
    const onTop = [...heard.values()].filter(({ id }) => !listed.has(id)).reverse();
    this.tickets = [...onTop, ...remembered.map((ticket) => heard.get(ticket.id) ?? ticket)]
      .filter(({ op }) => op !== 'delete')
      .slice(0, kept)
      .map((ticket) => ({ ...ticket, fresh: fresh.has(ticket.id) }));
  }
}
