/** From what the user typed to a stream job: a scenario of one, or a Samza job that is measured by a profile run. */
import type { FailureLaw } from '../models/fluid-job/index.ts';
import type { StreamJob } from '../models/tuning/stream-job.ts';
import type { StreamArgs } from './commands/stream-args.ts';
import { UsageError } from './exit.ts';
import { readFile } from './files.ts';
import { startJob } from './jobs/start.ts';
import { loadPlan, pathOf } from './scenario-source.ts';

export interface LoadedStream {
  readonly job: StreamJob;
  readonly notes: readonly string[];
}

/** What says which job it is. */
type StreamChoice = Pick<StreamArgs, 'scenario' | 'set' | 'mtbf' | 'seed'>;

/** The job; throws UsageError with every mistake found in it. */
export async function loadStreamJob(args: StreamChoice): Promise<LoadedStream> {
  const { scenario, mtbf, seed } = args;
  if (mtbf !== undefined && !(mtbf >= 0.001 && mtbf <= 1e9))
    throw new UsageError('--mtbf must be a number of seconds from 0.001 to 1000000000');
  if (seed === '') throw new UsageError('--seed must not be empty');
  const path = await streamPath(scenario);
  const loaded = path === null ? await profiled(args) : await ofFile(path, args);
  const withSeed = seed === undefined ? loaded.job : { ...loaded.job, seed };
  return { ...loaded, job: mtbf === undefined ? withSeed : withMtbf(withSeed, mtbf) };
}

async function ofFile(path: string, { set }: StreamChoice): Promise<LoadedStream> {
  const { renderInputErrors } = await import('../scenarios/input-error.ts');
  const { loadStream } = await import('../scenarios/load-stream.ts');
  const loaded = loadStream({ path, text: readFile(path) }, { readFile, sets: set });
  if (loaded.kind === 'errors') throw new UsageError(renderInputErrors(loaded.errors));
  return { job: loaded.job, notes: [] };
}

/** The file of a stream job, shipped or the user's own; null for anything else. */
export async function streamPath(scenario: string): Promise<string | null> {
  const { streamCatalog } = await import('../scenarios/stream-catalog.ts');
  const { isStreamFile } = await import('../scenarios/load-stream.ts');
  const entry = streamCatalog.find(({ name }) => name === scenario);
  if (entry !== undefined) return pathOf(entry);
  if (!/\.ya?ml$/i.test(scenario)) return null;
  return isStreamFile({ path: scenario, text: readFile(scenario) }) ? scenario : null;
}

async function profiled({ scenario, set, seed }: StreamChoice): Promise<LoadedStream> {
  const { plan, notes } = await loadPlan(scenario, { set, seed, ties: undefined, horizonSeconds: undefined });
  const { profiledJob, profilePlan } = await import('../models/tuning/index.ts');
  const profile = profilePlan(plan);
  if (profile === null) {
    throw new UsageError(
      `${scenario}: task.commit.ms is ${plan.job.samza.commitMicros / 1000}: the job has no interval to tune\n   remedy: --set job.samza.task.commit.ms=60000`,
    );
  }
  const { outcome } = await startJob(
    { kind: 'run', plan: profile, replay: null, trace: null, keepActions: false, twice: false, picture: null },
    { what: `${plan.name}, profile run`, horizonMicros: profile.horizonMicros },
  );
  const job = profiledJob(plan, outcome);
  if ('problem' in job) {
    throw new UsageError(
      `${scenario}: ${job.problem}\n   remedy: describe it by its metrics instead (kind: stream, see \`tidemark list\`)`,
    );
  }
  return { job, notes };
}

/** The job with another distance of failures; what a trace said is dropped. */
function withMtbf(job: StreamJob, mtbf_s: number): StreamJob {
  const meanMicros = Math.round(mtbf_s * 1e6);
  const [source] = job.plan.failures;
  const law: FailureLaw =
    source?.law.kind === 'weibull' ? { ...source.law, meanMicros } : { kind: 'exponential', meanMicros };
  return {
    ...job,
    plan: { ...job.plan, failures: [{ name: 'job', law, level: 1 }] },
    assumed: job.assumed.filter((key) => key !== 'mtbf' && key !== 'faults.mtbf_s'),
  };
}
