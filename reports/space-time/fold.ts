/**
 * Commits that nothing disturbed, folded: what is left of each is where its offsets were frozen, what it wrote and that it
 * is complete. A picture of a crash is about the commit that the crash cut off; the steps of the others bury it. Traces
 * for other tools keep every step, since there they have a length.
 */
import type { History, HistoryMessage } from '../../models/dataflow/history-data.ts';
import { plural } from '../numbers.ts';

/** The same history with fewer events, numbered anew; itself if there is nothing to fold. */
export function foldCommits(history: History): History {
  const ends = undisturbedSteps(history);
  if (ends.size === 0) return history;
  const kept = history.events.filter(({ n }) => !ends.has(n));
  const numbers = new Map(kept.map(({ n }, i) => [n, i + 1]));
  const now = (n: number): number => numbers.get(n)!;
  /** Index in the folded history; null: folded away. */
  const places: (number | null)[] = [];
  const messages: HistoryMessage[] = [];
  for (const message of history.messages) {
    const folded = foldMessage(message, ends);
    places.push(folded === null ? null : messages.length);
    if (folded === null) continue;
    const { from, to, lost } = folded;
    messages.push({
      ...folded,
      from: now(from),
      to: to === null ? null : now(to),
      lost: lost === null ? null : now(lost),
    });
  }
  return {
    ...history,
    events: kept.map((event) => ({ ...event, n: now(event.n) })),
    messages,
    cuts: history.cuts.map((cut) => ({
      ...cut,
      points: cut.points.map(({ line, event }) => ({ line, event: now(event) })),
      complete: cut.complete === null ? null : now(cut.complete),
    })),
    spans: history.spans.map((span) => ({ ...span, from: now(span.from), to: span.to === null ? null : now(span.to) })),
    attempts: history.attempts.map((attempt) => ({ ...attempt, event: now(attempt.event) })),
    violation:
      history.violation === null
        ? null
        : {
            ...history.violation,
            event: history.violation.event === null ? null : now(history.violation.event),
            events: history.violation.events.map(now),
            messages: history.violation.messages.flatMap((i) => places[i] ?? []),
          },
    notes: [
      ...history.notes,
      `${plural(ends.size, 'step')} of commits that nothing disturbed are folded away; traces (\`--perfetto\`) have them.`,
    ],
  };
}

/** Where the commit of a folded step begins, or where the window finds it, and where it ends. */
interface Ends {
  readonly start: number;
  readonly complete: number;
  /** The last answer that the commit waited for, which is drawn into its end. */
  readonly isLast: boolean;
}

/** By the number of the step's event. */
function undisturbedSteps({ events, messages, violation }: History): ReadonlyMap<number, Ends> {
  const pinned = new Set([violation?.event, ...(violation?.events ?? [])]);
  const answered = new Set(messages.flatMap(({ to }) => to ?? []));
  const open = new Map<string, { start: number; steps: number[] }>();
  const ends = new Map<number, Ends>();
  for (const { n, kind, line, checkpoint } of events) {
    const key = `${line}/${checkpoint}`;
    const commit = open.get(key);
    if (kind === 'snapshot') open.set(key, { start: n, steps: [] });
    else if (kind === 'step' && commit === undefined) open.set(key, { start: n, steps: [] });
    else if (kind === 'step') commit?.steps.push(n);
    else if (kind === 'complete' && commit !== undefined) {
      open.delete(key);
      if ([commit.start, ...commit.steps, n].some((each) => pinned.has(each))) continue;
      const last = commit.steps.findLast((each) => answered.has(each));
      for (const step of commit.steps) ends.set(step, { start: commit.start, complete: n, isLast: step === last });
    }
  }
  return ends;
}

function foldMessage(message: HistoryMessage, ends: ReadonlyMap<number, Ends>): HistoryMessage | null {
  const from = ends.get(message.from)?.start ?? message.from;
  const end = message.to === null ? undefined : ends.get(message.to);
  if (end === undefined) return { ...message, from };
  return end.isLast ? { ...message, from, to: end.complete } : null;
}
