/** What of a window is kept when it holds more than a picture can show: the tasks of the story, then the events of the focus. */
import type { Draft, SamzaHistoryOptions, TaskLine } from './history-samza-drafts.ts';
import { taskOf } from './history-samza-guilty.ts';

/** As many as ShiViz draws in comfort; a page shows about a third of them, because it folds commits. */
const EVENTS_MAX = 500;
const TASKS_MAX = 20;

/** In order, with what was left out in sentences. */
export interface ChosenDrafts {
  readonly drafts: readonly Draft[];
  readonly notes: readonly string[];
}

export function chosenDrafts(
  all: readonly Draft[],
  lines: ReadonlyMap<string, TaskLine>,
  options: SamzaHistoryOptions,
): ChosenDrafts {
  const { tasks, eventsMax = EVENTS_MAX } = options;
  const notes: string[] = [];
  const kept =
    tasks === undefined
      ? storyLines(all, lines, options)
      : new Set([...lines].filter(([, { task }]) => tasks.includes(task)).map(([key]) => key));
  const left = lines.size - kept.size;
  if (left > 0) notes.push(`${left} of ${lines.size} tasks are left out.`);
  const drafts = all.filter(({ line }) => kept.has(line) || !lines.has(line));
  if (drafts.length <= eventsMax) return { drafts, notes };
  const [first, last] = focusOf(drafts, options);
  // Equal room before and after; if the focus itself is too long, its end is what is kept.
  const room = Math.max(0, Math.floor((eventsMax - (last - first)) / 2));
  const ideal = last - first < eventsMax ? first - room : last + 1 - eventsMax;
  const from = Math.max(0, Math.min(ideal, drafts.length - eventsMax));
  notes.push(
    `${drafts.length - eventsMax} of ${drafts.length} events of the window are left out: ${from} before, ${drafts.length - eventsMax - from} after.`,
  );
  return { drafts: drafts.slice(from, from + eventsMax), notes };
}

/** Places of the first and the last draft that have to be seen. */
function focusOf(drafts: readonly Draft[], { focus }: SamzaHistoryOptions): readonly [first: number, last: number] {
  if (focus === undefined) {
    const crash = Math.max(
      0,
      drafts.findIndex(({ kind }) => kind === 'crash'),
    );
    return [crash, crash];
  }
  const first = Math.max(
    0,
    drafts.findIndex(({ atMicros }) => atMicros >= focus[0]),
  );
  return [
    first,
    Math.max(
      first,
      drafts.findLastIndex(({ atMicros }) => atMicros <= focus[1]),
    ),
  ];
}

/** The task that broke a law, then those of containers that died, then others. */
function storyLines(
  drafts: readonly Draft[],
  lines: ReadonlyMap<string, TaskLine>,
  { violation = null }: SamzaHistoryOptions,
): ReadonlySet<string> {
  const guilty = violation === null ? null : taskOf(violation);
  const struck = new Set(drafts.filter(({ kind }) => kind === 'crash').map(({ line }) => line));
  const rank = (key: string, task: number): number => (task === guilty ? 0 : struck.has(key) ? 1 : 2);
  return new Set(
    [...lines]
      .toSorted(([x, a], [y, b]) => rank(x, a.task) - rank(y, b.task) || a.order - b.order)
      .slice(0, TASKS_MAX)
      .map(([key]) => key),
  );
}
