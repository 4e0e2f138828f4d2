/** Recoveries as bars on one axis of time, each cut into its stages. */
import { barChart } from '../charts/bar-chart.ts';
import type { Chart, Colour } from '../charts/frame.ts';
import { duration } from '../numbers.ts';
import { timeAxis } from './units.ts';

/** A stage, and the key under which a recovery has its time in microseconds. */
export interface RecoveryStage<Key extends string> {
  readonly key: Key;
  readonly name: string;
  readonly colour: Colour;
}

/** A stage that was not reached has null. */
type Stages<Key extends string> = Readonly<Record<Key, number | null>>;

interface RecoveryChart<Recovery> {
  readonly title: string;
  readonly description: string;
  /** What the time is counted from: the death, the failure. */
  readonly after: string;
  /** Beside the bar. */
  readonly labelOf: (recovery: Recovery) => string;
  /** In front of a stage and its time, where the pointer rests on a part. */
  readonly aboutOf: (recovery: Recovery) => string;
}

/** One bar per recovery, in the order given; throws RangeError without any. */
export function recoveryChart<Key extends string, Recovery extends Stages<Key>>(
  recoveries: readonly Recovery[],
  stages: readonly RecoveryStage<Key>[],
  { title, description, after, labelOf, aboutOf }: RecoveryChart<Recovery>,
): Chart {
  const { unit, size } = timeAxis(Math.max(1, ...recoveries.map((each) => lengthOf(each, stages))));
  return barChart({
    title,
    description,
    label: `after ${after}, ${unit}`,
    series: stages,
    bars: recoveries.map((recovery) => ({
      label: labelOf(recovery),
      parts: stages.map(({ key, name }, series) => ({
        series,
        value: (recovery[key] ?? 0) / size,
        title: `${aboutOf(recovery)}, ${name}: ${duration(recovery[key] ?? 0)}`,
      })),
    })),
  });
}

/** All stages of a recovery, in microseconds. */
function lengthOf<Key extends string>(recovery: Stages<Key>, stages: readonly RecoveryStage<Key>[]): number {
  return stages.reduce((sum, { key }) => sum + (recovery[key] ?? 0), 0);
}
