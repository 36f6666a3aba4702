// Keeps the address true to the page: steps of the drill-down are entries of the browser's history,
// everything else rewrites the entry that is there.

import type { AppState } from './app-state';
import { formatHash, parseHash } from './state-in-url';
import { throttled } from './throttle';

const pause_ms = 400;

interface Entry {
  mqt: 'start' | 'place' | 'card'; // what making the entry did
}

export interface Turn {
  state: AppState;
  isOurs: boolean; // Back or Forward to a step of this page; else somebody edited the address
}

export class AddressBar {
  constructor(
    private readonly current: () => AppState,
    turned: (turn: Turn) => void,
  ) {
    if (!entry()) this.#rewriteAs({ mqt: 'start' });
    addEventListener('popstate', () => {
      const isOurs = entry() !== null;
      const state = parseHash(location.hash);
      if (!isOurs) history.replaceState({ mqt: 'start' } satisfies Entry, '');
      turned({ state, isOurs });
    });
  }

  /** Soon, and not more often than browsers allow. */
  rewrite = throttled(pause_ms, () => this.#rewriteAs(entry() ?? { mqt: 'start' }));

  /** The state before the step stays behind as an entry; call before the state changes. */
  step(kind: 'place' | 'card', next: AppState): void {
    this.#rewriteAs(entry() ?? { mqt: 'start' });
    history.pushState({ mqt: kind } satisfies Entry, '', formatHash(next));
  }

  /** Takes back the step that opened the card; false when no such step was made here. */
  unstepCard(): boolean {
    if (entry()?.mqt !== 'card') return false;
    history.back();
    return true;
  }

  #rewriteAs(entry: Entry): void {
    history.replaceState(entry, '', formatHash(this.current()));
  }
}

function entry(): Entry | null {
  const state = history.state as Partial<Entry> | null;
  return state?.mqt ? (state as Entry) : null;
}
