/**
 * Q1: per task, useful + blocked + snapshot + restart + replay + idle is the horizon, exactly in microseconds; and the parts
 * that are work are the spans in which the trace shows the task at work: records read or processed for the first time are
 * useful, those an earlier attempt had read are replay.
 */
import type { TaskBudget } from '../../outcome.ts';
import type { FlowJobOutcome } from '../outcome.ts';
import type { TraceEntry } from '../trace.ts';
import type { FlowJobBreach } from './breach.ts';

type Work = Pick<TaskBudget, 'useful_us' | 'replay_us' | 'snapshot_us' | 'restart_us'>;
type Spans = { -readonly [K in keyof Work]: number };

const PARTS: readonly (keyof Work)[] = ['useful_us', 'replay_us', 'snapshot_us', 'restart_us'];

/** Sees a run entry by entry as it goes on, and asks the law at its end; keeps a few numbers per task and source. */
export class BudgetWatch {
  readonly #spans: readonly Spans[];
  /** When the task went down; -1: it is up. */
  readonly #downSince: number[];
  /** By source: how far it has read, and how far it had at the newest restart. */
  readonly #readTo: number[];
  readonly #frontier: number[];

  constructor(tasks: number) {
    this.#spans = Array.from({ length: tasks }, () => ({ useful_us: 0, replay_us: 0, snapshot_us: 0, restart_us: 0 }));
    this.#downSince = this.#spans.map(() => -1);
    this.#readTo = this.#spans.map(() => 0);
    this.#frontier = this.#spans.map(() => 0);
  }

  /** The next entry of the trace. */
  add(entry: TraceEntry): void {
    const { kind } = entry;
    if (kind === 'emit' || kind === 'record' || kind === 'cut') {
      const { task, source, seq, at, from } = entry;
      const of = this.#spans[task]!;
      if (source < 0) of.snapshot_us += at - from;
      else if (seq < this.#frontier[source]!) of.replay_us += at - from;
      else of.useful_us += at - from;
      if (kind === 'emit' && seq >= this.#readTo[source]!) this.#readTo[source] = seq + 1;
    } else if (kind === 'synced') {
      this.#spans[entry.task]!.snapshot_us += entry.at - entry.from;
    } else if (kind === 'crash') {
      if (entry.task >= 0) this.#goDown(entry.task, entry.at);
    } else if (kind === 'detect') {
      entry.positions.forEach((position, source) => {
        if (position >= 0) this.#frontier[source] = this.#readTo[source]!;
      });
      for (const task of entry.restarted) this.#goDown(task, entry.at);
    } else if (kind === 'running') {
      this.#spans[entry.task]!.restart_us += entry.at - this.#downSince[entry.task]!;
      this.#downSince[entry.task] = -1;
    }
  }

  /** The first task whose time does not add up, or null. */
  close({ budget, horizon_us }: FlowJobOutcome): FlowJobBreach | null {
    this.#downSince.forEach((since, task) => {
      if (since >= 0) this.#spans[task]!.restart_us += horizon_us - since;
    });
    for (const row of budget) {
      const sum = row.useful_us + row.blocked_us + row.snapshot_us + row.restart_us + row.replay_us + row.idle_us;
      const { task } = row;
      if (sum !== horizon_us) return { law: 'Q1', facts: { task, sum_us: sum, horizon_us } };
      const seen = this.#spans[task]!;
      for (const part of PARTS) {
        if (row[part] !== seen[part])
          return { law: 'Q1', facts: { task, part, booked: row[part], traced: seen[part] } };
      }
    }
    return null;
  }

  #goDown(task: number, at: number): void {
    if (this.#downSince[task]! < 0) this.#downSince[task] = at;
  }
}

/** The law, asked of a trace that was kept: the first task whose time does not add up, or null. */
export function checkBudget(outcome: FlowJobOutcome, trace: readonly TraceEntry[]): FlowJobBreach | null {
  const watch = new BudgetWatch(outcome.budget.length);
  for (const entry of trace) watch.add(entry);
  return watch.close(outcome);
}
