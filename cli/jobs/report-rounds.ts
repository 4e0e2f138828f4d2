/** A report as rounds of runs: first the job itself, then the parts of the study of other intervals, all of which can be kept. */
import { SamzaCheckpointWatch, flowCheckpointHistory } from '../../models/checkpoint-history/index.ts';
import { runJudged } from '../../models/flow-job/judged-run.ts';
import { simulate } from '../../models/simulate.ts';
import { type ProtocolName, PROTOCOLS } from '../../models/protocols/index.ts';
import type { Rounds } from '../../models/tuning/tune.ts';
import {
  type FlowIntervalJob,
  flowIntervalRun,
  type FlowIntervalRun,
  type FlowWhatIf,
  flowWhatIfRounds,
  runWhatIfJob,
  type WhatIf,
  type WhatIfJob,
  whatIfRounds,
  type WhatIfSample,
} from '../../models/what-if/index.ts';
import type { ProgressReport } from '../progress.ts';
import type { FlowReportJob, ReportJob, ReportResult } from './job.ts';

export type ReportPart =
  | { readonly kind: 'run'; readonly plan: NonNullable<ReportJob['plan']> }
  | { readonly kind: 'flow'; readonly flow: FlowReportJob }
  | FlowIntervalJob
  | WhatIfJob;

export type ReportSample =
  | ({ readonly kind: 'run' } & NonNullable<ReportResult['run']>)
  | ({ readonly kind: 'flow' } & NonNullable<ReportResult['flow']>)
  | FlowIntervalRun
  | WhatIfSample;

/** The rounds; what comes out of them is the whole report. */
export function* reportRounds({ plan, stream, flow }: ReportJob): Rounds<ReportResult, ReportPart, ReportSample> {
  if (flow !== null) return yield* flowRounds(flow);
  const [made] = plan === null ? [] : yield [{ kind: 'run', plan }];
  const run = made?.kind === 'run' ? made : null;
  if (stream === null) return { run, flow: null, whatIf: null, whyNot: null };
  try {
    // A part of the study is answered by a sample of the study.
    const study = whatIfRounds(stream.plan, stream.scope, stream) as Rounds<WhatIf, ReportPart, ReportSample>;
    return { run, flow: null, whatIf: yield* study, whyNot: null };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { run, flow: null, whatIf: null, whyNot: error.message };
  }
}

/** The job as it is configured says what a run takes; then come those at other intervals. */
function* flowRounds(flow: FlowReportJob): Rounds<ReportResult, ReportPart, ReportSample> {
  const [made] = yield [{ kind: 'flow', flow }];
  if (made?.kind !== 'flow') throw new Error('the first part of a report was not what was asked for');
  try {
    // A part of the study is answered by a sample of the study.
    const rounds = flowWhatIfRounds(flow.plan, flow.protocol, made.judged.outcome);
    const study = rounds as Rounds<FlowWhatIf, ReportPart, ReportSample>;
    return {
      run: null,
      flow: made,
      whatIf: yield* study,
      whyNot: null,
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { run: null, flow: made, whatIf: null, whyNot: error.message };
  }
}

/** Makes a part; the job itself tells how far it is. */
export function runReportPart(
  part: ReportPart,
  seed: string,
  onProgress: (report: ProgressReport) => void,
): ReportSample {
  switch (part.kind) {
    case 'run': {
      let watch: SamzaCheckpointWatch | null = null;
      const outcome = simulate(part.plan, {
        onJob: (job) => {
          watch = new SamzaCheckpointWatch(job);
          job.probe = watch.probe();
        },
        onProgress: (simulatedMicros, events) => onProgress({ simulatedMicros, events }),
      });
      return { kind: 'run', outcome, history: watch!.close() };
    }
    case 'flow': {
      const { plan, protocol, promise } = part.flow;
      const judged = runJudged(plan, PROTOCOLS[protocol as ProtocolName], {
        promise,
        onProgress: (simulatedMicros, events) => onProgress({ simulatedMicros, events }),
      });
      const names = plan.tasks.map(({ name }) => name);
      return { kind: 'flow', judged, history: flowCheckpointHistory(judged.outcome, names) };
    }
    case 'flow-interval':
      return flowIntervalRun(part);
    case 'interval':
    case 'space':
    case 'configured':
      return runWhatIfJob(part, seed);
  }
}
