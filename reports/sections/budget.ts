/** Where the time of the tasks went. The six parts add up to the horizon for each task; if not, the report says so. */
import { fsum } from 'd3-array';
import type { Outcome, TaskBudget } from '../../models/outcome.ts';
import { count, duration, plural, share } from '../numbers.ts';
import type { Style } from '../style.ts';
import { paragraph, table, type Column } from '../text.ts';

const TASKS_SHOWN = 8;

const parts: readonly { readonly title: string; readonly of: (budget: TaskBudget) => number }[] = [
  { title: 'useful', of: (budget) => budget.useful_us },
  { title: 'blocked', of: (budget) => budget.blocked_us },
  { title: 'snapshot', of: (budget) => budget.snapshot_us },
  { title: 'restart', of: (budget) => budget.restart_us },
  { title: 'replay', of: (budget) => budget.replay_us },
  { title: 'idle', of: (budget) => budget.idle_us },
];

const columns: readonly Column[] = [
  { title: '', align: 'left' },
  ...parts.map(({ title }): Column => ({ title, align: 'right' })),
];

/** A task may have a name. */
type Timed = Pick<Outcome, 'simulated_s'> & { readonly budgets: readonly (TaskBudget & { readonly name?: string })[] };

/** All tasks together, their shares, then the tasks that lost most time to anything but work and waiting for input. */
export function budgetSection({ budgets, simulated_s }: Timed, style: Style): readonly string[] {
  if (budgets.length === 0) return [];
  const horizonMicros = Math.round(simulated_s * 1e6);
  const totals = parts.map(({ of }) => fsum(budgets, of));
  const whole = fsum(totals);
  const rows = [
    ['all tasks', ...totals.map((total) => duration(total))],
    ['share', ...totals.map((total) => share(total, whole))],
  ];
  const shown =
    budgets.length === 1
      ? []
      : [...budgets].sort((a, b) => overhead(b) - overhead(a) || a.task - b.task).slice(0, TASKS_SHOWN);
  for (const budget of shown)
    rows.push([budget.name ?? `task ${budget.task}`, ...parts.map(({ of }) => duration(of(budget)))]);
  return [
    style('strong', 'Time') +
      `  ${plural(budgets.length, 'task')} × ${duration(horizonMicros)}${hidden(budgets.length, shown.length)}`,
    ...table(columns, rows, { style }),
    ...additionLines(budgets, horizonMicros, style),
  ];
}

function hidden(tasks: number, shown: number): string {
  return tasks > TASKS_SHOWN ? `; the ${count(shown)} tasks with most overhead are listed` : '';
}

function additionLines(budgets: readonly TaskBudget[], horizonMicros: number, style: Style): readonly string[] {
  const wrong = budgets.filter((budget) => fsum(parts, ({ of }) => of(budget)) !== horizonMicros);
  if (wrong.length === 0) return ['  The six parts of each task add up to the simulated time exactly.'];
  const text = `The parts of ${plural(wrong.length, 'task')} DO NOT add up to the simulated time, first task ${wrong[0]?.task ?? '?'}: a fault of Tidemark, please report it.`;
  return paragraph(text).map((line) => style('bad', line));
}

function overhead(budget: TaskBudget): number {
  return budget.blocked_us + budget.snapshot_us + budget.restart_us + budget.replay_us;
}
