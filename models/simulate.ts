/**
 * The front door of the library: a plan in, an outcome out.
 */
import { type TieRank, World, hash32, mix32, randomStreams, runReplay, runTimed } from '../sim/index.ts';
import { KIND_NAMES } from './actions.ts';
import { describeAction } from './describe.ts';
import { grouped } from './grouped-digits.ts';
import { closeLaws, countRecords, countState, listWindows } from './laws/at-horizon.ts';
import type { Outcome } from './outcome.ts';
import type { RunPlan } from './plan.ts';
import { ReplayMismatch } from './replay-mismatch.ts';
import { Job } from './samza/job.ts';

/** One applied action, as a trace line shows it. */
export interface TraceEvent {
  /** 1 for the first event of the run. */
  readonly n: number;
  readonly atMicros: number;
  /** Stable action id, for instance `step-done:container-1#12`. */
  readonly id: string;
  /** What happened in words of the field, one line, e.g. `commit 3 of task 2: flush-producers done`. */
  readonly text: string;
}

export interface SimulateOptions {
  /** Called for every applied action, in order. Leaving it out costs nothing. */
  readonly onEvent?: (event: TraceEvent) => void;
  /** Called about every 2^16 events with the simulated time. */
  readonly onProgress?: (simulatedMicros: number, events: number) => void;
  /** Apply exactly these action ids, in this order, instead of letting time choose. */
  readonly replay?: readonly string[];
  /** Called every 1,024 events with the three digests, so that two runs can be compared and their first difference located. */
  readonly onSample?: (events: number, digests: Outcome['digests']) => void;
  /** Stop after this many events (for locating a divergence); the verdict is then `unknown`. */
  readonly maxEvents?: number;
  /** Ranks actions due at the same microsecond, for `ties: adversarial`. */
  readonly tieRank?: TieRank;
  /** Called with the job before anything happens, for checkers that look inside. */
  readonly onJob?: (job: Job) => void;
}

const SAMPLE_EVERY = 1024;

/** Runs a plan to its horizon. Equal plans give equal outcomes, byte for byte, on every JavaScript engine. */
export function simulate(plan: RunPlan, options: SimulateOptions = {}): Outcome {
  const world = new World(KIND_NAMES, tieRank(plan, options));
  const job = new Job(plan, world);
  options.onJob?.(job);
  const ended = run(job, options);
  return outcomeOf(job, ended === 'limit');
}

function tieRank(plan: RunPlan, options: SimulateOptions): TieRank | null {
  switch (plan.ties) {
    case 'fifo':
      return null;
    case 'shuffled': {
      // A function of the action's own id, not of how many were posted before it: an action more leaves all other ranks alone.
      const salt = randomStreams(plan.seed, plan.replication)('ties').int(2 ** 32);
      return (kind, actor, nth) => mix32(hash32(salt, kind, actor), nth) >>> 12;
    }
    case 'adversarial':
      return options.tieRank ?? null;
  }
}

function run(job: Job, options: SimulateOptions): 'horizon' | 'limit' {
  const { world, plan } = job;
  const { onEvent, onProgress, onSample } = options;
  const onAction =
    onEvent === undefined
      ? undefined
      : (slot: number): void => {
          const action = world.peek(slot);
          onEvent({
            n: world.events + 1,
            atMicros: Math.max(world.now, world.dueOf(slot)),
            id: world.actionId(slot),
            text: describeAction(job, action),
          });
        };
  let beats = 0;
  const watch = {
    onAction,
    everyEvents: SAMPLE_EVERY,
    onBeat:
      onProgress === undefined && onSample === undefined
        ? undefined
        : (): void => {
            onSample?.(world.events, digestsOf(world));
            if (++beats % 64 === 0) onProgress?.(world.now, world.events);
          },
    ...(options.maxEvents === undefined ? {} : { maxEvents: options.maxEvents }),
  };
  if (options.replay === undefined) return runTimed(world, job, plan.horizonMicros, watch);
  const end = runReplay(world, job, options.replay, { mode: 'strict', horizonMicros: plan.horizonMicros, watch });
  if (end.notEnabled === null) return 'horizon';
  const { id, index, enabled } = end.notEnabled;
  throw new ReplayMismatch(
    `action ${index + 1} of the replay, ${id}, is not enabled here; enabled are ${enabled.slice(0, 8).join(', ')}` +
      (enabled.length > 8 ? ` and ${enabled.length - 8} more` : ''),
  );
}

function digestsOf(world: World): Outcome['digests'] {
  return { order: world.order.hex(), state: world.state.hex(), cost: world.cost.hex() };
}

function outcomeOf(job: Job, cut: boolean): Outcome {
  const { world, plan } = job;
  const faults = job.faults.close();
  for (const container of job.cluster.live) job.noteProgress(container);
  job.cluster.zombies.close();
  const state = countState(job);
  closeLaws(job, state);
  const recoveries = job.recoveries.close();
  const budgets = job.budget.close();
  const seconds = plan.horizonMicros / 1e6;
  const bound = `within ${seconds} s of simulated time, seed ${plan.seed}, ${grouped(String(world.events))} events, one run`;
  return {
    scenario: plan.name,
    seed: plan.seed,
    verdict: job.laws.verdict(bound, cut),
    digests: digestsOf(world),
    simulated_s: world.now / 1e6,
    events: world.events,
    ties: world.queue.ties,
    records: countRecords(job),
    state: { keys: state.keys, overcounted: state.over, undercounted: state.under, wrong_keys: state.wrongKeys },
    checkpoints: job.commits.completed,
    checkpoint_detail: job.commits.counts(),
    checkpoint_phases: job.commits.phases(),
    recoveries,
    budgets,
    storage: {
      changelog_bytes_written: job.tasks
        .flatMap((task) => task.changelogs)
        .reduce((sum, changelog) => sum + (changelog?.bytesWritten ?? 0), 0),
      changelog_bytes_end: job.storage.changelogBytes,
      changelog_bytes_max: job.storage.changelogBytesMax,
      checkpoint_topic_bytes_written: job.storage.checkpointTopicBytes,
      local_disk_bytes_end: job.storage.diskBytes,
      local_disk_bytes_max: job.storage.diskBytesMax,
      blob_bytes_uploaded: job.blobs.bytesUploaded,
      blob_bytes_end: job.blobs.bytes,
      blob_bytes_max: job.blobs.bytesMax,
      restore_bytes_read: job.storage.restored,
    },
    faults,
    laws: job.laws.reports(),
    batch_layer: job.batchLayer?.close() ?? null,
    job_failed: job.cluster.jobFailed,
    windows: listWindows(job),
  };
}
