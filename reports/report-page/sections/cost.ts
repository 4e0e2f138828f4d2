/** Where the time went, term by term, for the job and task by task; where the commits' time went; what was stored. */
import { barChart, type Bar } from '../../charts/bar-chart.ts';
import type { Colour } from '../../charts/frame.ts';
import type { TaskBudget } from '../../../models/outcome.ts';
import { duration, plural, share } from '../../numbers.ts';
import type { NamedBudget, RunPart } from '../report-data.ts';
import type { Block, ChartBlock, Section } from '../section.ts';
import { tableView } from '../table-view.ts';
import { timeAxis } from '../units.ts';

/** The six parts of a task's time, in the order of the bars. */
export const BUDGET_PARTS: readonly {
  readonly key: Exclude<keyof TaskBudget, 'task'>;
  readonly name: string;
  readonly colour: Colour;
  readonly meaning: string;
}[] = [
  { key: 'useful_us', name: 'useful', colour: 7, meaning: 'processing records for the first time' },
  { key: 'replay_us', name: 'replay', colour: 6, meaning: 'processing again what a failure undid' },
  {
    key: 'snapshot_us',
    name: 'snapshot',
    colour: 1,
    meaning: 'standing still for the synchronous part of a checkpoint',
  },
  { key: 'blocked_us', name: 'blocked', colour: 2, meaning: 'having records, and waiting for the thread' },
  { key: 'restart_us', name: 'restart', colour: 5, meaning: 'dead, starting, or restoring' },
  { key: 'idle_us', name: 'idle', colour: 8, meaning: 'having nothing to do' },
];

const series = BUDGET_PARTS.map(({ name, colour }) => ({ name, colour }));

/** Time of the job and of its tasks. */
export function costSection({ cost, budgets, phases, storage, simulated_s }: RunPart): Section {
  const horizon = duration(Math.round(simulated_s * 1e6));
  const costTable = tableView('run.cost', `All time of ${plural(budgets.length, 'task')}, by term`, cost, [
    { key: 'term', title: 'Term', kind: 'text' },
    { key: 'total_us', title: 'Time', kind: 'micros' },
    { key: 'share', title: 'Share', kind: 'share' },
    { key: 'meaning', title: 'Meaning', kind: 'text' },
  ]);
  const blocks: Block[] = [{ kind: 'table', table: costTable, isOpen: true }];
  if (budgets.length > 0) blocks.push({ kind: 'charts', charts: taskCharts(budgets, horizon) });
  if (phases.length > 0) blocks.push(phaseTable(phases));
  if (storage.length > 0) blocks.push(storageTable(storage));
  return { id: 'cost', title: 'Cost by term', blocks };
}

function taskCharts(budgets: readonly NamedBudget[], horizon: string): ChartBlock[] {
  const table = tableView('run.budgets', `Time budget of each task; each row adds up to ${horizon}, exactly`, budgets, [
    { key: 'name', title: 'Task', kind: 'text' },
    ...BUDGET_PARTS.map(({ key, name }) => ({ key, title: name, kind: 'micros' }) as const),
  ]);
  const isLost = (name: string): boolean => name !== 'useful' && name !== 'idle';
  const barsOf = (isShown: (name: string) => boolean): readonly Bar[] =>
    budgets.map((budget) => ({
      label: budget.name,
      parts: BUDGET_PARTS.flatMap(({ key, name }, i) =>
        isShown(name)
          ? [{ series: i, value: budget[key], title: `${budget.name}, ${name}: ${duration(budget[key])}` }]
          : [],
      ),
    }));
  const all = barsOf(() => true);
  const lost = barsOf(isLost);
  const longest = (bars: readonly Bar[]): number =>
    Math.max(...bars.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0)));
  const whole = chartOf('Time budget per task', `Where the ${horizon} of each task went.`, all, longest(all));
  const rest = chartOf('Time lost per task', 'The same without useful work and idle time.', lost, longest(lost));
  return [
    { title: 'Time budget per task', text: `Each bar is ${horizon}, all of it accounted for.`, chart: whole, table },
    ...(longest(lost) > 0
      ? [{ title: 'Of this, lost', text: 'The same bars without useful work and idle time.', chart: rest, table: null }]
      : []),
  ];
}

function chartOf(title: string, description: string, bars: readonly Bar[], most: number): ChartBlock['chart'] {
  const { unit, size } = timeAxis(most);
  return barChart({
    title,
    description,
    label: `time, ${unit}`,
    series,
    bars: bars.map(({ label, parts }) => ({
      label,
      parts: parts.map((part) => ({ ...part, value: part.value / size })),
    })),
  });
}

function phaseTable(phases: RunPart['phases']): Block {
  const all = phases.reduce((sum, { total_us }) => sum + total_us, 0);
  const longest = phases.reduce((most, phase) => (phase.total_us > most.total_us ? phase : most));
  const caption = `Steps of a commit; ${longest.step} takes ${share(longest.total_us, all)} of the time of all commits`;
  return {
    kind: 'table',
    isOpen: false,
    table: tableView('run.phases', caption, phases, [
      { key: 'step', title: 'Step', kind: 'text' },
      { key: 'stage', title: 'Stage', kind: 'text' },
      { key: 'count', title: 'Times', kind: 'count' },
      { key: 'total_us', title: 'Total', kind: 'micros' },
      { key: 'max_us', title: 'Longest', kind: 'micros' },
    ]),
  };
}

function storageTable(storage: RunPart['storage']): Block {
  return {
    kind: 'table',
    isOpen: false,
    table: tableView('run.storage', 'Bytes written, kept and read', storage, [
      { key: 'place', title: 'Place', kind: 'text' },
      { key: 'written_bytes', title: 'Written', kind: 'bytes' },
      { key: 'end_bytes', title: 'At the end', kind: 'bytes' },
      { key: 'max_bytes', title: 'At most', kind: 'bytes' },
    ]),
  };
}
