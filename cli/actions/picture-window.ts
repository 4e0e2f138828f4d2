/** `--window` and `--task`: which part of a run is drawn. */
import type { WindowChoice } from '../../models/dataflow/history-samza-window.ts';
import type { RunPlan } from '../../models/plan.ts';
import { seconds } from '../../reports/numbers.ts';
import type { PictureArgs, WindowArgs } from '../commands/pictures.ts';
import { UsageError } from '../exit.ts';

/** What is drawn of a timed run. */
export interface RunPicture {
  readonly window: WindowChoice;
  /** Null: chosen by what happened to them. */
  readonly tasks: readonly number[] | null;
}

const MICROS = 1_000_000;
const REMEDY = '   remedy: `--window FROM..TO` in simulated seconds, or violation, crash or commits';

/** What the options ask for; throws UsageError where the plan has no such time or task. */
export function runPicture(args: WindowArgs & PictureArgs, plan: RunPlan): RunPicture {
  refuseIdle(args);
  const { window, task } = args;
  return { window: choiceOf(window, plan), tasks: task.length === 0 ? null : task.map((each) => taskOf(each, plan)) };
}

/** `--window` for a path without time: the first and the last step. */
export function stepWindow(args: WindowArgs & PictureArgs, steps: number): { from: number; to: number } | null {
  refuseIdle(args);
  const { window } = args;
  if (window === undefined) return null;
  const range = rangeOf(window);
  const remedy = `   remedy: \`--window FROM..TO\` in steps of the path, 1 to ${steps}`;
  if (range === null || !Number.isInteger(range.from) || !Number.isInteger(range.to))
    throw new UsageError(`--window ${window}: a path has steps, no time\n${remedy}`);
  if (range.from > range.to) throw new UsageError(`--window ${window}: it ends before it begins\n${remedy}`);
  if (range.to < 1 || range.from > steps)
    throw new UsageError(`--window ${window}: the path has ${steps} steps\n${remedy}`);
  return range;
}

/** Without a picture the options would do nothing, and nobody would be told. */
function refuseIdle({ window, task, ...files }: WindowArgs & PictureArgs): void {
  const option = window !== undefined ? '--window' : task.length > 0 ? '--task' : null;
  if (option === null || [files.html, files.perfetto, files.shiviz, files.mermaid].some((path) => path !== undefined))
    return;
  throw new UsageError(
    `${option} chooses what a picture shows, and none is asked for\n   remedy: add --html, --perfetto, --shiviz or --mermaid with a file`,
  );
}

function choiceOf(window: string | undefined, plan: RunPlan): WindowChoice {
  if (window === undefined) return { kind: 'auto' };
  if (window === 'violation' || window === 'crash' || window === 'commits') return { kind: window };
  const range = rangeOf(window);
  if (range === null) throw new UsageError(`--window ${window}: not understood\n${REMEDY}`);
  if (!(range.from < range.to)) throw new UsageError(`--window ${window}: it ends before it begins\n${REMEDY}`);
  const fromMicros = Math.round(range.from * MICROS);
  if (fromMicros >= plan.horizonMicros) {
    const end = seconds(plan.horizonMicros).replace(/\.?0+$/, '');
    throw new UsageError(`--window ${window}: the run ends at ${end} s\n${REMEDY}`);
  }
  return { kind: 'times', fromMicros, toMicros: Math.min(plan.horizonMicros, Math.round(range.to * MICROS)) };
}

function rangeOf(window: string): { from: number; to: number } | null {
  const match = /^(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)$/.exec(window.trim());
  return match === null ? null : { from: Number(match[1]), to: Number(match[2]) };
}

function taskOf(text: string, { job }: RunPlan): number {
  const tasks = Math.max(...job.inputs.map(({ partitions }) => partitions));
  const task = /^\d+$/.test(text) ? Number(text) : tasks;
  if (task < tasks) return task;
  throw new UsageError(`--task ${text}: there is no such task\n   remedy: this job has tasks 0 to ${tasks - 1}`);
}
