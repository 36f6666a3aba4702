// The browser's one live stream, shared by all tabs: a browser opens six HTTP/1.1 connections to a
// host, and a stream keeps one of them. A tab that joins later is told what the others know.

import { openStream, type LiveMessage, type Ticket } from './live-stream';

const scope = self as unknown as { onconnect: (event: MessageEvent) => void };
const keptTickets = 30;

const ports = new Set<MessagePort>();
let latest: LiveMessage | null = null; // the last heartbeat or loss
let tickets: Ticket[] = []; // oldest first
let streaming = false;

function broadcast(message: LiveMessage): void {
  if (message.kind === 'heartbeat' || message.kind === 'lost') latest = message;
  if (message.kind === 'ticket') {
    const ticket = message.data;
    tickets = tickets.filter((other) => other.id !== ticket.id);
    if (ticket.op === 'upsert') tickets = [...tickets, ticket].slice(-keptTickets);
  }
  for (const port of ports) port.postMessage(message);
}

scope.onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  ports.add(port);
  port.onmessage = ({ data }) => {
    if (data === 'bye') ports.delete(port);
  };
  for (const ticket of tickets) port.postMessage({ kind: 'ticket', data: ticket, replayed: true } satisfies LiveMessage);
  if (latest) port.postMessage(latest);
  if (!streaming) openStream('/live', broadcast);
  streaming = true;
};
