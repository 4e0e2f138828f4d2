// Runs a plan and writes down, from the outside, what the laws speak of: arrivals, process calls, outputs, checkpoints,
// starts, deaths and restored stores. It counts with plain arrays and maps and folds with code of its own, so that it
// shares no bookkeeping with the ledgers and laws under models/ that it is compared with.
import { simulate, type Outcome, type RunPlan, type SimulateOptions } from '../../../models/index.ts';
import type { CheckpointRecord } from '../../../models/kafka/checkpoint-topic.ts';
import type { KeyedState, RecordContent } from '../../../models/logic.ts';
import type { JobLogic } from '../../../models/plan.ts';
import type { Job } from '../../../models/samza/job.ts';

/** A record's arrival, as `time:ssp:offset after it`. */
export type Arrival = string;

/** One store right after its restore, before the first record is processed again. */
export interface Restored {
  readonly task: number;
  readonly store: number;
  readonly atMicros: number;
  readonly host: number;
  /** Offsets the checkpoint covers, per SSP of the task; -1: none. */
  readonly checkpoint: readonly number[];
  readonly state: Values;
  /** Process calls of every key of the task so far, repeated ones included. */
  readonly processings: ReadonlyMap<number, number>;
}

/** A container that began to process: where, and how far its inputs had been processed by anybody before. */
export interface Run {
  readonly ssp: number;
  readonly from: number;
  readonly reachedBefore: number;
  readonly firstOfAll: boolean;
}

/** Count and mix of every key that is not absent. */
export type Values = ReadonlyMap<number, readonly [count: number, mix: number]>;

export interface Witness {
  readonly outcome: Outcome;
  readonly job: Job;
  readonly arrivals: readonly Arrival[];
  /** Per SSP and offset: how often it was processed, and how often an output for it became visible. */
  readonly processed: readonly Map<number, number>[];
  readonly outputs: readonly Map<number, number>[];
  readonly checkpoints: readonly CheckpointRecord[];
  /** Outputs missing of inputs that a checkpoint record covered the moment it became durable. */
  readonly uncovered: readonly { readonly ssp: number; readonly offset: number }[];
  readonly restored: readonly Restored[];
  readonly runs: readonly Run[];
}

/** Simulates the plan under observation. */
export function witness(plan: RunPlan, options: SimulateOptions = {}): Witness {
  const arrivals: Arrival[] = [];
  const checkpoints: CheckpointRecord[] = [];
  const uncovered: { ssp: number; offset: number }[] = [];
  const restored: Restored[] = [];
  const runs: Run[] = [];
  let processed: Map<number, number>[] = [];
  let outputs: Map<number, number>[] = [];
  let seen: Job | null = null;
  const outcome = simulate(plan, {
    ...options,
    onJob: (job) => {
      seen = job;
      processed = job.inputs.map(() => new Map());
      outputs = job.inputs.map(() => new Map());
      const started = new Set<number>();
      for (const input of job.inputs) {
        input.consumers.push({ onArrival: () => void arrivals.push(`${job.world.now}:${input.ssp}:${input.head}`) });
      }
      for (const [ssp, ledger] of job.ledgers.entries()) {
        const note = ledger.processed.bind(ledger);
        ledger.processed = (from, to) => {
          for (let offset = from; offset < to; offset++) countUp(processed[ssp]!, offset);
          return note(from, to);
        };
      }
      job.probe = {
        onOutputs: (ssp, from, to) => {
          for (let offset = from; offset < to; offset++) countUp(outputs[ssp]!, offset);
        },
        onCheckpoint: (record) => {
          checkpoints.push(record);
          for (const [i, ssp] of job.tasks[record.task]!.ssps.entries()) {
            for (let offset = 0; offset <= record.inputOffsets[i]!; offset++) {
              if (!outputs[ssp]!.has(offset)) uncovered.push({ ssp, offset });
            }
          }
        },
        onRestored: (container, task, store, state) => {
          const { ssps } = job.tasks[task]!;
          restored.push({
            task,
            store,
            atMicros: job.world.now,
            host: container.host.index,
            checkpoint: container.instance(task).checkpoint?.inputOffsets ?? ssps.map(() => -1),
            state: valuesOf(state),
            processings: processingsOf(job.content, ssps, processed),
          });
        },
        onRunning: (container) => {
          for (const t of container.tasks) {
            for (const [i, ssp] of job.tasks[t.task]!.ssps.entries()) {
              const reachedBefore = Math.max(-1, ...processed[ssp]!.keys()) + 1;
              runs.push({ ssp, from: t.next[i]!, reachedBefore, firstOfAll: !started.has(ssp) });
              started.add(ssp);
            }
          }
        },
      };
      options.onJob?.(job);
    },
  });
  if (seen === null) throw new Error('simulate did not show its job');
  return { outcome, job: seen, arrivals, processed, outputs, checkpoints, uncovered, restored, runs };
}

function countUp(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function processingsOf(
  content: RecordContent,
  ssps: readonly number[],
  processed: readonly Map<number, number>[],
): Map<number, number> {
  const calls = new Map<number, number>();
  for (const ssp of ssps) {
    for (const [offset, times] of processed[ssp]!) {
      const key = content.key(content.hash(ssp, offset));
      calls.set(key, (calls.get(key) ?? 0) + times);
    }
  }
  return calls;
}

/** The state's present keys. */
export function valuesOf(state: KeyedState): Values {
  const values = new Map<number, readonly [number, number]>();
  for (const [key, count] of state.count.entries()) {
    if (count !== 0 || state.mix[key] !== 0) values.set(key, [count, state.mix[key]!]);
  }
  return values;
}

/** Every record of the SSPs up to the given offsets (inclusive), folded once each, SSP by SSP. */
export function foldOf(
  logic: JobLogic,
  content: RecordContent,
  inputs: readonly { readonly ssp: number; readonly last: number }[],
): Values {
  const values = new Map<number, readonly [number, number]>();
  for (const { ssp, last } of inputs) {
    for (let offset = 0; offset <= last; offset++) {
      const hash = content.hash(ssp, offset);
      const key = content.key(hash);
      const now = step(logic, values.get(key) ?? [0, 0], hash, offset);
      if (now[0] === 0 && now[1] === 0) values.delete(key);
      else values.set(key, now);
    }
  }
  return values;
}

/** What one record does to its key's value: the definition of each logic, in 32-bit integers. */
function step(
  logic: JobLogic,
  [count, mix]: readonly [number, number],
  hash: number,
  offset: number,
): readonly [number, number] {
  switch (logic) {
    case 'stateless':
      return [count, mix];
    case 'count':
      return [count + 1, int32(BigInt(mix) + BigInt(hash))];
    case 'dedup':
      return count > Math.floor(offset / 1024) ? [count, mix] : [Math.floor(offset / 1024) + 1, hash];
    case 'match':
      return [hash < 0 ? count - 1 : count + 1, int32(BigInt(mix) * 31n + BigInt(hash))];
  }
}

function int32(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

/** Total of a table of counts. */
export function totalOf(counts: readonly ReadonlyMap<number, number>[]): number {
  return counts.reduce((sum, each) => sum + [...each.values()].reduce((total, times) => total + times, 0), 0);
}

const kept = new Map<string, Witness>();

/** `witness`, run once per plan: properties that draw the same plans share the run. Only without options of its own. */
export function witnessOnce(plan: RunPlan): Witness {
  const name = JSON.stringify(plan);
  const seen = kept.get(name) ?? witness(plan);
  kept.set(name, seen);
  return seen;
}
