/**
 * Replay as a chooser: exactly the named actions, in the named order, whenever they are due. Every timed run is such a
 * list, which is what makes it a path of the untimed world; a shrunk counterexample is another.
 */
import type { Watch } from './timed.ts';
import type { Model, World } from './world.ts';

/** What became of a replay. `notEnabled` is the first id that could not be applied, with what was enabled instead. */
export interface ReplayEnd {
  readonly applied: number;
  readonly notEnabled: { readonly id: string; readonly index: number; readonly enabled: readonly string[] } | null;
}

/**
 * Applies `ids` in order. An id that is not enabled ends the replay (`strict`) or is left out (`skip`, for shrinking).
 * At the end the clock moves on to `horizonMicros` if it is behind.
 */
export function runReplay(
  world: World,
  model: Model,
  ids: readonly string[],
  options: { readonly mode: 'strict' | 'skip'; readonly horizonMicros: number; readonly watch?: Watch },
): ReplayEnd {
  let applied = 0;
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index] as string;
    const slot = world.take(id);
    if (slot < 0) {
      if (options.mode === 'skip') continue;
      return { applied, notEnabled: { id, index, enabled: world.enabled() } };
    }
    options.watch?.onAction?.(slot);
    world.applySlot(slot, model);
    applied++;
  }
  if (world.now < options.horizonMicros) world.now = options.horizonMicros;
  return { applied, notEnabled: null };
}
