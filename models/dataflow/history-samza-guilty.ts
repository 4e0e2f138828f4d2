/**
 * From the facts of a breach to what a window of the run shows of it: the event at which it happened, the stretches that
 * processed or put out the record it names, and the messages between them.
 */
import type { Violation } from '../outcome.ts';
import type { HistoryMessageKind, HistoryViolation } from './history-data.ts';
import type { Draft } from './history-samza-drafts.ts';
import { breachMicros } from './history-samza-window.ts';

/** What is guilty in a window. */
export interface SamzaGuilt {
  /** Where it happened; null: outside the window. */
  readonly breach: Draft | null;
  readonly drafts: ReadonlySet<Draft>;
}

/** The task that the facts name, by itself or by its partition (`page-views-3`); null: none. */
export function taskOf({ facts }: Violation): number | null {
  const { task, ssp } = facts;
  if (typeof task === 'number') return task;
  const partition = typeof ssp === 'string' ? /-(\d+)$/.exec(ssp)?.[1] : undefined;
  return partition === undefined ? null : Number(partition);
}

export function guiltOf(violation: Violation, drafts: readonly Draft[]): SamzaGuilt {
  const at = breachMicros(violation);
  const task = taskOf(violation);
  const { ssp, first_offset: offset } = violation.facts;
  const last = drafts.at(-1);
  const isInside = last !== undefined && drafts[0]!.atMicros <= at && at <= Math.max(last.atMicros, last.untilMicros);
  const before = isInside ? drafts.filter(({ atMicros, secondary }) => atMicros <= at && !secondary) : [];
  const breach = before.findLast((each) => task !== null && each.task === task) ?? before.at(-1) ?? null;
  const held = drafts.filter(
    ({ records }) =>
      records !== null && records.ssp === ssp && records.first <= Number(offset) && Number(offset) <= records.last,
  );
  return { breach, drafts: new Set(breach === null ? held : [...held, breach]) };
}

/** Outputs of guilty records, and what a guilty checkpoint came from. */
export function isGuiltyMessage(
  { drafts }: SamzaGuilt,
  { from, to, kind }: { readonly from: Draft; readonly to: Draft; readonly kind: HistoryMessageKind },
): boolean {
  return (kind === 'record' && drafts.has(from)) || (kind === 'upload' && drafts.has(to));
}

/** The breach as the picture marks it. */
export function violationOf(
  { law, statement, facts }: Violation,
  guilt: SamzaGuilt,
  { numbers, messages }: { readonly numbers: ReadonlyMap<Draft, number>; readonly messages: readonly number[] },
): HistoryViolation {
  const events = [...guilt.drafts].map((draft) => numbers.get(draft)!).toSorted((x, y) => x - y);
  const event = guilt.breach === null ? null : numbers.get(guilt.breach)!;
  return { law, statement, facts, event, atEnd: false, messages, events, records: [] };
}
