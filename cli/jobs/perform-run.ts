/** Simulates a Samza job on this thread: once or twice, traced, replayed or drawn. */
import { simulate, type SimulateOptions } from '../../models/simulate.ts';
import type { History } from '../../models/dataflow/history-data.ts';
import type { Outcome } from '../../models/outcome.ts';
import type { RunPicture } from '../actions/picture-window.ts';
import { UsageError } from '../exit.ts';
import type { ProgressReport } from '../progress.ts';
import { ACTIONS_MAX, type RunJob, type RunResult } from './job.ts';
import { traceWriter } from './trace-writer.ts';
import { createSamples, divergenceOf } from './twice.ts';

/** Runs the job to its end. */
export async function performRun(job: RunJob, onProgress: (report: ProgressReport) => void): Promise<RunResult> {
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
