/**
 * Where a job stands in its input. In a microsecond `p` units arrive and up to `q` are processed, p / q being the load in
 * lowest terms, so positions are whole numbers and catching up is exact to the microsecond in which it ends. Positions count
 * from the restart point (what the newest completed checkpoint covers), so they stay small however long the run.
 */
import { IntegerSum } from '../../sim/index.ts';
import { LatencySum } from './latency-sum.ts';
import type { FluidLatency } from './outcome.ts';
import type { Load, Measure } from './plan.ts';

/** Beyond this a load is rounded to a fraction with this denominator. */
const DENOMINATOR_MAX = 100_000;

export class FluidFlow {
  /** 0 for a saturated job, whose input waits outside. */
  readonly p: number;
  readonly q: number;
  /** Units processed behind the restart point, now. */
  position: number = 0;
  /** The furthest position ever processed. */
  furthest: number = 0;
  /** Units that have arrived and wait. */
  backlog: number = 0;

  usefulMicros: number = 0;
  replayMicros: number = 0;
  /** Up and without backlog: processing as records arrive. */
  caughtUpMicros: number = 0;
  /** Units that durable checkpoints cover. */
  readonly committed: IntegerSum = new IntegerSum();
  readonly #load: Load;
  readonly #first: LatencySum;
  readonly #again: LatencySum;
  readonly #sink: LatencySum;
  readonly #boundsMicros: readonly number[];
  readonly #late: readonly IntegerSum[];

  constructor(load: Load, { latencyBoundsMicros, quantiles }: Measure) {
    this.#load = load;
    [this.p, this.q] = load.kind === 'saturated' ? [0, 1] : lowestTerms(load.inputPerSecond, load.capacityPerSecond);
    this.#boundsMicros = latencyBoundsMicros;
    this.#late = latencyBoundsMicros.map(() => new IntegerSum());
    this.#first = new LatencySum(quantiles);
    this.#again = new LatencySum(quantiles);
    this.#sink = new LatencySum(quantiles);
  }

  /** The job is up for `span` µs. Returns after how many of them it has caught up, or -1 if it had before or still has not. */
  run(span: number): number {
    const { p, q, backlog } = this;
    if (p === 0) {
      this.#process(span, span);
      return -1;
    }
    let busy = 0;
    if (backlog > 0 || q < p) {
      busy = q > p ? Math.min(span, Math.ceil(backlog / (q - p))) : span;
      this.#drain(busy, Math.max(0, backlog - busy * (q - p)));
      if (this.backlog > 0) return -1;
    }
    const idle = span - busy;
    if (idle > 0) {
      this.caughtUpMicros += idle;
      this.position += p * idle;
      this.furthest = this.position;
      this.#first.atOnce.add(p * idle);
    }
    return backlog > 0 ? busy : -1;
  }

  /** The job stands still for `span` µs while input arrives. */
  wait(span: number): void {
    this.backlog += this.p * span;
  }

  /** A checkpoint of this position is durable: the restart point moves there. */
  commit(position: number): void {
    if (this.p > 0) this.#sink.add(this.retained, this.retained - position, position);
    this.committed.add(position);
    this.position -= position;
    this.furthest -= position;
  }

  /** A failure: back to the restart point, or to one `before` it, whose work is then no longer covered. */
  rewind(before: number): void {
    if (this.p > 0) this.backlog += this.position + before;
    if (before > 0) this.committed.add(-before);
    this.furthest += before;
    this.position = 0;
  }

  /** Units that have arrived (of a saturated job: been processed) since the restart point. */
  get retained(): number {
    return this.position + this.backlog;
  }

  /** Of the time caught up, the part spent processing. */
  get caughtUpBusyMicros(): number {
    return Math.round((this.caughtUpMicros * this.p) / this.q);
  }

  /** Null where it is not bounded: a saturated or overloaded job. */
  latency(): FluidLatency | null {
    if (this.#load.kind === 'saturated' || this.q <= this.p) return null;
    const { inputPerSecond } = this.#load;
    const { p } = this;
    const stretch = this.q / (this.q - p);
    const firstOutput = LatencySum.view([this.#first], { p, stretch, inputPerSecond });
    const late = this.#late.map((sum, i) => {
      const records = ((sum.toNumber() * stretch) / (p * 1e6)) * inputPerSecond;
      return { bound_us: this.#boundsMicros[i]!, records, fraction: records / firstOutput.records };
    });
    return {
      firstOutput,
      replay: LatencySum.view([this.#first, this.#again], { p, stretch, inputPerSecond }),
      sink: LatencySum.view([this.#sink], { p, stretch: 1, inputPerSecond }),
      late,
    };
  }

  /** Moves on by `units` in `micros`; returns how many of the units had been processed before. */
  #process(units: number, micros: number): number {
    const ahead = this.furthest - this.position;
    this.position += units;
    if (ahead >= units) {
      this.replayMicros += micros;
      return units;
    }
    const again = Math.min(micros, Math.ceil(ahead / this.q));
    this.replayMicros += again;
    this.usefulMicros += micros - again;
    this.furthest = this.position;
    return ahead;
  }

  /** The backlog falls to `left` in `micros` of processing. */
  #drain(micros: number, left: number): void {
    const from = this.backlog;
    const units = this.p * micros + from - left;
    const again = this.#process(units, micros);
    this.backlog = left;
    if (from <= left) return; // overloaded: the backlog does not fall, and no mean latency exists
    // Where in the fall of the backlog the replay ends, to the nearest unit.
    const turn = from - Math.round((again / units) * (from - left));
    this.#again.add(from, turn, again);
    this.#first.add(turn, left, units - again);
    for (let i = 0; i < this.#late.length; i++) {
      const bound = this.#boundsMicros[i]! * this.p;
      if (turn > bound) this.#late[i]!.add(turn - Math.max(left, bound));
    }
  }
}

/** input / capacity in lowest terms. */
function lowestTerms(input: number, capacity: number): [number, number] {
  let [a, b] = [input, capacity];
  while (b > 0) [a, b] = [b, a % b];
  const [p, q] = [input / a, capacity / a];
  return q <= DENOMINATOR_MAX
    ? [p, q]
    : lowestTerms(Math.max(1, Math.round((p / q) * DENOMINATOR_MAX)), DENOMINATOR_MAX);
}
