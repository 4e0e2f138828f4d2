// A whole job on the slow twin of the event queue: the oracle that the fast queue changes nothing, and the measure of what
// it is worth.
import { KIND_NAMES } from '../../models/actions.ts';
import type { RunPlan } from '../../models/index.ts';
import { Job } from '../../models/samza/job.ts';
import { World, runTimed } from '../../sim/index.ts';
import { ObjectHeap } from '../sim/object-heap.ts';

/** ObjectHeap with the rest of what a world asks of its queue. */
class HeapQueue extends ObjectHeap {
  ties: number = 0;

  filter(keep: (slot: number) => boolean): void {
    const all = this.drain();
    for (const { due, slot } of all) if (keep(slot)) this.push(due, 0, slot);
  }

  forEach(visit: (slot: number, due: number) => void): void {
    const all = this.drain();
    for (const { due, slot } of all) {
      visit(slot, due);
      this.push(due, 0, slot);
    }
  }

  /** Everything, in order; pushed again it keeps its order, since all ranks are equal. */
  private drain(): readonly { readonly due: number; readonly slot: number }[] {
    const all: { due: number; slot: number }[] = [];
    while (this.size > 0) {
      const slot = this.pop();
      all.push({ due: this.poppedDue, slot });
    }
    return all;
  }
}

/** Runs a plan with first-in-first-out ties on an object heap; the world holds its digests and counters. */
export function runOnObjectHeap(plan: RunPlan): World {
  if (plan.ties !== 'fifo') throw new Error('the twin knows no ranks');
  const world = new World(KIND_NAMES);
  Object.defineProperty(world, 'queue', { value: new HeapQueue() });
  runTimed(world, new Job(plan, world), plan.horizonMicros);
  return world;
}
