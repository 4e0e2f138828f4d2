// How much is processed twice after a crash, on average (samza.md §11): r·(T/2 + A) records at rate r and commit interval T,
// when the moment of the crash is uniform over an interval.
//
// What A is, exactly. A commit protects the inputs it has frozen (step 3, COPY of lastProcessedOffsets) from the moment
// its record lies in the checkpoint topic, in the version that the job reads (step 9b). So A runs from the END of
// freeze-offsets to the APPEND of that record, no further:
//   flush-producers + flush-stores + checkpoint-stores + newest-offsets + submit-async + [upload] + write-files-v1
//   + one way to the checkpoint topic,
// and for a reader of version 2 also the way back, write-files-v2 and one way again. Not in A: the steps before the freeze
// (the offsets are not fixed yet), the acknowledgement of the append, clean-up and input trim (the record is durable).
// The document's "sync + async length" counts those too: finding 3 in docs/findings.md.
//
// Derivation. Let freezes lie at kT and crash at u after one of them, u uniform in [0, T). While u < A the record of this
// commit is not durable and the previous one counts: r·(T + u) records come again; afterwards r·u. The mean is
// r·(T/2 + A). The task stands still for the sync stage s, which takes r·s²/2T from it: 0.02 records here, far below what
// 2,000 crashes can see (their standard error is 0.6).
import { expect, test } from 'vitest';
import { type FaultPlan, type Outcome, simulate } from '../../../models/index.ts';
import { randomStreams } from '../../../sim/index.ts';
import { type PlanChanges, millisecond, planOf, second } from '../plan-builder.ts';

const crashes = 2000;
const rate = 50;
const interval = 2 * second;

/** A job that crashes in its third commit interval after every start, at a moment drawn uniformly from it. */
function crashing(readVersion: 1 | 2): PlanChanges {
  const moments = randomStreams('duplicates', readVersion)('crash moments');
  const faults = Array.from({ length: crashes }, (_, start): FaultPlan => {
    const delayMicros = 2 * interval + moments.int(interval);
    return {
      kind: 'container-crash',
      trigger: { on: 'start', moment: 'running', container: 0, start, delayMicros },
      container: 0,
      exitCode: 137,
    };
  });
  return {
    seed: `duplicates ${readVersion}`,
    horizonMicros: crashes * 6 * second,
    keys: {
      'task.commit.ms': interval / millisecond,
      'task.checkpoint.read.versions': readVersion,
      'cluster-manager.allocator.sleep.ms': 1,
    },
    cluster: { exitReportMicros: 10 * millisecond, containerStartMicros: 100 * millisecond },
    load: { perSecond: rate },
    // Long file writes make A long, so that the test can tell r·(T/2 + A) from r·T/2.
    costs: { processMicros: 100, writeFilesMicros: 300 * millisecond },
    faults,
  };
}

/** Runs it and measures A from outside: freeze to append of the version that is read, over all complete commits. */
function observe(readVersion: 1 | 2): { readonly outcome: Outcome; readonly spanMicros: number } {
  const frozenAt = new Map<number, number>();
  let total = 0;
  let count = 0;
  const outcome = simulate(planOf(crashing(readVersion)), {
    onJob: (job) => {
      job.probe = {
        onFrozen: (commit) => {
          if (!commit.seal) frozenAt.set(commit.number, job.world.now);
        },
        onCheckpoint: (record) => {
          const from = frozenAt.get(record.commit);
          if (record.version !== readVersion || from === undefined) return;
          total += job.world.now - from;
          count++;
        },
      };
    },
  });
  return { outcome, spanMicros: total / count };
}

/** Sum of the steps that the comment above counts, from the plan's costs and the measured wait for the producer. */
function spanOfSteps(readVersion: 1 | 2, outcome: Outcome): number {
  const { costs } = planOf(crashing(readVersion));
  const waits = outcome.checkpoint_phases.find((phase) => phase.step === 'flush-producers')!;
  const flush = waits.total_us / waits.count;
  const first =
    flush +
    costs.storeFlushMicros +
    costs.storeCheckpointMicros +
    costs.brokerRequestMicros +
    costs.commitStepMicros +
    costs.writeFilesMicros +
    costs.kafkaLatencyMicros;
  return readVersion === 1
    ? first
    : first + costs.kafkaLatencyMicros + costs.writeFilesMicros + costs.kafkaLatencyMicros;
}

test.each([1, 2] as const)(
  'a crash costs r·(T/2 + A) records on average, with A from freeze to the append of version %i',
  (readVersion) => {
    const { outcome, spanMicros } = observe(readVersion);
    const samples = outcome.recoveries.filter((each) => each.finished).map((each) => each.replayed_records);
    expect(samples).toHaveLength(crashes);
    expect(samples.reduce((sum, each) => sum + each, 0)).toBe(outcome.records.duplicated);

    const n = samples.length;
    const mean = samples.reduce((sum, each) => sum + each, 0) / n;
    const variance = samples.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (n - 1);
    const standardError = Math.sqrt(variance / n);
    const expected = (rate * (interval / 2 + spanMicros)) / second;
    console.info(
      `duplicates per crash, readers of version ${readVersion}: n = ${n}, mean ${mean.toFixed(2)}, standard error ` +
        `${standardError.toFixed(2)}, r·(T/2 + A) = ${expected.toFixed(2)} with A = ${(spanMicros / 1e3).toFixed(1)} ms`,
    );
    expect(Math.abs(mean - expected)).toBeLessThan(3 * standardError);
    // The test can tell: without A the expectation is many standard errors off.
    expect(mean - (rate * interval) / 2 / second).toBeGreaterThan(10 * standardError);
    // Within the few µs that a flush of some entries takes on the disk, and the empty flush of each seal commit.
    expect(Math.abs(spanMicros - spanOfSteps(readVersion, outcome))).toBeLessThan(3 * millisecond);
  },
);
