/** Checkpoints: what became of each commit that fell due, and where their time went, step by step. */
import { sum } from 'd3-array';
import type { Outcome, PhaseTime } from '../../models/outcome.ts';
import { count, duration, share } from '../numbers.ts';
import type { Style } from '../style.ts';
import { paragraph, table, type Column } from '../text.ts';

/** Counts, stages and steps. */
export function checkpointsSection(outcome: Outcome, style: Style): readonly string[] {
  const { checkpoint_detail: detail } = outcome;
  if (detail.started === 0 && detail.skipped === 0) return [style('strong', 'Checkpoints') + '  none was started'];
  const rest = [
    [detail.skipped, 'skipped (one was still running)'],
    [detail.blocked, 'blocked the task until the former ended'],
    [detail.failed, 'failed'],
    [detail.timed_out, 'timed out'],
    [detail.cut_off, 'cut off by a crash'],
  ] as const;
  const said = rest.filter(([n]) => n > 0).map(([n, what]) => `${count(n)} ${what}`);
  const lines = paragraph(
    `${count(detail.started)} started, ${count(outcome.checkpoints)} completed${['', ...said].join(' · ')}`,
    '  ',
  );
  return [
    style('strong', 'Checkpoints'),
    ...lines,
    ...stageLine(outcome),
    ...phaseTable(outcome.checkpoint_phases, style),
  ];
}

/** The share that matters to throughput is that of the synchronous stage: it stops the task. */
function stageLine({ checkpoint_detail: detail, budgets }: Outcome): readonly string[] {
  if (detail.completed === 0) return [];
  const taskTime = sum(
    budgets,
    (budget) =>
      budget.useful_us + budget.blocked_us + budget.snapshot_us + budget.restart_us + budget.replay_us + budget.idle_us,
  );
  return paragraph(
    `synchronous stage ${duration(detail.sync_us_total / detail.completed)} on average, ${duration(detail.sync_us_max)} at most, ` +
      `${share(detail.sync_us_total, taskTime)} of all task time; asynchronous stage ` +
      `${duration(detail.async_us_total / detail.completed)} on average, ${duration(detail.async_us_max)} at most`,
  );
}

const columns: readonly Column[] = [
  { title: 'step', align: 'left' },
  { title: 'stage', align: 'left' },
  { title: 'n', align: 'right' },
  { title: 'mean', align: 'right' },
  { title: 'max', align: 'right' },
  { title: 'of commit', align: 'right' },
];

function phaseTable(phases: readonly PhaseTime[], style: Style): readonly string[] {
  if (phases.length === 0) return [];
  const all = sum(phases, (phase) => phase.total_us);
  const rows = phases.map((phase) => [
    phase.step,
    phase.stage,
    count(phase.count),
    phase.count === 0 ? '-' : duration(phase.total_us / phase.count),
    duration(phase.max_us),
    share(phase.total_us, all),
  ]);
  return table(columns, rows, { style });
}
