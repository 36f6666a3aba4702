// The browser's one live stream, shared by all tabs: a browser opens six HTTP/1.1 connections to a
// host, and a stream keeps one of them. A tab that joins later is told how the link is.

import { openStream, type LiveMessage } from './live-stream';

const scope = self as unknown as { onconnect: (event: MessageEvent) => void };
const ports = new Set<MessagePort>();
let latest: LiveMessage | null = null; // the last heartbeat or loss
let streaming = false;

function broadcast(message: LiveMessage): void {
  if (message.kind === 'heartbeat' || message.kind === 'lost') latest = message;
  for (const port of ports) port.postMessage(message);
}

scope.onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  ports.add(port);
  port.onmessage = ({ data }) => {
    if (data === 'bye') ports.delete(port);
  };
  if (latest) port.postMessage(latest);
  if (!streaming) openStream('/live', broadcast);
  streaming = true;
};
