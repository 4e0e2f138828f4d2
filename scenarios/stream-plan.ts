/** From the file of a stream job to a fluid plan: units become microseconds, a trace becomes its gaps. */
import {
  type Delta,
  type FailureLaw,
  type FluidPlan,
  PLAIN_FLUID_PLAN,
  type Snapshot,
} from '../models/fluid-job/index.ts';
import type { FaultTrace } from '../models/plan.ts';
import type { Constraints } from '../models/tuning/index.ts';
import { PRICES_ASSUMED, type StreamJob } from '../models/tuning/stream-job.ts';
import { finding, type Finding } from './explain-issue.ts';
import type { BoundsEntry, StateEntry, StreamScenarioFile } from './stream-scenario.ts';

/** What of a file only a person could get wrong: values that are fine one by one. */
export function streamFindings(file: StreamScenarioFile): readonly Finding[] {
  const { load, state, faults, objective, bounds, weights, checkpoint } = file;
  const findings: Finding[] = [];
  if (load.rate_per_s >= load.capacity_per_s) {
    const message = `must be less than load.capacity_per_s (${load.capacity_per_s}), found ${load.rate_per_s}`;
    findings.push(finding(['load', 'rate_per_s'], message, 'a job that cannot keep up has no best interval'));
  }
  if ((faults.mtbf_s === undefined) === (faults.trace === undefined)) {
    const message = faults.trace === undefined ? 'needs mtbf_s or trace' : 'has mtbf_s and trace';
    findings.push(finding(['faults'], message, 'give one of them: without failures the best checkpoint is none'));
  }
  if (faults.trace === undefined && faults.trace_nodes !== undefined) {
    findings.push(finding(['faults', 'trace_nodes'], 'needs a trace', 'leave it out, or give faults.trace'));
  }
  if (state.backend === 'incremental') findings.push(...deltaFindings(state));
  if (checkpoint.pause_ms >= checkpoint.interval_s * 1000) {
    const message = `must be shorter than checkpoint.interval_s, found ${checkpoint.pause_ms} ms`;
    findings.push(finding(['checkpoint', 'pause_ms'], message, 'a job that always stands still does no work'));
  }
  if (objective === 'recovery-slo' && bounds.recovery_p99_s === undefined) {
    findings.push(finding(['objective'], 'recovery-slo needs a bound', 'set bounds.recovery_p99_s'));
  }
  if (objective === 'weighted' && Object.values(weights ?? {}).every((each) => each === undefined || each === 0)) {
    findings.push(finding(['objective'], 'weighted needs weights', 'such as weights: { utilisation: 1, storage: 1 }'));
  }
  return findings;
}

function deltaFindings(state: Extract<StateEntry, { backend: 'incremental' }>): readonly Finding[] {
  const { delta_bytes: delta, updates_per_s: updates, entry_bytes: entry } = state;
  const remedy = 'give delta_bytes, or updates_per_s and entry_bytes';
  if (delta !== undefined && (updates !== undefined || entry !== undefined))
    return [finding(['state', 'delta_bytes'], 'says what updates_per_s and entry_bytes say, too', remedy)];
  if (delta === undefined && (updates === undefined || entry === undefined))
    return [finding(['state'], 'does not say what changes from checkpoint to checkpoint', remedy)];
  return [];
}

/** Fewer failures than this tell nothing about the gaps between them. */
const TRACE_FAILURES_MIN = 10;

/** The gaps between failures of the nodes that the job runs on; or what is wrong with them. */
export function tracedFailures(file: StreamScenarioFile, trace: FaultTrace): FailureLaw | Finding {
  const all = [...new Set(trace.node)].toSorted((a, b) => a - b);
  const nodes = file.faults.trace_nodes ?? all.length;
  if (nodes > all.length) {
    const message = `must be at most the ${all.length} nodes of the trace, found ${nodes}`;
    return finding(['faults', 'trace_nodes'], message, 'leave it out for all of them');
  }
  const ours = new Set(all.slice(0, nodes));
  const moments = trace.atMicros.filter((_, i) => ours.has(trace.node[i]!));
  if (moments.length < TRACE_FAILURES_MIN) {
    const message = `has ${moments.length} failures of the nodes of the job; at least ${TRACE_FAILURES_MIN} are needed`;
    return finding(['faults', 'trace'], message, 'take a longer trace or more nodes, or estimate faults.mtbf_s');
  }
  return { kind: 'resampled', micros: moments.slice(1).map((at, i) => at - moments[i]!) };
}

/** The job; the failures of a trace are given, since reading it is not done here. */
export function streamJob(file: StreamScenarioFile, name: string, traced: FailureLaw | null): StreamJob {
  const { checkpoint, recovery, prices, assumed } = file;
  const micros = (seconds: number): number => Math.round(seconds * 1e6);
  const constant = (seconds: number) => ({ kind: 'constant', micros: micros(seconds) }) as const;
  const upload = checkpoint.upload_bytes_per_s;
  const plan: FluidPlan = {
    ...PLAIN_FLUID_PLAN,
    load: {
      kind: 'constant',
      inputPerSecond: file.load.rate_per_s,
      capacityPerSecond: file.load.capacity_per_s,
      recordBytes: file.load.record_bytes,
    },
    checkpoint: {
      ...PLAIN_FLUID_PLAN.checkpoint,
      intervalMicros: micros(checkpoint.interval_s),
      firstTriggerMicros: micros(checkpoint.interval_s),
      pauseMicros: micros(checkpoint.pause_ms / 1000),
      delay: constant(checkpoint.duration_ms / 1000),
      upload: upload === null ? null : { bytesPerSecond: upload, isBlocking: checkpoint.upload_blocks },
      minPauseMicros: micros(checkpoint.min_pause_s),
      timeoutMicros: checkpoint.timeout_s === null ? null : micros(checkpoint.timeout_s),
      failureProbability: checkpoint.failure_probability,
    },
    snapshot: snapshotOf(file.state),
    failures: [{ name: 'job', law: traced ?? drawnFailures(file), level: 1 }],
    recovery: {
      downMicros: [0, 0],
      detect: constant(recovery.detection_s),
      restart: constant(recovery.restart_s),
      restore: constant(recovery.restore_s),
      readBytesPerSecond: recovery.restore_bytes_per_s,
      replayBytesPerSecond: recovery.replay_bytes_per_s,
    },
    measure: {
      ...PLAIN_FLUID_PLAN.measure,
      historyMicros: micros(checkpoint.history_s),
      retainedSnapshots: checkpoint.keep,
      objectsPerCheckpoint: checkpoint.objects,
      objectsPerRestore: checkpoint.objects,
    },
  };
  return {
    name,
    title: file.title,
    engine: file.engine,
    seed: String(file.seed),
    plan,
    scope: 'job',
    objective: file.objective,
    weights: Object.fromEntries(Object.entries(file.weights ?? {}).filter(([, weight]) => weight !== undefined)),
    bounds: boundsOf(file.bounds),
    prices:
      prices === undefined
        ? PRICES_ASSUMED
        : {
            cores: prices.cores,
            core_hour_price_usd: prices.core_hour_usd,
            put_price_usd: prices.put_usd,
            get_price_usd: prices.get_usd,
            storage_price_usd_per_gb_month: prices.storage_usd_per_gb_month,
            transfer_price_usd_per_gb: prices.transfer_usd_per_gb,
          },
    assumed: prices === undefined ? [...assumed, 'prices'] : assumed,
    measured: [],
  };
}

function boundsOf({ recovery_p99_s, output_latency_s, transaction_timeout_s }: BoundsEntry): Constraints {
  return {
    ...(recovery_p99_s === undefined ? {} : { recovery_p99_s }),
    ...(output_latency_s === undefined ? {} : { output_latency_s }),
    ...(transaction_timeout_s === undefined ? {} : { transaction_timeout_s }),
  };
}

function drawnFailures({ faults: { mtbf_s: mtbf, shape } }: StreamScenarioFile): FailureLaw {
  if (mtbf === undefined) throw new Error('assert: a job without an mtbf and without a trace was not refused');
  const meanMicros = Math.round(mtbf * 1e6);
  return shape === 1 ? { kind: 'exponential', meanMicros } : { kind: 'weibull', shape, meanMicros };
}

function snapshotOf(state: StateEntry): Snapshot {
  switch (state.backend) {
    case 'full':
      return { kind: 'full', stateBytes: state.bytes };
    case 'incremental':
      return { kind: 'chain', stateBytes: state.bytes, delta: deltaOf(state), length: state.full_every };
    case 'changelog':
      return {
        kind: 'changelog',
        stateBytes: state.bytes,
        logBytesPerSecond: state.updates_per_s * state.entry_bytes,
        materializationPeriodMicros: Math.round(state.materialization_s * 1e6),
        materializationMicros: Math.round(state.materialization_takes_s * 1e6),
      };
  }
}

function deltaOf(state: Extract<StateEntry, { backend: 'incremental' }>): Delta {
  const { delta_bytes: bytes, updates_per_s: updatesPerSecond, entry_bytes: entryBytes } = state;
  if (bytes !== undefined) return { kind: 'constant', bytes };
  return { kind: 'uniformUpdates', entryBytes: entryBytes!, updatesPerSecond: updatesPerSecond! };
}
