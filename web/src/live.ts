// The page's end of the live stream: messages, and how fresh the picture is.

import { openStream, type Heartbeat, type LiveMessage } from './live-stream';

export type { Change, Heartbeat, LiveMessage, Ticket } from './live-stream';

export type LinkState = 'connecting' | 'live' | 'lost' | 'late' | 'database';

export interface LinkReport {
  state: LinkState;
  dataAsOf: Date | null;
}

const late_ms = 15_000;

export function connectLive(receive: (message: LiveMessage) => void): void {
  if (typeof SharedWorker === 'undefined') {
    openStream('/live', receive);
    return;
  }
  const worker = new SharedWorker(new URL('./live-worker.ts', import.meta.url), { type: 'module', name: 'mqt-live' });
  let failed = false;
  worker.onerror = () => {
    if (!failed) openStream('/live', receive);
    failed = true;
  };
  worker.port.onmessage = (event: MessageEvent<LiveMessage>) => receive(event.data);
  addEventListener('pagehide', () => worker.port.postMessage('bye'));
  // A page that comes back out of the browser's back-forward cache has lost its port's place.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
}

/** Follows the stream and reports every turn of the link's state, also the silent one. */
export class LinkWatch {
  #state: LinkState = 'connecting';
  #dataAsOf: Date | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly report: (report: LinkReport) => void) {
    this.#arm();
  }

  hear(message: LiveMessage): void {
    if (message.kind === 'lost') {
      this.#turn('lost');
      return;
    }
    this.#arm();
    if (message.kind === 'heartbeat') this.#heartbeat(message.data);
  }

  #heartbeat(data: Heartbeat): void {
    const dataAsOf = data.data_as_of ? new Date(data.data_as_of) : null;
    if (dataAsOf && !Number.isNaN(dataAsOf.getTime())) this.#dataAsOf = dataAsOf;
    this.#turn(data.database === 'down' ? 'database' : 'live');
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#state !== 'lost') this.#turn('late');
    }, late_ms);
  }

  #turn(state: LinkState): void {
    this.#state = state;
    this.report({ state, dataAsOf: this.#dataAsOf });
  }
}
