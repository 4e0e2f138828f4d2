/** A comparison as JSON: the document of `compare --json`. */
import {
  type ComparedMetric,
  type ComparedProtocol,
  METRIC_LIST,
  type MetricName,
  type MetricUnit,
} from '../models/comparison/index.ts';
import type { CompareContext } from './compare.ts';

interface SummaryDocument {
  readonly n: number;
  readonly mean: number;
  /** Null: one value says nothing about its spread. */
  readonly half_width_95: number | null;
}

export interface MetricDocument {
  readonly unit: MetricUnit;
  readonly value: SummaryDocument | null;
  /** From the baseline, paired by replication; null for itself. */
  readonly difference: (SummaryDocument & { readonly clear: boolean }) | null;
}

export interface CompareDocument {
  readonly tidemark: string;
  readonly scenario: string;
  readonly title: string;
  readonly seed: string;
  readonly horizon_s: number;
  readonly sink: string;
  readonly replications: { readonly first: number; readonly done: number; readonly asked: number };
  readonly baseline: string;
  readonly protocols: readonly {
    readonly protocol: string;
    readonly promise: string;
    readonly metrics: Readonly<Record<MetricName, MetricDocument>>;
  }[];
  readonly meanings: Readonly<Record<MetricName, string>>;
  readonly notes: readonly string[];
  readonly command: string;
}

/** The document of `compare --json`. */
export function compareDocument(compared: readonly ComparedProtocol[], context: CompareContext): CompareDocument {
  const { version, scenario, title, seed, horizonMicros, sink, first, replications, asked } = context;
  return {
    tidemark: version,
    scenario,
    title,
    seed,
    horizon_s: horizonMicros / 1e6,
    sink,
    replications: { first, done: replications, asked },
    baseline: compared[0]!.protocol,
    protocols: compared.map(({ protocol, metrics }, i) => ({
      protocol,
      promise: context.promises[i]!,
      metrics: byMetric((name, unit) => metricDocument(metrics[name], unit)),
    })),
    meanings: byMetric((_name, _unit, means) => means),
    notes: context.notes,
    command: context.command,
  };
}

function metricDocument({ value, difference }: ComparedMetric, unit: MetricUnit): MetricDocument {
  const summary = (of: { n: number; mean: number; halfWidth95: number }): SummaryDocument => ({
    n: of.n,
    mean: of.mean,
    half_width_95: Number.isFinite(of.halfWidth95) ? of.halfWidth95 : null,
  });
  return {
    unit,
    value: value === null ? null : summary(value),
    difference: difference === null ? null : { ...summary(difference), clear: difference.isClear },
  };
}

function byMetric<T>(of: (name: MetricName, unit: MetricUnit, means: string) => T): Readonly<Record<MetricName, T>> {
  const entries = METRIC_LIST.map(({ name, unit, means }) => [name, of(name, unit, means)] as const);
  return Object.fromEntries(entries) as Record<MetricName, T>;
}
