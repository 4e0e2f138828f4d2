/**
 * Does a job, here and now, on this thread. What a kind of job needs is loaded when one is to be done: all of it takes longer
 * to load than many a run takes.
 */
import type { FlowReplay } from '../../models/dataflow/replay-flow.ts';
import type { JudgedRun } from '../../models/flow-job/judged-run.ts';
import type { ProtocolName } from '../../models/protocols/index.ts';
import { UsageError } from '../exit.ts';
import type { ProgressReport } from '../progress.ts';
import type {
  CoordinatorJob,
  CrashMatrixJob,
  ExploreJob,
  Job,
  JobResults,
  MutantsJob,
  ReplayFlowJob,
  RunFlowJob,
  RunFlowResult,
  TransposeJob,
} from './job.ts';

type OnProgress = (report: ProgressReport) => void;

/** Runs the job to its end. */
export async function perform(job: Job, onProgress: OnProgress): Promise<JobResults[Job['kind']]> {
  switch (job.kind) {
    case 'run':
      return (await import('./perform-run.ts')).performRun(job, onProgress);
    case 'run-flow':
      return performRunFlow(job, onProgress);
    case 'crash-matrix':
      return performCrashMatrix(job);
    case 'explore':
      return performExplore(job, onProgress);
    case 'mutants':
      return performMutants(job, onProgress);
    case 'transpose':
      return performTranspose(job, onProgress);
    case 'replay-flow':
      return performReplayFlow(job);
    case 'coordinator':
      return performCoordinator(job);
  }
}

async function performCrashMatrix({ protocol, seed }: CrashMatrixJob): Promise<JobResults['crash-matrix']> {
  if (protocol === 'samza') return (await import('../../models/crash-matrix.ts')).crashMatrix('samza', seed);
  return (await import('../../models/flow-crash-matrix.ts')).flowCrashMatrix(protocol as ProtocolName);
}

async function performExplore(job: ExploreJob, onProgress: OnProgress): Promise<JobResults['explore']> {
  const { protocol, plan, order, reduction, maxStates, stopAtFirst } = job;
  const { asUsage, loadSubject } = await import('../protocol-source.ts');
  const { exploreFlow } = await import('../../models/dataflow/explore-flow.ts');
  const subject = await loadSubject(protocol);
  try {
    return exploreFlow(subject, plan, {
      order,
      reduction,
      maxStates,
      stopAtFirst,
      onProgress: (states) => onProgress({ done: states, total: null, unit: 'states' }),
    });
  } catch (error) {
    throw asUsage(protocol, error);
  }
}

async function performMutants(job: MutantsJob, onProgress: OnProgress): Promise<JobResults['mutants']> {
  const { wanted, runs, maxStates, seed } = job;
  const { ALL_MUTANTS, effectMutants, runMutants, TIMED_MUTANTS } = await import('../../models/mutants/index.ts');
  const effort = {
    runs,
    maxStates,
    seed,
    onProgress: (done: number, total: number) => onProgress({ done, total, unit: 'mutants' }),
  };
  if (wanted.kind === 'catalogue')
    return runMutants({ ...effort, mutants: ALL_MUTANTS, timed: TIMED_MUTANTS, names: wanted.names });
  const { asUsage, loadSubject } = await import('../protocol-source.ts');
  const { protocol } = await loadSubject(wanted.protocol);
  try {
    const mutants = effectMutants(protocol);
    const unknown = wanted.names.find((name) => mutants.every((mutant) => mutant.name !== name));
    if (unknown !== undefined)
      throw new UsageError(`--name ${unknown}: not one of ${mutants.map(({ name }) => name).join(', ')}`);
    return runMutants({ ...effort, mutants, ...(wanted.names.length === 0 ? {} : { names: wanted.names }) });
  } catch (error) {
    throw asUsage(wanted.protocol, error);
  }
}

async function performCoordinator({ id, withDefect }: CoordinatorJob): Promise<JobResults['coordinator']> {
  const { COORDINATOR_DEFECTS } = await import('../../models/coordinator-study/index.ts');
  return COORDINATOR_DEFECTS.find((defect) => defect.id === id)!.run(withDefect);
}

async function performTranspose(job: TransposeJob, onProgress: OnProgress): Promise<JobResults['transpose']> {
  const { transpose } = await import('../../models/mutants/index.ts');
  const { runs, maxStates, seed } = job;
  return transpose({
    runs,
    maxStates,
    seed,
    onProgress: (done, total) => onProgress({ done, total, unit: 'mutants' }),
  });
}

async function performReplayFlow({ protocol, plan, path, law }: ReplayFlowJob): Promise<FlowReplay> {
  const { asUsage, loadSubject } = await import('../protocol-source.ts');
  const { PathMismatch, replayFlow } = await import('../../models/dataflow/replay-flow.ts');
  const subject = await loadSubject(protocol);
  try {
    return replayFlow(subject, plan, { path, law });
  } catch (error) {
    if (!(error instanceof PathMismatch)) throw asUsage(protocol, error);
    throw new UsageError(
      `the path does not fit the protocol: ${error.message}\n   remedy: the protocol has changed since it was saved; run \`tidemark check\` again`,
    );
  }
}

async function performRunFlow(job: RunFlowJob, onProgress: OnProgress): Promise<RunFlowResult> {
  const { runJudged } = await import('../../models/flow-job/judged-run.ts');
  const { PROTOCOLS } = await import('../../models/protocols/index.ts');
  const { plan, promise, twice } = job;
  const protocol = PROTOCOLS[job.protocol as ProtocolName];
  const run = (from: number, before: number): JudgedRun =>
    runJudged(plan, protocol, {
      promise,
      onProgress: (simulatedMicros, events) =>
        onProgress({ simulatedMicros: from + simulatedMicros, events: before + events }),
    });
  const judged = run(0, 0);
  if (!twice) return { judged, divergence: null };
  const again = run(plan.horizonMicros, judged.outcome.events).outcome.digests;
  const { digests } = judged.outcome;
  const differing = (['order', 'state', 'cost'] as const).filter((name) => digests[name] !== again[name]);
  return { judged, divergence: differing.length === 0 ? null : differing };
}
