/**
 * From runs to a comparison: means over replications with 95 % half-widths, and differences from the first protocol, paired by
 * replication. The runs of a pair met the same arrivals, delays and failures, so that what differs is what the protocols do.
 */
import { type Summary, summarise } from '../../sim/index.ts';
import { METRIC_LIST, type MetricName, type MetricValues } from './metrics.ts';

/** A difference from the first protocol. */
export interface Difference extends Summary {
  /** The 95 % interval does not contain 0. */
  readonly isClear: boolean;
}

export interface ComparedMetric {
  /** Null when no run has this number. */
  readonly value: Summary | null;
  /** Null for the first protocol itself, and when no replication has both numbers. */
  readonly difference: Difference | null;
}

export interface ComparedProtocol {
  readonly protocol: string;
  readonly metrics: Readonly<Record<MetricName, ComparedMetric>>;
}

/** What a comparison needs to know of a run. */
export interface RunPrice {
  readonly protocol: string;
  readonly replication: number;
  readonly metrics: MetricValues;
}

/** Compares in the order of `protocols`; runs may come in any order. */
export function compareRuns(runs: readonly RunPrice[], protocols: readonly string[]): readonly ComparedProtocol[] {
  const byProtocol = new Map(protocols.map((protocol) => [protocol, new Map<number, MetricValues>()]));
  for (const { protocol, replication, metrics } of runs) byProtocol.get(protocol)?.set(replication, metrics);
  const first = byProtocol.get(protocols[0]!)!;
  return protocols.map((protocol) => {
    const own = byProtocol.get(protocol)!;
    const baseline = protocol === protocols[0] ? null : first;
    const metrics = METRIC_LIST.map(({ name }) => [name, compared(name, own, baseline)] as const);
    return { protocol, metrics: Object.fromEntries(metrics) as Record<MetricName, ComparedMetric> };
  });
}

function compared(
  name: MetricName,
  own: ReadonlyMap<number, MetricValues>,
  baseline: ReadonlyMap<number, MetricValues> | null,
): ComparedMetric {
  const values: number[] = [];
  const differences: number[] = [];
  // In order of replications, so that the last digit does not hang on which thread was done first.
  for (const replication of [...own.keys()].toSorted((a, b) => a - b)) {
    const value = own.get(replication)![name];
    if (value === null) continue;
    values.push(value);
    const other = baseline?.get(replication)?.[name] ?? null;
    if (other !== null) differences.push(value - other);
  }
  return {
    value: values.length === 0 ? null : summarise(values),
    difference: differences.length === 0 ? null : differenceOf(differences),
  };
}

function differenceOf(differences: readonly number[]): Difference {
  const summary = summarise(differences);
  return { ...summary, isClear: Math.abs(summary.mean) > summary.halfWidth95 };
}
