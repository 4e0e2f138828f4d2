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

/** The first task whose time does not add up, or null. */
export function checkBudget(outcome: FlowJobOutcome, trace: readonly TraceEntry[]): FlowJobBreach | null {
  const spans = spansOf(outcome, trace);
  for (const row of outcome.budget) {
    const sum = row.useful_us + row.blocked_us + row.snapshot_us + row.restart_us + row.replay_us + row.idle_us;
    const { task } = row;
    if (sum !== outcome.horizon_us) return { law: 'Q1', facts: { task, sum_us: sum, horizon_us: outcome.horizon_us } };
    const seen = spans[task]!;
    for (const part of PARTS) {
      if (row[part] !== seen[part]) return { law: 'Q1', facts: { task, part, booked: row[part], traced: seen[part] } };
    }
  }
  return null;
}

function spansOf({ budget, horizon_us }: FlowJobOutcome, trace: readonly TraceEntry[]): Spans[] {
  const spans = budget.map(() => ({ useful_us: 0, replay_us: 0, snapshot_us: 0, restart_us: 0 }));
  /** When the task went down; -1: it is up. */
  const downSince = budget.map(() => -1);
  const readTo = new Map<number, number>();
  const frontier = new Map<number, number>();
  const goDown = (task: number, at: number): void => {
    if (downSince[task]! < 0) downSince[task] = at;
  };
  for (const entry of trace) {
    if (entry.kind === 'emit' || entry.kind === 'record' || entry.kind === 'cut') {
      const { task, source, seq, at, from } = entry;
      const of = spans[task]!;
      if (source < 0) of.snapshot_us += at - from;
      else if (seq < (frontier.get(source) ?? 0)) of.replay_us += at - from;
      else of.useful_us += at - from;
      if (entry.kind === 'emit') readTo.set(source, Math.max(readTo.get(source) ?? 0, seq + 1));
    } else if (entry.kind === 'synced') {
      spans[entry.task]!.snapshot_us += entry.at - entry.from;
    } else if (entry.kind === 'crash') {
      if (entry.task >= 0) goDown(entry.task, entry.at);
    } else if (entry.kind === 'detect') {
      entry.positions.forEach((position, source) => {
        if (position >= 0) frontier.set(source, readTo.get(source) ?? 0);
      });
      for (const task of entry.restarted) goDown(task, entry.at);
    } else if (entry.kind === 'running') {
      spans[entry.task]!.restart_us += entry.at - downSince[entry.task]!;
      downSince[entry.task] = -1;
    }
  }
  downSince.forEach((since, task) => {
    if (since >= 0) spans[task]!.restart_us += horizon_us - since;
  });
  return spans;
}
