/**
 * Time as a chooser: of all pending actions the one due first is applied, until none is due before the horizon.
 * This loop is the discrete-event simulator; the file to read first.
 */
import type { Model, World } from './world.ts';

/** What a chooser may be asked to do besides running. */
export interface Watch {
  /** Called before an action is applied, with its slot. */
  readonly onAction?: ((slot: number) => void) | undefined;
  /** Called every `everyEvents` events. */
  readonly onBeat?: (() => void) | undefined;
  readonly everyEvents?: number;
  /** Stop after this many events in all. */
  readonly maxEvents?: number;
}

/** Runs to the horizon (inclusive, µs). Returns why it ended; the clock then stands at the horizon unless events ran out. */
export function runTimed(world: World, model: Model, horizonMicros: number, watch: Watch = {}): 'horizon' | 'limit' {
  const queue = world.queue;
  const onAction = watch.onAction;
  const limit = watch.maxEvents ?? Infinity;
  const every = watch.onBeat === undefined ? Infinity : (watch.everyEvents ?? 65_536);
  let beat = world.events + every;
  while (queue.peekDue() <= horizonMicros) {
    // Before the pop: what is popped must be applied, or the world would have lost it.
    if (world.events >= limit) return 'limit';
    const slot = queue.pop();
    if (onAction !== undefined && world.isLive(slot)) onAction(slot);
    if (!world.applySlot(slot, model)) continue;
    if (world.events >= beat) {
      beat = world.events + every;
      watch.onBeat?.();
    }
  }
  world.now = horizonMicros;
  return 'horizon';
}
