/**
 * The history of checkpoints, with what Flink's own page shows (engines.md §8), and what it leaves out: those that failed
 * have statistics and reasons, and each says what it waited for longest.
 */
import type { CheckpointEntry, CheckpointHistory, TaskSummary } from '../../../models/checkpoint-history/index.ts';
import type { Colour } from '../../charts/frame.ts';
import { xyChart, type XySeries } from '../../charts/xy-chart.ts';
import { count, duration, plural } from '../../numbers.ts';
import type { Block, ChartBlock, Section } from '../section.ts';
import { tableView, type ViewColumn } from '../table-view.ts';
import { timeAxis } from '../units.ts';

/** Counts, chart, summary, tasks, one by one. */
export function checkpointsSection(history: CheckpointHistory): Section {
  const section = (blocks: readonly Block[]): Section => ({ id: 'checkpoints', title: 'Checkpoints', blocks });
  if (history.total === 0) return section([{ kind: 'text', text: 'None was started.', tone: 'quiet' }]);
  return section([
    { kind: 'text', text: inWords(history) },
    ...reasons(history),
    { kind: 'charts', charts: [durationChart(history)] },
    ...summaryTable('durations', 'Durations, of those that completed and of those that did not', history),
    ...summaryTable('sizes', 'Bytes', history),
    ...slowestTable(history),
    ...taskTable(history),
  ]);
}

function inWords({ counts, unit, total, entries }: CheckpointHistory): string {
  const parts = counts.map(({ status, count: n }) => `${count(n)} ${status}`);
  const listed =
    entries.length < total
      ? ` ${count(entries.length)} are listed: the newest, and the first that did not complete.`
      : '';
  return `${count(total)}, each the ${unit}: ${parts.join(', ')}.${listed}`;
}

function reasons({ reasons: all }: CheckpointHistory): Block[] {
  if (all.length === 0) return [];
  const table = tableView('run.checkpoints.reasons', 'Why some did not complete', all, [
    { key: 'status', title: 'Status', kind: 'text' },
    { key: 'reason', title: 'Reason', kind: 'text' },
    { key: 'count', title: 'Times', kind: 'count' },
  ]);
  return [{ kind: 'table', table, isOpen: true }];
}

const STAGES: readonly {
  readonly key: 'alignment_us' | 'sync_us' | 'async_us';
  readonly name: string;
  readonly colour: Colour;
  readonly shape: XySeries['shape'];
}[] = [
  // A ring, which is seen around a point at the same place.
  { key: 'alignment_us', name: 'alignment', colour: 4, shape: 'hollow' },
  { key: 'sync_us', name: 'synchronous part', colour: 1, shape: 'point' },
  { key: 'async_us', name: 'asynchronous part', colour: 3, shape: 'point' },
];

/** Every entry over its trigger: parts of the completed ones, and a cross for each that did not complete. */
function durationChart(history: CheckpointHistory): ChartBlock {
  const { entries } = history;
  const completed = entries.filter(({ status }) => status === 'completed');
  const others = entries.filter(({ status }) => status !== 'completed');
  const longest = Math.max(0, ...entries.map(({ end_to_end_us: micros }) => micros ?? 0));
  const y = timeAxis(longest);
  const x = timeAxis(Math.max(...entries.map(({ triggered_us: at }) => at)));
  const aboutOf = ({ checkpoint, status, triggered_us: at }: CheckpointEntry): string =>
    `${checkpoint}, ${status}, triggered at ${duration(at)}`;
  const seriesOf = (
    name: string,
    colour: Colour,
    shape: XySeries['shape'],
    from: readonly CheckpointEntry[],
    of: (entry: CheckpointEntry) => number | null,
  ): XySeries => ({
    name,
    colour,
    shape,
    points: from.flatMap((entry) => {
      const micros = of(entry);
      if (micros === null) return [];
      return [
        {
          x: entry.triggered_us / x.size,
          y: micros / y.size,
          title: `${aboutOf(entry)}, ${name}: ${duration(micros)}`,
        },
      ];
    }),
  });
  const chart = xyChart({
    title: 'Checkpoints over time',
    description: `${plural(entries.length, 'checkpoint')} by trigger, with the duration of each and of its parts.`,
    x: { label: `triggered at, ${x.unit}`, scale: 'linear' },
    y: { label: `duration, ${y.unit}`, scale: 'linear' },
    series: [
      seriesOf('end to end', 2, 'hollow', completed, ({ end_to_end_us: micros }) => micros),
      ...STAGES.map(({ key, name, colour, shape }) => seriesOf(name, colour, shape, completed, (entry) => entry[key])),
      seriesOf('not completed, until its end', 5, 'cross', others, ({ end_to_end_us: micros }) => micros ?? 0),
    ],
  });
  return {
    title: 'Duration of each checkpoint',
    text: 'From the trigger to durable. The synchronous part stops the task, the asynchronous part does not.',
    chart,
    table: entriesTable(history),
  };
}

const ENTRY_COLUMNS: readonly ViewColumn<CheckpointEntry>[] = [
  { key: 'checkpoint', title: 'Checkpoint', kind: 'text' },
  { key: 'status', title: 'Status', kind: 'text' },
  { key: 'trigger', title: 'Trigger', kind: 'text' },
  { key: 'triggered_us', title: 'Triggered at', kind: 'moment' },
  { key: 'end_to_end_us', title: 'End to end', kind: 'micros' },
  { key: 'waited_us', title: 'Waited to begin', kind: 'micros' },
  { key: 'alignment_us', title: 'Alignment', kind: 'micros' },
  { key: 'sync_us', title: 'Sync', kind: 'micros' },
  { key: 'async_us', title: 'Async', kind: 'micros' },
  { key: 'bytes', title: 'Bytes', kind: 'bytes' },
  { key: 'in_flight_bytes', title: 'Persisted in-flight', kind: 'bytes' },
  { key: 'acknowledged', title: 'Tasks done', kind: 'count' },
  { key: 'tasks', title: 'of', kind: 'count' },
  { key: 'slowest', title: 'Waited longest for', kind: 'text' },
  { key: 'slowest_us', title: 'so long', kind: 'micros' },
  { key: 'reason', title: 'Reason', kind: 'text' },
];

function entriesTable({ entries, total }: CheckpointHistory): ChartBlock['table'] {
  const caption =
    entries.length < total ? `${count(entries.length)} of ${plural(total, 'checkpoint')}` : plural(total, 'checkpoint');
  return tableView('run.checkpoints.entries', caption, entries, ENTRY_COLUMNS, ({ status }) => status !== 'completed');
}

function summaryTable(path: 'durations' | 'sizes', caption: string, history: CheckpointHistory): Block[] {
  const rows = history[path];
  if (rows.length === 0) return [];
  const kind = path === 'durations' ? 'micros' : 'bytes';
  const table = tableView(`run.checkpoints.${path}`, caption, rows, [
    { key: 'measure', title: 'Measure', kind: 'text' },
    { key: 'of', title: 'Of checkpoints', kind: 'text' },
    { key: 'n', title: 'n', kind: 'count' },
    { key: 'min', title: 'Least', kind },
    { key: 'mean', title: 'Mean', kind },
    { key: 'p50', title: 'p50', kind },
    { key: 'p90', title: 'p90', kind },
    { key: 'p99', title: 'p99', kind },
    { key: 'p999', title: 'p99.9', kind },
    { key: 'max', title: 'Most', kind },
  ]);
  return [{ kind: 'table', isOpen: path === 'durations', table }];
}

function slowestTable({ slowest }: CheckpointHistory): Block[] {
  if (slowest.length === 0) return [];
  const table = tableView('run.checkpoints.slowest', 'What completed checkpoints waited longest for', slowest, [
    { key: 'what', title: 'Waited longest for', kind: 'text' },
    { key: 'count', title: 'Checkpoints', kind: 'count' },
  ]);
  return [{ kind: 'table', isOpen: false, table }];
}

function taskTable({ by_task: tasks }: CheckpointHistory): Block[] {
  if (tasks.length === 0) return [];
  const spread = (prefix: 'end_to_end' | 'sync' | 'async' | 'alignment', name: string) =>
    (['min', 'mean', 'max'] as const).map((what): ViewColumn<TaskSummary> => ({
      key: `${prefix}_${what}_us`,
      title: `${name} ${what}`,
      kind: 'micros',
    }));
  const table = tableView(
    'run.checkpoints.by_task',
    'Per task: least, mean and most of its completed checkpoints',
    tasks,
    [
      { key: 'task', title: 'Task', kind: 'text' },
      { key: 'completed', title: 'Completed', kind: 'count' },
      ...spread('end_to_end', 'End to end'),
      ...spread('alignment', 'Alignment'),
      ...spread('sync', 'Sync'),
      ...spread('async', 'Async'),
      { key: 'bytes_mean', title: 'Bytes mean', kind: 'bytes' },
      { key: 'bytes_max', title: 'Bytes max', kind: 'bytes' },
    ],
  );
  return [{ kind: 'table', isOpen: false, table }];
}
