/**
 * O1, O2, E2 and S1 at the end of a run: what was lost, what was processed again, which outputs will never come, what the
 * state lacks.
 */
import type { RecordLedger } from '../ledgers/record-ledger.ts';
import { type StateDifference, compareStates } from '../ledgers/reference-state.ts';
import type { Outcome, RecordCounts } from '../outcome.ts';
import { isTransactional } from '../protocols/samza.ts';
import { reachesKafka } from '../samza/host.ts';
import type { Job } from '../samza/job.ts';

/** The state of the running tasks against the fold of what they processed; `checked` counts those tasks. */
export interface StateAtHorizon extends StateDifference {
  readonly checked: number;
}

/** Offset below which nothing will be processed any more unless the job goes back. */
function position(job: Job, ssp: number): number {
  const input = job.inputs[ssp]!;
  const ledger = job.ledgers[ssp]!;
  const container = job.cluster.official(input.task % job.plan.job.containers);
  const i = job.tasks[input.task]!.ssps.indexOf(ssp);
  if (container !== null && container.phase === 'running') {
    const t = container.instance(input.task);
    // What is in flight at the horizon is pending, not lost.
    return t.inFlight > 0 ? Math.min(t.next[i] as number, firstUnfinished(job, ssp)) : (t.next[i] as number);
  }
  return Math.max(committed(job, ssp) + 1, input.oldest, ledger.base);
}

function firstUnfinished(job: Job, ssp: number): number {
  const input = job.inputs[ssp]!;
  const t = job.cluster.official(input.task % job.plan.job.containers)!.instance(input.task);
  const i = job.tasks[input.task]!.ssps.indexOf(ssp);
  return Math.max((t.last[i] as number) + 1, t.startedFrom[i] as number);
}

/** Newest checkpointed offset of the SSP in the version the job reads; -1: none. */
function committed(job: Job, ssp: number): number {
  const task = job.inputs[ssp]!.task;
  const record = job.topic.read(task, job.config.readVersions, job.config.liveCheckpointMaxAgeMicros);
  return record?.inputOffsets[job.tasks[task]!.ssps.indexOf(ssp)] ?? -1;
}

function lostOf(job: Job, ledger: RecordLedger): number {
  if (ledger.base < 0) return 0;
  const upTo = position(job, ledger.ssp);
  return Math.max(0, upTo - ledger.base) - ledger.seen.covered(ledger.base, upTo);
}

function outputsLostOf(job: Job, ledger: RecordLedger): number {
  if (ledger.base < 0) return 0;
  const upTo = Math.max(ledger.base, committed(job, ledger.ssp) + 1);
  return Math.max(0, upTo - ledger.base) - ledger.visible.covered(ledger.base, upTo);
}

export function countRecords(job: Job): RecordCounts {
  const sum = (of: (ledger: RecordLedger) => number): number =>
    job.ledgers.reduce((total, each) => total + of(each), 0);
  const head = (ledger: RecordLedger): number => job.inputs[ledger.ssp]!.head;
  const offered = sum((ledger) => (ledger.base < 0 ? 0 : head(ledger) - ledger.base));
  const processed = sum((ledger) => ledger.seen.size);
  const lost = sum((ledger) => lostOf(job, ledger));
  return {
    offered,
    processed,
    lost,
    duplicated: sum((ledger) => ledger.duplicates),
    pending: offered - processed - lost,
    before_start: sum((ledger) => (ledger.base < 0 ? head(ledger) : ledger.base)),
    outputs: sum((ledger) => ledger.outputs),
    outputs_duplicated: sum((ledger) => ledger.outputDuplicates),
    outputs_lost: sum((ledger) => outputsLostOf(job, ledger)),
  };
}

export function countState(job: Job): StateAtHorizon {
  const total = { keys: 0, over: 0, under: 0, wrongKeys: 0, firstKey: -1, checked: 0 };
  for (const { task } of job.tasks) {
    const container = job.cluster.official(task % job.plan.job.containers);
    if (container === null || container.phase !== 'running') continue;
    const t = container.instance(task);
    // With process calls in flight some callbacks are done beyond the released prefix: no exact fold to compare with.
    if (t.stores.length === 0 || t.works.length > 0) continue;
    const reference = job.references[task]!.at(t.last);
    for (const store of t.stores) {
      const difference = compareStates(store.view, reference);
      total.keys += difference.keys;
      total.over += difference.over;
      total.under += difference.under;
      total.wrongKeys += difference.wrongKeys;
      if (total.firstKey < 0) total.firstKey = difference.firstKey;
      total.checked++;
    }
  }
  return total;
}

/** Loss by window: what of each range passed over was never processed in the end. */
export function listWindows(job: Job): Outcome['windows'] {
  return job.ledgers.flatMap((ledger) =>
    ledger.skips
      .map((skip) => ({
        window: skip.window,
        ssp: job.inputs[ledger.ssp]!.name,
        records: skip.to - skip.from - ledger.seen.covered(skip.from, skip.to),
        at_us: skip.atMicros,
      }))
      .filter((each) => each.records > 0),
  );
}

export function closeLaws(job: Job, state: StateAtHorizon): void {
  const { laws } = job;
  const { now } = job.world;
  for (const ledger of job.ledgers) {
    const lost = lostOf(job, ledger);
    const name = job.inputs[ledger.ssp]!.name;
    const skip = ledger.skips.find((each) => ledger.seen.covered(each.from, each.to) < each.to - each.from);
    laws.check(
      'O1',
      now,
      lost === 0
        ? null
        : {
            ssp: name,
            records_lost: lost,
            first_offset: skip?.from ?? ledger.seen.prefixEnd(ledger.base),
            passed_over_at_us: skip?.atMicros ?? now,
            window: skip?.window ?? 'W-range',
          },
    );
    const missing = outputsLostOf(job, ledger);
    laws.check(
      'E2',
      now,
      missing === 0 ? null : { ssp: name, outputs_missing: missing, checkpoint_covers: committed(job, ledger.ssp) },
    );
  }
  checkReplays(job);
  checkStateAtEnd(job, state);
  checkProgress(job);
}

/** O2: two independent counts of the same thing. Zombies and parallel callbacks process outside any start's range. */
function checkReplays(job: Job): void {
  if (job.zombieSeen || job.config.maxConcurrency > 1) return;
  const counted = job.ledgers.reduce((sum, ledger) => sum + ledger.duplicates, 0);
  job.laws.check(
    'O2',
    job.world.now,
    counted === job.replaysByStart ? null : { duplicates: counted, replays: job.replaysByStart },
  );
}

/** S1: at-least-once state may be ahead, never behind; transactional and blob state is exact. */
function checkStateAtEnd(job: Job, state: StateAtHorizon): void {
  if (state.checked === 0) return;
  const { logic } = job.plan.job;
  const exact = isTransactional(job.config) || job.config.stores.every((store) => store.blob);
  // Only a count says which direction a wrong key is wrong in.
  if (logic !== 'count' && !exact) return;
  const wrong = logic === 'count' ? state.under : state.wrongKeys;
  job.laws.check(
    'S1',
    job.world.now,
    wrong === 0
      ? null
      : {
          updates_missing: state.under,
          updates_too_many: state.over,
          keys_wrong: state.wrongKeys,
          first_key: state.firstKey,
        },
  );
}

/** L1: no running task has stood still, with records before it, for longer than a commit may block it. */
function checkProgress(job: Job): void {
  const { now } = job.world;
  for (const container of job.cluster.live) {
    if (container.phase !== 'running' || container.paused || !reachesKafka(container.host)) continue;
    for (const t of container.tasks) {
      const waiting = job.tasks[t.task]!.ssps.some((ssp, i) => (t.next[i] as number) < job.inputs[ssp]!.head);
      const stood = now - t.progressedAt;
      const still = waiting && stood > container.config.commitTimeoutMicros;
      job.laws.check(
        'L1',
        now,
        still
          ? {
              container: container.processor,
              task: t.task,
              why: 'a task stands still',
              stood_s: Math.round(stood / 1e6),
            }
          : null,
      );
    }
  }
  job.laws.check('L1', now, null);
}
