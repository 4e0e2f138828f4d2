/**
 * Q2: each metric equals its definition, computed again from the trace of what happened. The definitions stand here in the
 * plainest form, once more: alignment from the first barrier to the last, asynchronous part from hand-over to durable,
 * acknowledgement from the trigger to the coordinator, replay from the positions restored to the furthest read.
 */
import { IntervalSet } from '../../../sim/index.ts';
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

/** Sees a run entry by entry as it goes on, and asks the law at its end; keeps what is said of checkpoints, not of records. */
export class DefinitionWatch {
  readonly #checkpoints: CheckpointsTraced;
  readonly #recoveries: RecoveriesTraced;
  readonly #records: RecordsTraced;
  readonly #isFed: readonly boolean[];

  constructor({ tasks, load }: FlowJobPlan) {
    const batch = load.batchRecords ?? 1;
    this.#checkpoints = new CheckpointsTraced(tasks.length);
    this.#recoveries = new RecoveriesTraced(tasks.length, batch);
    this.#records = new RecordsTraced(batch);
    this.#isFed = tasks.map(({ role }) => role !== 'source');
  }

  /** The next entry of the trace. */
  add(entry: TraceEntry): void {
    const { kind } = entry;
    if (kind === 'record') {
      this.#records.processed++;
      return;
    }
    if (kind === 'emit') this.#records.emitted(entry.source, entry.seq);
    else this.#checkpoints.add(entry);
    this.#recoveries.add(entry);
  }

  /** The first metric that is not what its definition says, or null. */
  close(outcome: FlowJobOutcome): FlowJobBreach | null {
    return this.#checkCheckpoints(outcome) ?? this.#recoveries.check(outcome) ?? this.#records.check(outcome);
  }

  #checkCheckpoints(outcome: FlowJobOutcome): FlowJobBreach | null {
    const traced = this.#checkpoints.all;
    const counted = breach('checkpoints', outcome.checkpoints.length, traced.length);
    if (counted !== null) return counted;
    for (const [i, each] of traced.entries()) {
      const reported: Readonly<Record<string, unknown>> = { ...outcome.checkpoints[i]! };
      for (const [metric, value] of Object.entries(definitionsOf(each, this.#isFed))) {
        const found = breach(`${metric} of checkpoint ${each.checkpoint}`, reported[metric], value);
        if (found !== null) return found;
      }
    }
    return null;
  }
}

type Run = { readonly plan: FlowJobPlan; readonly outcome: FlowJobOutcome; readonly trace: readonly TraceEntry[] };

/** The law, asked of a trace that was kept: the first metric that is not what its definition says, or null. */
export function checkDefinitions({ plan, outcome, trace }: Run): FlowJobBreach | null {
  const watch = new DefinitionWatch(plan);
  for (const entry of trace) watch.add(entry);
  return watch.close(outcome);
}

function breach(what: string, reported: unknown, defined: unknown): FlowJobBreach | null {
  const [one, other] = [JSON.stringify(reported), JSON.stringify(defined)];
  return one === other ? null : { law: 'Q2', facts: { metric: what, reported: one, defined: other } };
}

/** What happened while each checkpoint was under way, records left out. */
class CheckpointsTraced {
  readonly all: Traced[] = [];
  #open: Traced[] = [];
  #restarts: number = 0;
  readonly #attempts: number[];

  constructor(tasks: number) {
    this.#attempts = Array.from({ length: tasks }, () => 0);
  }

  add(entry: TraceEntry): void {
    if (entry.kind === 'detect') {
      this.#restarts++;
      for (const task of entry.restarted) this.#attempts[task] = this.#restarts;
    }
    for (const each of this.#open) each.during.push(entry);
    if (entry.kind === 'trigger') {
      const { checkpoint, at } = entry;
      const traced: Traced = {
        checkpoint,
        attempts: this.#attempts.slice(),
        triggered: at,
        during: [],
        ended: -1,
        status: 'pending',
        reason: null,
      };
      this.all.push(traced);
      this.#open.push(traced);
    } else if (entry.kind === 'store' || entry.kind === 'aborted') {
      const ending = this.#open.find(({ checkpoint }) => checkpoint === entry.checkpoint);
      if (ending === undefined) return;
      ending.ended = entry.at;
      ending.status = entry.kind === 'store' ? 'completed' : 'aborted';
      ending.reason = entry.kind === 'store' ? null : entry.reason;
      this.#open = this.#open.filter((each) => each !== ending);
    }
  }
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

interface Recovery {
  readonly target: number;
  readonly crashed_us: number;
  restored_checkpoint: number;
  replayed_records: number;
  downtime_us: number;
}

/** What each recovery came to, by the trace. */
class RecoveriesTraced {
  readonly #defined: Recovery[] = [];
  readonly #readTo: number[];
  readonly #starting: Set<number> = new Set();
  #isNoticed: boolean = false;
  /** Records that one number of a source stands for. */
  readonly #batch: number;

  constructor(tasks: number, batch: number) {
    this.#batch = batch;
    this.#readTo = Array.from({ length: tasks }, () => 0);
  }

  add(entry: TraceEntry): void {
    const open = this.#defined.at(-1);
    if (entry.kind === 'emit') {
      this.#readTo[entry.source] = Math.max(this.#readTo[entry.source]!, entry.seq + 1);
    } else if (entry.kind === 'crash') {
      const { task: target, at: crashed_us } = entry;
      this.#defined.push({ target, crashed_us, restored_checkpoint: -1, replayed_records: 0, downtime_us: -1 });
      this.#isNoticed = false;
    } else if (entry.kind === 'detect' && open !== undefined) {
      open.restored_checkpoint = entry.restored;
      const replayed = entry.positions.reduce(
        (sum, position, source) => sum + (position < 0 ? 0 : this.#readTo[source]! - position),
        0,
      );
      open.replayed_records = this.#batch * replayed;
      this.#isNoticed = true;
      for (const task of entry.restarted) this.#starting.add(task);
    } else if (entry.kind === 'running' && open !== undefined) {
      this.#starting.delete(entry.task);
      if (this.#isNoticed && this.#starting.size === 0) open.downtime_us = entry.at - open.crashed_us;
    }
  }

  check(outcome: FlowJobOutcome): FlowJobBreach | null {
    const reported = outcome.recoveries.map((each): Recovery => {
      const { target, crashed_us, restored_checkpoint, replayed_records, downtime_us } = each;
      return { target, crashed_us, restored_checkpoint, replayed_records, downtime_us };
    });
    return breach('recoveries', reported, this.#defined);
  }
}

/** Records by the trace: distinct ones read, read again, and processed. */
class RecordsTraced {
  /** By source: the numbers that were read. */
  readonly #read: IntervalSet[] = [];
  #distinct: number = 0;
  #emitted: number = 0;
  processed: number = 0;
  /** Records that one number of a source stands for. */
  readonly #batch: number;

  constructor(batch: number) {
    this.#batch = batch;
  }

  emitted(source: number, seq: number): void {
    this.#emitted++;
    while (this.#read.length <= source) this.#read.push(new IntervalSet());
    this.#distinct += this.#read[source]!.add(seq, seq + 1);
  }

  check({ records }: FlowJobOutcome): FlowJobBreach | null {
    const traced = [this.#distinct, this.#emitted - this.#distinct, this.processed].map((each) => each * this.#batch);
    return breach('records', [records.read, records.reread, records.processed], traced);
  }
}
