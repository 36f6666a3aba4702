// One EventSource on /live, kept open for ever. Runs in the shared worker, or in the page where
// there is none. Says so when it lost touch; what was missed meanwhile is replayed by the server
// (Last-Event-ID) or announced as a resync.

export interface Heartbeat {
  now: string;
  database: 'up' | 'down';
  data_as_of: string | null;
}

export interface Change {
  layer: string;
  version: number;
  reload: boolean;
  bbox: [number, number, number, number] | null; // west, south, east, north in degrees
  features: number[];
}

export interface Ticket {
  op: 'upsert' | 'delete';
  id: number;
  number: string;
  category: string;
  channel: string;
  status: string;
  severity: number;
  reported_at: string;
  closed_at: string | null;
  building_id: number | null;
  lon: number | null;
  lat: number | null;
}

export type LiveMessage =
  | { kind: 'heartbeat'; data: Heartbeat }
  | { kind: 'change'; data: Change }
  | { kind: 'ticket'; data: Ticket }
  | { kind: 'catalog' }
  | { kind: 'resync' }
  | { kind: 'lost' };

const silence_ms = 15_000; // three heartbeats
const firstPause_ms = 1_000;
const longestPause_ms = 20_000;

/** How long to wait before the next attempt. It grows, and is spread by chance, so that the pages of a whole
 * city do not come back in one moment. chance: 0 to 1. */
export function pauseBefore_ms(attempt: number, chance: number): number {
  const most = Math.min(4 * firstPause_ms * 1.6 ** attempt, longestPause_ms);
  return firstPause_ms + chance * most;
}

export function openStream(address: string, post: (message: LiveMessage) => void): void {
  let source: EventSource | null = null;
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0; // since the stream was last open
  let again = false; // a new EventSource has no Last-Event-ID: the page must load everything anew

  const heard = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => {
      post({ kind: 'lost' });
      reopen();
    }, silence_ms);
  };

  const reopen = () => {
    source?.close();
    clearTimeout(watchdog);
    setTimeout(open, pauseBefore_ms(attempt++, Math.random()));
  };

  const on = <T>(name: string, handle: (data: T) => void) => {
    source?.addEventListener(name, (event) => {
      heard();
      const data = parse<T>((event as MessageEvent<string>).data);
      if (data !== null) handle(data);
    });
  };

  const open = () => {
    let fresh = again;
    source = new EventSource(address);
    source.onopen = () => {
      heard();
      attempt = 0;
      again = true;
      if (fresh) post({ kind: 'resync' });
      fresh = false;
    };
    source.onerror = () => {
      post({ kind: 'lost' });
      if (source?.readyState === EventSource.CLOSED) reopen();
    };
    on<Heartbeat>('heartbeat', (data) => post({ kind: 'heartbeat', data }));
    on<Change>('change', (data) => post({ kind: 'change', data }));
    on<Ticket>('ticket', (data) => post({ kind: 'ticket', data }));
    on('catalog', () => post({ kind: 'catalog' }));
    on('resync', () => post({ kind: 'resync' }));
    heard();
  };

  open();
}

function parse<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
