/** Does a job, here and now, on this thread. The only file of the command line that calls the simulator. */
import { crashMatrix, flowCrashMatrix, simulate } from '../../models/index.ts';
import type { ProtocolName } from '../../models/protocols/index.ts';
import type { SimulateOptions } from '../../models/simulate.ts';
import { exploreFlow } from '../../models/dataflow/explore-flow.ts';
import { type FlowReplay, PathMismatch, replayFlow } from '../../models/dataflow/replay-flow.ts';
import { UsageError } from '../exit.ts';
import { asUsage, loadSubject } from '../protocol-source.ts';
import type { History } from '../../models/dataflow/history-data.ts';
import type { JudgedRun } from '../../models/flow-job/judged-run.ts';
import type { Outcome } from '../../models/outcome.ts';
import type { RunPicture } from '../actions/picture-window.ts';
import type { ProgressReport } from '../progress.ts';
import {
  ACTIONS_MAX,
  type CoordinatorJob,
  type ExploreJob,
  type Job,
  type JobResults,
  type MutantsJob,
  type ReplayFlowJob,
  type RunFlowJob,
  type RunFlowResult,
  type RunJob,
  type RunResult,
  type TransposeJob,
} from './job.ts';
import { traceWriter } from './trace-writer.ts';
import { createSamples, divergenceOf } from './twice.ts';

type OnProgress = (report: ProgressReport) => void;

/** Runs the job to its end. */
export async function perform(job: Job, onProgress: OnProgress): Promise<JobResults[Job['kind']]> {
  switch (job.kind) {
    case 'run':
      return performRun(job, onProgress);
    case 'run-flow':
      return performRunFlow(job, onProgress);
    case 'crash-matrix':
      return job.protocol === 'samza' ? crashMatrix('samza', job.seed) : flowCrashMatrix(job.protocol as ProtocolName);
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

async function performExplore(job: ExploreJob, onProgress: OnProgress): Promise<JobResults['explore']> {
  const { protocol, plan, order, reduction, maxStates, stopAtFirst } = job;
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

async function performRun(job: RunJob, onProgress: OnProgress): Promise<RunResult> {
  const { plan, replay, trace, keepActions, twice } = job;
  const common: Pick<SimulateOptions, 'replay' | 'onProgress'> = {
    ...(replay === null ? {} : { replay }),
    onProgress: (simulatedMicros, events) => onProgress({ simulatedMicros, events }),
  };
  const writer = trace === null ? null : traceWriter(trace);
  const actions: string[] = [];
  const onEvent: NonNullable<SimulateOptions['onEvent']> = (event) => {
    writer?.add(event);
    if (keepActions && actions.length <= ACTIONS_MAX) actions.push(event.id);
  };
  const samples = createSamples();
  const outcome = simulate(plan, {
    ...common,
    ...(twice ? { onSample: samples.add } : {}),
    ...(writer === null && !keepActions ? {} : { onEvent }),
  });
  writer?.end();
  const kept = keepActions && actions.length <= ACTIONS_MAX ? actions : null;
  const history = job.picture === null ? null : await historyOfRun(job, job.picture, outcome);
  if (!twice) return { outcome, actions: kept, divergence: null, history };

  const samplesAgain = createSamples();
  const again = simulate(plan, {
    ...common,
    onSample: samplesAgain.add,
    // The second run counts on from the first, so that the progress shown is that of both.
    onProgress: (simulatedMicros, events) =>
      onProgress({ simulatedMicros: plan.horizonMicros + simulatedMicros, events: outcome.events + events }),
  });
  const divergence = divergenceOf(plan, { outcome, samples }, { outcome: again, samples: samplesAgain }, simulate);
  return { outcome, actions: kept, divergence, history };
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

/** Runs up to the end of the window once more, and records it. */
async function historyOfRun(
  { plan, replay }: RunJob,
  { window, tasks }: RunPicture,
  outcome: Outcome,
): Promise<History> {
  const { windowOfRun } = await import('../../models/dataflow/history-samza-window.ts');
  const { samzaHistory } = await import('../../models/dataflow/history-samza.ts');
  const chosen = windowOfRun(plan, outcome, window);
  if ('problem' in chosen) {
    throw new UsageError(
      `--window ${window.kind}: ${chosen.problem}\n   remedy: leave the option out, or give \`--window FROM..TO\` in simulated seconds`,
    );
  }
  return samzaHistory(plan, {
    ...chosen,
    ...(tasks === null ? {} : { tasks }),
    ...(replay === null ? {} : { replay }),
  });
}
