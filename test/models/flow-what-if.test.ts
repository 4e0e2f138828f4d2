// A dataflow job at other intervals: closed forms and simulation agree where the forms leave nothing out.
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_COSTS,
  type FlowJobPlan,
  NO_FAULTS,
  pipelineGraph,
  RESTART_AT_ONCE,
} from '../../models/flow-job/plan.ts';
import type { FlowJobOutcome } from '../../models/flow-job/outcome.ts';
import { runFlowJob } from '../../models/flow-job/run.ts';
import { flinkAligned } from '../../models/protocols/index.ts';
import { type FlowWhatIf, flowWhatIf, flowWhatIfRounds } from '../../models/what-if/index.ts';
import { keptBytes, movedCrashes } from '../../models/what-if/flow-interval-run.ts';
import { studentT95 } from '../../sim/statistics.ts';

/** 200 records a second, of which the operator could take 500; little room in front of it, so that sources wait for it. */
const plan: FlowJobPlan = {
  ...pipelineGraph([{ parallelism: 1 }, { parallelism: 1, serviceMicros: 2_000, stateBytes: 1e6 }, { parallelism: 1 }]),
  name: 'small',
  seed: '1',
  replication: 0,
  horizonMicros: 24e6,
  capacity: 4,
  routing: 'keyed',
  hops: 0,
  sink: 'two-phase',
  load: { records: 2 ** 31 - 1, intervalMicros: 5_000, arrivals: 'regular' },
  costs: { ...DEFAULT_COSTS, syncMicros: 10_000, detectionMicros: 0 },
  checkpoints: {
    intervalMicros: 2e6,
    timeoutMicros: 600e6,
    minPauseMicros: 0,
    maxConcurrent: 1,
    alignedTimeoutMicros: 0,
    tolerableFailures: null,
  },
  restart: RESTART_AT_ONCE,
  faults: {
    ...NO_FAULTS,
    crashes: [
      { target: 1, atMicros: 5e6 },
      { target: 2, atMicros: 205e6 },
    ],
  },
};

const studyOf = (of: FlowJobPlan): FlowWhatIf => flowWhatIf(of, 'flink-aligned', runFlowJob(of, flinkAligned));
const failing = studyOf(plan);
const calm = studyOf({ ...plan, faults: NO_FAULTS });

const pointsOf = ({ curves }: FlowWhatIf, measure: string) => curves.find((each) => each.measure === measure)!.points;

/** A record is 5 ms of the input; its way through two channels and a service is shorter than 6 ms, pauses included. */
const RECORD_S = 0.005;
/** Share of the measured time that one takes: runs are a little longer than whole intervals. */
const CHECKPOINT = 0.01 / 18.2;

describe('a dataflow job at other intervals', () => {
  it.each([
    ['recovery', failing, RECORD_S],
    ['replayed', failing, 1],
    ['overhead', calm, 0.05 * CHECKPOINT],
    ['latency', calm, 0.006],
    ['storage', calm, 2 * DEFAULT_COSTS.recordBytes],
  ])(
    '%s is what the closed form says, to three standard errors and what a record or a part of a checkpoint is',
    (measure, study, grain) => {
      const points = pointsOf(study, measure);
      expect(points.map(({ interval_s }) => interval_s)).toEqual([0.5, 0.75, 1.2, 2, 3, 6]);
      for (const { interval_s, n, mean, high, closed_form: form } of points) {
        expect(n).toBe(12);
        const error = (high! - mean!) / studentT95(n - 1);
        expect(Math.abs(mean! - form!), `${measure} at ${interval_s} s`).toBeLessThan(3 * error + grain);
      }
    },
  );

  it('has one failure in each run, the second being too late, and all are caught up with', () => {
    expect(pointsOf(failing, 'overhead').map(({ failures_per_run: each }) => each)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(failing).toMatchObject({ failures: 'moved', struck: 72, cut_off: 0 });
  });

  it('says nothing of recovery where nothing fails', () => {
    expect(calm).toMatchObject({ failures: 'none', struck: 0 });
    expect(calm.curves.map(({ measure }) => measure)).toEqual(['overhead', 'latency', 'storage']);
  });

  it('has no closed form but that of storage for a job that gets more than it can do', () => {
    const { curves } = studyOf({ ...plan, faults: NO_FAULTS, load: { ...plan.load, intervalMicros: 1_900 } });
    expect(curves.map(({ measure, model }) => (model === null ? null : measure))).toEqual([null, null, 'storage']);
  });

  it('strikes at every part of an interval equally often, at the same part of each, with the same gaps', () => {
    const replications = 12;
    const parts = [2e6, 6e6].map((intervalMicros) =>
      Array.from({ length: replications }, (_, replication) => {
        const of = { ...plan, replication, checkpoints: { ...plan.checkpoints, intervalMicros } };
        const crashes = movedCrashes(of, 6e6, { replication, replications });
        const [first, second] = crashes;
        expect(second!.atMicros - first!.atMicros).toBe(200e6);
        const { checkpoints } = runFlowJob(
          { ...of, horizonMicros: 24e6, faults: { ...NO_FAULTS, crashes } },
          flinkAligned,
        );
        const before = checkpoints.filter(({ triggered_us: at }) => at <= first!.atMicros);
        return (first!.atMicros - before.at(-1)!.triggered_us) / intervalMicros;
      }),
    );
    parts[0]!.forEach((part, i) => {
      expect(Math.floor(part * replications)).toBe(i);
      expect(parts[1]![i]).toBeCloseTo(part, 2);
    });
  });

  it('keeps the store and the input since the newest completed checkpoint', () => {
    const checkpoint = (triggered_us: number, duration_us: number, status: 'completed' | 'aborted') =>
      ({ triggered_us, duration_us, status }) as FlowJobOutcome['checkpoints'][number];
    const outcome = {
      horizon_us: 20e6,
      checkpoints: [
        checkpoint(4e6, 2e6, 'completed'),
        checkpoint(8e6, 1e6, 'aborted'),
        checkpoint(12e6, 4e6, 'completed'),
      ],
      storage: {
        bytes_max: 0,
        bytes_end: 0,
        uploaded_bytes: 0,
        samples: [
          { at_us: 6e6, bytes: 1_000 },
          { at_us: 16e6, bytes: 3_000 },
        ],
      },
    };
    // 20 kB/s: for 6 s of age 6 to 12 s, for 4 s of age 4 to 8 s; of the store 6 s with 1 kB and 4 s with 3 kB.
    expect(keptBytes(outcome, plan, 10e6)).toBeCloseTo((20_000 * (6 * 9 + 4 * 6) + 6 * 1_000 + 4 * 3_000) / 10, 6);
  });

  it('is not begun without an interval, nor where it would take too long', () => {
    const run = runFlowJob(plan, flinkAligned);
    const begin = (intervalMicros: number, events: number): unknown =>
      flowWhatIfRounds({ ...plan, checkpoints: { ...plan.checkpoints, intervalMicros } }, 'flink-aligned', {
        ...run,
        events,
      }).next();
    expect(() => begin(0, run.events)).toThrow('makes no checkpoints');
    expect(() => begin(2e6, 1e8)).toThrow(/would take 3600 million events, more than the 400 million/);
    expect(begin(2e6, 1e6)).toMatchObject({ done: false });
  });
});
