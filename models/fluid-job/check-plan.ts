/** Plans that make no sense, said before they run. */
import type { FluidPlan } from './plan.ts';

/** Throws RangeError, saying which field and what it should be. */
export function checkFluidPlan(plan: FluidPlan): void {
  const { end, load, checkpoint, snapshot, failures, recovery, measure } = plan;
  whole('end.micros', end.micros, 1);
  must(end.kind === 'time' || load.kind === 'saturated', "end 'work' needs a saturated load: other work is never done");
  if (load.kind === 'constant') {
    whole('load.inputPerSecond', load.inputPerSecond, 1);
    whole('load.capacityPerSecond', load.capacityPerSecond, 1);
  }
  whole('checkpoint.intervalMicros', checkpoint.intervalMicros, 1);
  whole('checkpoint.firstTriggerMicros', checkpoint.firstTriggerMicros);
  whole('checkpoint.pauseMicros', checkpoint.pauseMicros);
  whole('checkpoint.minPauseMicros', checkpoint.minPauseMicros);
  must(checkpoint.maxConcurrent >= 1, 'checkpoint.maxConcurrent should be at least 1');
  must(
    checkpoint.failureProbability >= 0 && checkpoint.failureProbability < 1,
    'checkpoint.failureProbability should be at least 0 and below 1',
  );
  must(
    checkpoint.levels.kind === 'single' || (load.kind === 'saturated' && checkpoint.maxConcurrent === 1),
    'two levels need a saturated load and one checkpoint at a time',
  );
  must(
    snapshot.kind !== 'chain' || checkpoint.maxConcurrent === 1,
    "snapshot 'chain' needs checkpoint.maxConcurrent 1: an increment rests on a completed checkpoint",
  );
  whole('snapshot.stateBytes', snapshot.stateBytes);
  if (snapshot.kind === 'changelog') {
    whole('snapshot.materializationPeriodMicros', snapshot.materializationPeriodMicros, 1);
    whole('snapshot.materializationMicros', snapshot.materializationMicros);
  }
  must(new Set(failures.map(({ name }) => name)).size === failures.length, 'failure sources need names of their own');
  recovery.downMicros.forEach((micros, i) => whole(`recovery.downMicros[${i}]`, micros));
  whole('measure.historyMicros', measure.historyMicros);
  whole('measure.retainedSnapshots', measure.retainedSnapshots, 1);
}

function whole(field: string, value: number, min: number = 0): void {
  must(Number.isSafeInteger(value) && value >= min, `${field} should be a whole number from ${min}, and is ${value}`);
}

function must(holds: boolean, message: string): void {
  if (!holds) throw new RangeError(message);
}
