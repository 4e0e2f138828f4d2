/**
 * Runs a plan and writes down what a window is about: what each commit froze and made durable, how far the task had come
 * when its container died, where it began again and what its stores held then. Restored state is judged here by a fold of
 * its own, so that a law of the simulator and a test of it do not share a mistake.
 */
import type { CheckpointRecord } from '../../../models/kafka/checkpoint-topic.ts';
import { type KeyedState, emptyState, fold } from '../../../models/logic.ts';
import type { LawReport, Outcome } from '../../../models/outcome.ts';
import type { RunPlan } from '../../../models/plan.ts';
import type { Job } from '../../../models/samza/job.ts';
import { simulate } from '../../../models/simulate.ts';

interface Frozen {
  readonly at: number;
  readonly task: number;
  readonly commit: number;
  /** Last processed offset per SSP of the task; -1: none. */
  readonly offsets: readonly number[];
}

interface Death {
  readonly at: number;
  readonly processor: number;
  readonly incarnation: number;
  readonly host: number;
  /** Last processed offset per SSP, of the container's tasks one after another. */
  readonly last: readonly number[];
  /** Next offset of each changelog of the job at this moment. */
  readonly changelogHeads: readonly number[];
}

/** A store right after its restore against the fold of the inputs up to the checkpoint it was restored to. */
interface Restored {
  readonly at: number;
  readonly incarnation: number;
  readonly task: number;
  readonly over: number;
  readonly under: number;
  readonly wrongKeys: number;
  readonly state: KeyedState;
}

interface Running {
  readonly at: number;
  readonly processor: number;
  readonly incarnation: number;
  readonly host: number;
  readonly next: readonly number[];
}

export interface Seen {
  readonly outcome: Outcome;
  readonly job: Job;
  readonly frozen: readonly Frozen[];
  readonly appended: readonly CheckpointRecord[];
  readonly deaths: readonly Death[];
  readonly restored: readonly Restored[];
  readonly running: readonly Running[];
  /** Copies of each output, by `ssp:offset`. */
  readonly outputs: ReadonlyMap<string, number>;
}

export function watch(plan: RunPlan): Seen {
  const frozen: Frozen[] = [];
  const appended: CheckpointRecord[] = [];
  const deaths: Death[] = [];
  const restored: Restored[] = [];
  const running: Running[] = [];
  const outputs = new Map<string, number>();
  let watched: Job | null = null;
  const outcome = simulate(plan, {
    onJob: (job) => {
      watched = job;
      job.probe = {
        onFrozen: ({ task, number, inputOffsets }) =>
          frozen.push({ at: job.world.now, task: task.task, commit: number, offsets: [...inputOffsets] }),
        onCheckpoint: (record) => appended.push({ ...record }),
        onDeath: (container) =>
          deaths.push({
            at: job.world.now,
            processor: container.processor,
            incarnation: container.incarnation,
            host: container.host.index,
            last: container.tasks.flatMap((t) => [...t.last]),
            changelogHeads: job.tasks.flatMap((task) => task.changelogs.map((log) => log?.head ?? -1)),
          }),
        onRestored: (container, task, _store, state) => {
          const upTo = container.instance(task).checkpoint?.inputOffsets ?? [];
          restored.push({
            at: job.world.now,
            incarnation: container.incarnation,
            task,
            ...compare(state, foldInputs(job, task, upTo)),
            state: { count: state.count.slice(), mix: state.mix.slice() },
          });
        },
        onRunning: (container) =>
          running.push({
            at: job.world.now,
            processor: container.processor,
            incarnation: container.incarnation,
            host: container.host.index,
            next: container.tasks.flatMap((t) => [...t.next]),
          }),
        onOutputs: (ssp, from, to) => {
          for (let offset = from; offset < to; offset++) {
            const id = `${ssp}:${offset}`;
            outputs.set(id, (outputs.get(id) ?? 0) + 1);
          }
        },
      };
    },
  });
  if (watched === null) throw new Error('the run never had a job');
  return { outcome, job: watched, frozen, appended, deaths, restored, running, outputs };
}

/** The state after every input of the task from its first consumed offset up to `last` (inclusive, per SSP), once each. */
export function foldInputs(job: Job, task: number, last: readonly number[]): KeyedState {
  const state = emptyState(job.content.keys);
  job.tasks[task]!.ssps.forEach((ssp, i) => {
    for (let offset = Math.max(0, job.ledgers[ssp]!.base); offset <= (last[i] ?? -1); offset++) {
      const hash = job.content.hash(ssp, offset);
      fold(job.plan.job.logic, state, job.content.key(hash), hash, offset);
    }
  });
  return state;
}

/** Updates too many and too few, and keys that differ in any way. */
export function compare(state: KeyedState, truth: KeyedState): { over: number; under: number; wrongKeys: number } {
  let over = 0;
  let under = 0;
  let wrongKeys = 0;
  state.count.forEach((count, key) => {
    const difference = count - (truth.count[key] as number);
    over += Math.max(0, difference);
    under += Math.max(0, -difference);
    if (difference !== 0 || state.mix[key] !== truth.mix[key]) wrongKeys++;
  });
  return { over, under, wrongKeys };
}

export function law(outcome: Outcome, id: string): LawReport {
  const report = outcome.laws.find((each) => each.law === id);
  if (report === undefined) throw new Error(`no law ${id}`);
  return report;
}

/** Ids of the laws that were broken, in the order of the list. */
export function broken(outcome: Outcome): readonly string[] {
  return outcome.laws.filter((each) => each.violations > 0).map((each) => each.law);
}

/** The last offset commit `number` froze for the first SSP of the task; throws when there was no such commit. */
export function frozenAt(seen: Seen, number: number, task: number = 0): number {
  const found = seen.frozen.findLast((each) => each.commit === number && each.task === task);
  if (found === undefined) throw new Error(`no commit ${number} of task ${task} froze its offsets`);
  return found.offsets[0] as number;
}
