/**
 * What became of every checkpoint, as Flink's own page shows it and with what that page leaves out: the ones that failed
 * and why, how long each waited, and which phase or task each had to wait for (domain facts: engines.md §8). Plain data;
 * times µs, sizes bytes, null where a thing did not happen or the engine has no such thing.
 */
import { Moments, quantileSorted } from '../../sim/statistics.ts';

/** Entries that are listed one by one: the newest, and in front of them the first that did not complete. */
const NEWEST_LISTED = 200;
const INCOMPLETE_LISTED = 100;

export type CheckpointStatus =
  'completed' | 'failed' | 'aborted' | 'skipped' | 'timed-out' | 'cut-off' | 'not-begun' | 'pending';

/** One checkpoint of the job, or of one task where tasks commit alone. */
export interface CheckpointEntry {
  /** `task 3 commit 12`, or a number. */
  readonly checkpoint: string;
  readonly trigger: string;
  readonly status: CheckpointStatus;
  readonly reason: string | null;
  readonly triggered_us: number;
  /** From the trigger to durable and known as such, or to its end; null while it is under way. */
  readonly end_to_end_us: number | null;
  /** Until it could begin. */
  readonly waited_us: number | null;
  /** The longest of its tasks. */
  readonly sync_us: number | null;
  readonly async_us: number | null;
  readonly alignment_us: number | null;
  readonly bytes: number | null;
  /** Persisted in-flight data. */
  readonly in_flight_bytes: number | null;
  readonly acknowledged: number;
  readonly tasks: number;
  /** What it waited for longest: a step, or a task and its phase. */
  readonly slowest: string | null;
  readonly slowest_us: number | null;
}

/** The part of one task. */
export interface TaskPart {
  readonly task: string;
  readonly end_to_end_us: number | null;
  readonly sync_us: number | null;
  readonly async_us: number | null;
  readonly alignment_us: number | null;
  readonly bytes: number | null;
}

const DURATIONS = [
  ['end_to_end_us', 'end to end'],
  ['waited_us', 'waited to begin'],
  ['alignment_us', 'alignment'],
  ['sync_us', 'synchronous part'],
  ['async_us', 'asynchronous part'],
] as const;
const SIZES = [
  ['bytes', 'written'],
  ['in_flight_bytes', 'persisted in-flight'],
] as const;

/** A measure over checkpoints of one kind. */
export interface MeasureSummary {
  readonly measure: (typeof DURATIONS)[number][1] | (typeof SIZES)[number][1];
  readonly of: 'completed' | 'not completed';
  readonly n: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** A task over all completed checkpoints. */
export interface TaskSummary {
  readonly task: string;
  readonly completed: number;
  readonly end_to_end_min_us: number | null;
  readonly end_to_end_mean_us: number | null;
  readonly end_to_end_max_us: number | null;
  readonly sync_min_us: number | null;
  readonly sync_mean_us: number | null;
  readonly sync_max_us: number | null;
  readonly async_min_us: number | null;
  readonly async_mean_us: number | null;
  readonly async_max_us: number | null;
  readonly alignment_min_us: number | null;
  readonly alignment_mean_us: number | null;
  readonly alignment_max_us: number | null;
  readonly bytes_mean: number | null;
  readonly bytes_max: number | null;
}

export interface CheckpointHistory {
  /** What one entry is: `commit of a task`, `checkpoint of the job`. */
  readonly unit: string;
  readonly counts: readonly { readonly status: CheckpointStatus; readonly count: number }[];
  readonly reasons: readonly { readonly status: CheckpointStatus; readonly reason: string; readonly count: number }[];
  /** In µs. */
  readonly durations: readonly MeasureSummary[];
  /** In bytes. */
  readonly sizes: readonly MeasureSummary[];
  readonly by_task: readonly TaskSummary[];
  /** How many completed ones waited longest for this. */
  readonly slowest: readonly { readonly what: string; readonly count: number }[];
  /** By trigger; at most some hundred, and `total` says of how many. */
  readonly entries: readonly CheckpointEntry[];
  readonly total: number;
}

/** Takes entries as they end, keeps what is listed and sums up the rest. */
export class CheckpointHistoryWriter {
  readonly #unit: string;
  readonly #newest: CheckpointEntry[] = [];
  readonly #incomplete: CheckpointEntry[] = [];
  readonly #counts: Map<CheckpointStatus, number> = new Map();
  readonly #reasons: Map<string, { status: CheckpointStatus; reason: string; count: number }> = new Map();
  readonly #slowest: Map<string, number> = new Map();
  readonly #values: Map<string, number[]> = new Map();
  readonly #tasks: Map<string, TaskTally> = new Map();
  #total: number = 0;

  constructor(unit: string) {
    this.#unit = unit;
  }

  add(entry: CheckpointEntry, parts: readonly TaskPart[]): void {
    this.#total++;
    const { status, reason } = entry;
    this.#counts.set(status, (this.#counts.get(status) ?? 0) + 1);
    if (reason !== null) {
      const seen = this.#reasons.get(`${status}\n${reason}`) ?? { status, reason, count: 0 };
      seen.count++;
      this.#reasons.set(`${status}\n${reason}`, seen);
    }
    this.#list(entry);
    if (status === 'pending') return;
    const group = status === 'completed' ? 'completed' : 'not completed';
    for (const [measure] of [...DURATIONS, ...SIZES]) {
      const value = entry[measure];
      if (value === null) continue;
      const key = `${group}\n${measure}`;
      const values = this.#values.get(key) ?? [];
      values.push(value);
      this.#values.set(key, values);
    }
    if (status !== 'completed') return;
    if (entry.slowest !== null) this.#slowest.set(entry.slowest, (this.#slowest.get(entry.slowest) ?? 0) + 1);
    for (const part of parts) this.#tally(part);
  }

  close(): CheckpointHistory {
    const listed = [...new Set([...this.#incomplete, ...this.#newest])];
    return {
      unit: this.#unit,
      counts: [...this.#counts].map(([status, count]) => ({ status, count })).toSorted((a, b) => b.count - a.count),
      reasons: [...this.#reasons.values()].toSorted((a, b) => b.count - a.count),
      durations: this.#summaries(DURATIONS),
      sizes: this.#summaries(SIZES),
      by_task: [...this.#tasks].map(([task, tally]) => tally.summary(task)),
      slowest: [...this.#slowest].map(([what, count]) => ({ what, count })).toSorted((a, b) => b.count - a.count),
      entries: listed.toSorted((a, b) => a.triggered_us - b.triggered_us),
      total: this.#total,
    };
  }

  #summaries(measures: typeof DURATIONS | typeof SIZES): MeasureSummary[] {
    return (['completed', 'not completed'] as const).flatMap((of) =>
      measures.flatMap(([key, measure]) => {
        const values = this.#values.get(`${of}\n${key}`);
        return values === undefined ? [] : [summaryOf(measure, of, values)];
      }),
    );
  }

  #list(entry: CheckpointEntry): void {
    if (entry.status !== 'completed' && this.#incomplete.length < INCOMPLETE_LISTED) this.#incomplete.push(entry);
    this.#newest.push(entry);
    if (this.#newest.length > NEWEST_LISTED) this.#newest.shift();
  }

  #tally(part: TaskPart): void {
    const tally = this.#tasks.get(part.task) ?? new TaskTally();
    tally.add(part);
    this.#tasks.set(part.task, tally);
  }
}

function summaryOf(
  measure: MeasureSummary['measure'],
  of: MeasureSummary['of'],
  values: readonly number[],
): MeasureSummary {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    measure,
    of,
    n: sorted.length,
    min: sorted[0]!,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    p50: quantileSorted(sorted, 0.5),
    p90: quantileSorted(sorted, 0.9),
    p99: quantileSorted(sorted, 0.99),
    p999: quantileSorted(sorted, 0.999),
    max: sorted.at(-1)!,
  };
}

const PART_MEASURES = ['end_to_end_us', 'sync_us', 'async_us', 'alignment_us', 'bytes'] as const;

class TaskTally {
  #completed: number = 0;
  readonly #moments: Map<string, { readonly moments: Moments; min: number; max: number }> = new Map();

  add(part: TaskPart): void {
    this.#completed++;
    for (const measure of PART_MEASURES) {
      const value = part[measure];
      if (value === null) continue;
      const seen = this.#moments.get(measure) ?? { moments: new Moments(), min: value, max: value };
      seen.moments.add(value);
      seen.min = Math.min(seen.min, value);
      seen.max = Math.max(seen.max, value);
      this.#moments.set(measure, seen);
    }
  }

  summary(task: string): TaskSummary {
    const of = (measure: (typeof PART_MEASURES)[number], what: 'min' | 'mean' | 'max'): number | null => {
      const seen = this.#moments.get(measure);
      if (seen === undefined) return null;
      return what === 'mean' ? seen.moments.mean : seen[what];
    };
    return {
      task,
      completed: this.#completed,
      end_to_end_min_us: of('end_to_end_us', 'min'),
      end_to_end_mean_us: of('end_to_end_us', 'mean'),
      end_to_end_max_us: of('end_to_end_us', 'max'),
      sync_min_us: of('sync_us', 'min'),
      sync_mean_us: of('sync_us', 'mean'),
      sync_max_us: of('sync_us', 'max'),
      async_min_us: of('async_us', 'min'),
      async_mean_us: of('async_us', 'mean'),
      async_max_us: of('async_us', 'max'),
      alignment_min_us: of('alignment_us', 'min'),
      alignment_mean_us: of('alignment_us', 'mean'),
      alignment_max_us: of('alignment_us', 'max'),
      bytes_mean: of('bytes', 'mean'),
      bytes_max: of('bytes', 'max'),
    };
  }
}
