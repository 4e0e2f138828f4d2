/**
 * Where records come from: a rate or a counted trace, spread over the partitions by key hash. One arrival is pending at
 * a time; the draws are its own streams, so the same records arrive at the same times whatever the job does.
 */
import { type RandomStream, portablePow, roundPositive } from '../sim/index.ts';
import type { World } from '../sim/index.ts';
import { ARRIVE } from './actions.ts';
import type { InputPartition } from './kafka/input-partition.ts';
import type { InputPlan, LoadPlan } from './plan.ts';

export class Load {
  readonly actor: number;
  readonly #world: World;
  readonly #plan: LoadPlan;
  readonly #perArrival: number;
  readonly #inputs: readonly InputPartition[];
  readonly #plans: readonly InputPlan[];
  /** Upper ends of the SSPs' shares in [0, 1). */
  readonly #shares: Float64Array;
  readonly #times: RandomStream;
  readonly #places: RandomStream;
  /** Rate: records offered so far. Trace: records offered in the current interval. */
  #offered: number = 0;
  #interval: number = -1;
  #burstEnds: number = 0;

  constructor(
    world: World,
    plan: LoadPlan,
    target: { inputs: readonly InputPartition[]; plans: readonly InputPlan[]; recordsPerArrival: number },
    streams: (name: string) => RandomStream,
  ) {
    this.#world = world;
    this.#plan = plan;
    this.#inputs = target.inputs;
    this.#plans = target.plans;
    this.#perArrival = target.recordsPerArrival;
    this.#times = streams('load/times');
    this.#places = streams('load/places');
    this.actor = world.addActor('load');
    const weights = this.#plans.flatMap((input) =>
      Array.from({ length: input.partitions }, () => input.weight / input.partitions),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let upTo = 0;
    this.#shares = Float64Array.from(weights, (weight) => (upTo += weight / total));
    this.#schedule();
  }

  /** `records` arrive now at one partition. */
  arrive(records: number): void {
    const ssp = this.#choose();
    const input = this.#inputs[ssp] as InputPartition;
    this.#schedule();
    input.append(records);
  }

  #choose(): number {
    const draw = this.#places.next();
    let ssp = 0;
    while (ssp < this.#shares.length - 1 && draw >= (this.#shares[ssp] as number)) ssp++;
    let first = 0;
    for (const plan of this.#plans) {
      // A stream that has not begun yet leaves its share to the first one.
      if (ssp < first + plan.partitions)
        return this.#world.now < plan.startsAtMicros ? (ssp - first) % (this.#plans[0] as InputPlan).partitions : ssp;
      first += plan.partitions;
    }
    return ssp;
  }

  #schedule(): void {
    if (this.#plan.kind === 'rate') this.#scheduleRate(this.#plan);
    else this.#scheduleTrace(this.#plan);
  }

  #scheduleRate(plan: LoadPlan & { kind: 'rate' }): void {
    if (plan.perSecond <= 0 || (plan.records !== null && this.#offered >= plan.records)) return;
    const records = Math.min(this.#perArrival, plan.records === null ? Infinity : plan.records - this.#offered);
    this.#offered += records;
    const due = this.#nextAtRate(plan, records);
    if (plan.stopsAtMicros !== null && due > plan.stopsAtMicros) return;
    this.#world.post(ARRIVE, this.actor, Math.max(0, due - this.#world.now), records);
  }

  #nextAtRate(plan: LoadPlan & { kind: 'rate' }, records: number): number {
    const { now } = this.#world;
    const gap = (records * 1e6) / plan.perSecond;
    switch (plan.arrivals) {
      case 'even':
        return Math.round((this.#offered * 1e6) / plan.perSecond);
      case 'poisson':
        return now + roundPositive(this.#times.exponential(gap));
      case 'bursty': {
        let due = now + this.#times.exponential(gap);
        // What is left of the gap when a burst ends is carried over the silence.
        while (due > this.#burstEnds) {
          const silence = this.#burstEnds === 0 ? 0 : this.#times.exponential(plan.burstOffMicros);
          const left = due - Math.max(now, this.#burstEnds);
          due = this.#burstEnds + silence + left;
          this.#burstEnds = this.#burstEnds + silence + this.#times.exponential(plan.burstOnMicros);
        }
        return Math.round(due);
      }
    }
  }

  #scheduleTrace(plan: LoadPlan & { kind: 'trace' }): void {
    while (this.#interval < 0 || this.#offered >= (plan.counts[this.#interval] as number)) {
      this.#interval++;
      this.#offered = 0;
      if (this.#interval >= plan.counts.length) return;
    }
    const i = this.#interval;
    const count = plan.counts[i] as number;
    const start = plan.startMicros[i] as number;
    const end = plan.startMicros[i + 1] ?? plan.endMicros;
    const records = Math.min(this.#perArrival, count - this.#offered);
    const arrivalsLeft = Math.ceil((count - this.#offered) / this.#perArrival);
    const arrivals = Math.ceil(count / this.#perArrival);
    const nth = arrivals - arrivalsLeft;
    this.#offered += records;
    let due: number;
    if (plan.arrivals === 'even') due = start + Math.floor(((nth + 0.5) * (end - start)) / arrivals);
    else {
      // The next of n uniform points in what is left of the interval: order statistics, one draw each.
      const from = Math.max(start, this.#world.now);
      due = from + Math.floor((end - from) * (1 - portablePow(1 - this.#times.next(), 1 / arrivalsLeft)));
      if (due >= end) due = end - 1;
    }
    this.#world.post(ARRIVE, this.actor, Math.max(0, due - this.#world.now), records);
  }
}
