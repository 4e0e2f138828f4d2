// A whole job on the slow twin of the event queue: the oracle that the fast queue changes nothing, and the measure of what
// it is worth.
import { KIND_NAMES } from '../../models/actions.ts';
import type { RunPlan } from '../../models/index.ts';
import { Job } from '../../models/samza/job.ts';
import { type EventQueue, World, runTimed } from '../../sim/index.ts';
import { RECORD_REALS } from '../../sim/queue.ts';
import { ObjectHeap } from '../sim/object-heap.ts';

/** ObjectHeap with the rest of what a world asks of its queue; the records are room of the queue it stands for. */
class HeapQueue extends ObjectHeap {
  ties: number = 0;
  /** The loop asks these when the head is due, and whether it is the run's: it never is, so the loop pops. */
  readonly runDue: number = Infinity;
  readonly run: number = -1;
  readonly heap: { readonly firstDue: number };

  private readonly records: EventQueue;
  private readonly sequences: number[] = [];
  private pushes: number = 0;

  constructor(records: EventQueue) {
    super();
    this.records = records;
    const firstDue = (): number => this.peekDue();
    this.heap = {
      get firstDue() {
        return firstDue();
      },
    };
  }

  get ints(): Int32Array {
    return this.records.ints;
  }

  get reals(): Float64Array {
    return this.records.reals;
  }

  reserve(least: number): void {
    this.records.reserve(least);
  }

  override push(due: number, rank: number, slot: number): void {
    // The loop reads it in the record.
    this.records.reals[slot * RECORD_REALS] = due;
    this.sequences[slot] = this.pushes++;
    super.push(due, rank, slot);
  }

  add(due: number, slot: number): void {
    this.push(due, 0, slot);
  }

  dueOf(slot: number): number {
    return this.records.dueOf(slot);
  }

  sequenceOf(slot: number): number {
    return this.sequences[slot]!;
  }

  filter(keep: (slot: number) => boolean): void {
    const all = this.drain();
    for (const { due, slot } of all) if (keep(slot)) super.push(due, 0, slot);
  }

  forEach(visit: (slot: number, due: number) => void): void {
    const all = this.drain();
    for (const { due, slot } of all) {
      visit(slot, due);
      super.push(due, 0, slot);
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
  Object.defineProperty(world, 'queue', { value: new HeapQueue(world.queue) });
  runTimed(world, new Job(plan, world), plan.horizonMicros);
  return world;
}
