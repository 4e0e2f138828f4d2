/** What became of the input records, of their outputs and of the state, and through which window loss came. */
import { rollups, sum } from 'd3-array';
import type { BatchLayerCounts, Outcome } from '../../models/outcome.ts';
import { count, moment, plural, share } from '../numbers.ts';
import type { Style } from '../style.ts';
import { labelled, paragraph, table, type Column } from '../text.ts';

const columns: readonly Column[] = [
  { title: '', align: 'left' },
  { title: 'records', align: 'right' },
  { title: 'share', align: 'right' },
  { title: '', align: 'left' },
];

/** Inputs, outputs and state. */
export function recordsSection(outcome: Outcome, style: Style): readonly string[] {
  const { records, state } = outcome;
  const rows: (readonly string[])[] = [
    ['offered', count(records.offered), '', 'input records the job was to process'],
    ['processed', count(records.processed), share(records.processed, records.offered), 'distinct, at least once'],
    ['lost', count(records.lost), share(records.lost, records.offered), 'passed over, never processed'],
    ['pending', count(records.pending), share(records.pending, records.offered), 'not yet processed at the end'],
    [
      'duplicated',
      count(records.duplicated),
      share(records.duplicated, records.offered),
      'processings beyond the first',
    ],
  ];
  if (records.before_start > 0) {
    rows.push(['before start', count(records.before_start), '', 'arrived before the first consumer position']);
  }
  rows.push(
    ['outputs', count(records.outputs), '', 'distinct inputs whose output was written'],
    [
      '  repeated',
      count(records.outputs_duplicated),
      share(records.outputs_duplicated, records.outputs),
      'copies beyond the first',
    ],
    ['  lost', count(records.outputs_lost), share(records.outputs_lost, records.outputs), 'outputs that never come'],
  );
  return [
    style('strong', 'Records'),
    ...table(columns, rows, { style }).slice(1),
    ...stateLine(state),
    ...windowLines(outcome),
    ...batchLine(outcome.batch_layer),
  ];
}

function stateLine(state: Outcome['state']): readonly string[] {
  if (state.keys === 0) return [];
  const text =
    state.wrong_keys === 0
      ? `${plural(state.keys, 'key')}, each equal to the fold of the processed inputs`
      : `${plural(state.wrong_keys, 'key')} of ${count(state.keys)} wrong: ` +
        `${plural(state.overcounted, 'update')} too many, ${count(state.undercounted)} missing`;
  return labelled('state', text);
}

function windowLines({ windows }: Outcome): readonly string[] {
  const byWindow = rollups(
    windows,
    (losses) => ({
      records: sum(losses, (loss) => loss.records),
      ssps: new Set(losses.map((loss) => loss.ssp)).size,
      at: losses[0]?.at_us ?? 0,
    }),
    (loss) => loss.window,
  );
  return byWindow.flatMap(([window, { records, ssps, at }]) =>
    paragraph(
      `${plural(records, 'record')} lost through ${window} on ${plural(ssps, 'input partition')}, first at ${moment(at)}`,
    ),
  );
}

function batchLine(batch: BatchLayerCounts | null): readonly string[] {
  if (batch === null) return [];
  return labelled(
    'batch layer',
    `${plural(batch.batches, 'batch', 'batches')} corrected ${plural(batch.corrected_total, 'update')}; the served view was wrong by at most ` +
      `${count(batch.served_error_max)}, at the end by ${count(batch.served_error_end)}`,
  );
}
