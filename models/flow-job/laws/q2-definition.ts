/**
 * Q2: each metric equals its definition, computed again from the trace of what happened. The definitions stand here in the
 * plainest form, once more: alignment from the first barrier to the last, asynchronous part from hand-over to durable,
 * acknowledgement from the trigger to the coordinator, replay from the positions restored to the furthest read.
 */
import type { AbortReason, FlowJobOutcome } from '../outcome.ts';
import type { FlowJobPlan } from '../plan.ts';
import type { TraceEntry } from '../trace.ts';
import type { FlowJobBreach } from './breach.ts';

/** What the trace says of one checkpoint while it was under way. */
interface Traced {
  readonly checkpoint: number;
  /** The attempt that each task was in. */
  readonly attempts: readonly number[];
  readonly triggered: number;
  readonly during: TraceEntry[];
  ended: number;
  status: 'completed' | 'aborted' | 'pending';
  reason: AbortReason | null;
}

type Run = { readonly plan: FlowJobPlan; readonly outcome: FlowJobOutcome; readonly trace: readonly TraceEntry[] };

/** The first metric that is not what its definition says, or null. */
export function checkDefinitions(run: Run): FlowJobBreach | null {
  return checkCheckpoints(run) ?? checkRecoveries(run) ?? checkRecords(run);
}

function breach(what: string, reported: unknown, defined: unknown): FlowJobBreach | null {
  const [one, other] = [JSON.stringify(reported), JSON.stringify(defined)];
  return one === other ? null : { law: 'Q2', facts: { metric: what, reported: one, defined: other } };
}

function checkCheckpoints({ plan, outcome, trace }: Run): FlowJobBreach | null {
  const traced = checkpointsIn(trace, plan.tasks.length);
  const counted = breach('checkpoints', outcome.checkpoints.length, traced.length);
  if (counted !== null) return counted;
  const isFed = plan.tasks.map(({ role }) => role !== 'source');
  for (const [i, each] of traced.entries()) {
    const reported: Readonly<Record<string, unknown>> = { ...outcome.checkpoints[i]! };
    for (const [metric, value] of Object.entries(definitionsOf(each, isFed))) {
      const found = breach(`${metric} of checkpoint ${each.checkpoint}`, reported[metric], value);
      if (found !== null) return found;
    }
  }
  return null;
}

function checkpointsIn(trace: readonly TraceEntry[], tasks: number): Traced[] {
  const all: Traced[] = [];
  let open: Traced[] = [];
  let restarts = 0;
  const attempts = Array.from({ length: tasks }, () => 0);
  for (const entry of trace) {
    if (entry.kind === 'detect') {
      restarts++;
      for (const task of entry.restarted) attempts[task] = restarts;
    }
    for (const each of open) each.during.push(entry);
    if (entry.kind === 'trigger') {
      const { checkpoint, at } = entry;
      const traced: Traced = {
        checkpoint,
        attempts: attempts.slice(),
        triggered: at,
        during: [],
        ended: -1,
        status: 'pending',
        reason: null,
      };
      all.push(traced);
      open.push(traced);
    } else if (entry.kind === 'store' || entry.kind === 'aborted') {
      const ending = open.find(({ checkpoint }) => checkpoint === entry.checkpoint);
      if (ending === undefined) continue;
      ending.ended = entry.at;
      ending.status = entry.kind === 'store' ? 'completed' : 'aborted';
      ending.reason = entry.kind === 'store' ? null : entry.reason;
      open = open.filter((each) => each !== ending);
    }
  }
  return all;
}

type Kind = TraceEntry['kind'];

function ofKind<K extends Kind>(entries: readonly TraceEntry[], kind: K): (TraceEntry & { readonly kind: K })[] {
  return entries.filter((entry): entry is TraceEntry & { readonly kind: K } => entry.kind === kind);
}

function definitionsOf(traced: Traced, isFed: readonly boolean[]): Readonly<Record<string, unknown>> {
  const { checkpoint, attempts, triggered, during, ended, status, reason } = traced;
  const perTask = (of: (task: number) => number): number[] => isFed.map((_, task) => of(task));
  const first = <T>(found: readonly T[], value: (each: T) => number): number =>
    found.length === 0 ? -1 : value(found[0]!);
  const barriers = ofKind(during, 'control').filter(
    (each) => each.checkpoint === checkpoint && each.name !== 'announcement' && each.name !== 'cancel',
  );
  const handedOver = ofKind(during, 'uploading').filter((each) => each.checkpoint === checkpoint);
  const landed = ofKind(during, 'upload').filter(
    (each) => each.checkpoint === checkpoint && each.attempt === attempts[each.task],
  );
  const synced = ofKind(during, 'synced').filter((each) => each.checkpoint === checkpoint);
  const acks = ofKind(during, 'report').filter(
    (each) => each.name === 'ack' && each.checkpoint === checkpoint && each.attempt === attempts[each.task],
  );
  const ackTimes = perTask((task) =>
    first(
      acks.filter((each) => each.task === task),
      ({ at }) => at - triggered,
    ),
  );
  return {
    checkpoint,
    status,
    reason,
    duration_us: ended < 0 ? -1 : ended - triggered,
    acknowledged_us: Math.max(-1, ...ackTimes),
    alignment_us: perTask((task) => {
      if (!isFed[task]) return 0;
      const times = barriers.filter((each) => each.task === task).map(({ at }) => at);
      return times.length === 0 ? -1 : Math.max(...times) - Math.min(...times);
    }),
    sync_us: perTask((task) =>
      first(
        synced.filter((each) => each.task === task),
        ({ at, from }) => at - from,
      ),
    ),
    async_us: perTask((task) => {
      const from = first(
        handedOver.filter((each) => each.task === task),
        (each) => each.from,
      );
      return first(
        landed.filter((each) => each.task === task),
        ({ at }) => at - from,
      );
    }),
    ack_us: ackTimes,
    bytes: handedOver.reduce((sum, { bytes }) => sum + bytes, 0),
    channel_state_bytes: handedOver.reduce((sum, { channelBytes }) => sum + channelBytes, 0),
  };
}

function checkRecoveries({ plan, outcome, trace }: Run): FlowJobBreach | null {
  const defined: Recovery[] = [];
  const readTo = plan.tasks.map(() => 0);
  const starting = new Set<number>();
  let isNoticed = false;
  for (const entry of trace) {
    const open = defined.at(-1);
    if (entry.kind === 'emit') {
      readTo[entry.source] = Math.max(readTo[entry.source]!, entry.seq + 1);
    } else if (entry.kind === 'crash') {
      const { task: target, at: crashed_us } = entry;
      defined.push({ target, crashed_us, restored_checkpoint: -1, replayed_records: 0, downtime_us: -1 });
      isNoticed = false;
    } else if (entry.kind === 'detect' && open !== undefined) {
      open.restored_checkpoint = entry.restored;
      open.replayed_records = entry.positions.reduce(
        (sum, position, source) => sum + (position < 0 ? 0 : readTo[source]! - position),
        0,
      );
      isNoticed = true;
      for (const task of entry.restarted) starting.add(task);
    } else if (entry.kind === 'running' && open !== undefined) {
      starting.delete(entry.task);
      if (isNoticed && starting.size === 0) open.downtime_us = entry.at - open.crashed_us;
    }
  }
  const reported = outcome.recoveries.map((each): Recovery => {
    const { target, crashed_us, restored_checkpoint, replayed_records, downtime_us } = each;
    return { target, crashed_us, restored_checkpoint, replayed_records, downtime_us };
  });
  return breach('recoveries', reported, defined);
}

interface Recovery {
  readonly target: number;
  readonly crashed_us: number;
  restored_checkpoint: number;
  replayed_records: number;
  downtime_us: number;
}

/** Records by the trace: distinct ones read, read again, and processed. */
function checkRecords({ outcome, trace }: Run): FlowJobBreach | null {
  const seen = new Set<string>();
  let emitted = 0;
  let processed = 0;
  for (const entry of trace) {
    if (entry.kind === 'record') processed++;
    if (entry.kind !== 'emit') continue;
    emitted++;
    seen.add(`${entry.source}.${entry.seq}`);
  }
  const { read, reread, processed: wasProcessed } = outcome.records;
  return breach('records', [read, reread, wasProcessed], [seen.size, emitted - seen.size, processed]);
}
