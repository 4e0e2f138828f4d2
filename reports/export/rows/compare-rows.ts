/** The rows of `compare`: a run of a protocol, with its price list. */
import { type ComparedRun, METRIC_LIST } from '../../../models/comparison/index.ts';
import { fields, type RowColumn, rowTable, type RowTable, same } from './row-table.ts';

interface CompareRowsContext {
  readonly scenario: string;
  readonly seed: string;
  readonly horizonMicros: number;
}

/** In the order of replications, each with all protocols. */
export function compareRows(
  runs: readonly ComparedRun[],
  { scenario, seed, horizonMicros }: CompareRowsContext,
): RowTable {
  return rowTable(runs, [
    same('scenario', scenario),
    same('seed', seed),
    ...fields<ComparedRun>('text', ['protocol']),
    ...fields<ComparedRun>('whole', ['replication']),
    { name: 'horizon_s', kind: 'number', of: () => horizonMicros / 1e6 },
    ...METRICS,
    ...fields<ComparedRun>('whole', ['events']),
    ...(['order', 'state', 'cost'] as const).map((digest): RowColumn<ComparedRun> => {
      return { name: `${digest}_digest`, kind: 'text', of: ({ digests }) => digests[digest] };
    }),
  ]);
}

const METRICS = METRIC_LIST.map(({ name, unit }): RowColumn<ComparedRun> => {
  return { name, kind: unit === 'count' ? 'whole' : 'number', of: ({ metrics }) => metrics[name] };
});
