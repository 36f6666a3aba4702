// Which layers are off: those that somebody switched off, and those that wait until somebody asks. The
// choice keeps only what differs from the style's own, so that a link stays short and old links hold.

import type { StyleSpecification } from 'maplibre-gl';
import type { AppState } from './app-state';
import { sourceLayer } from './compose-style';

type LayerChoice = Pick<AppState, 'off' | 'on'>;

/** The style marks them: a crowd would bury the district. */
function waiting(base: StyleSpecification | null): Set<string> {
  const marked = (base?.layers ?? []).filter((layer) => (layer.metadata as Record<string, unknown> | undefined)?.['mqt:unasked']);
  return new Set(marked.map((layer) => sourceLayer(layer) ?? ''));
}

export function layersOff(base: StyleSpecification | null, { off, on }: LayerChoice): string[] {
  return [...new Set([...off, ...waiting(base)])].filter((id) => !on.includes(id));
}

export function switched(base: StyleSpecification | null, { off, on }: LayerChoice, id: string, isOn: boolean): LayerChoice {
  const waits = waiting(base).has(id);
  const without = (ids: readonly string[]) => ids.filter((other) => other !== id);
  return {
    off: isOn || waits ? without(off) : [...without(off), id],
    on: isOn && waits ? [...without(on), id] : without(on),
  };
}
