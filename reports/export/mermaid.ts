/**
 * A short window of a history as a Mermaid sequence diagram, which GitHub draws in Markdown: for bug reports. It knows no
 * slanted arrows, so a message stands where it arrives; snapshots, crashes and the violation are notes.
 */
import type { History, HistoryEvent, HistoryMessage } from '../../models/dataflow/history-data.ts';
import { foldCommits } from '../space-time/fold.ts';
import { messageText } from '../space-time/message-text.ts';

export interface MermaidWindow {
  /** First and last event, by number. Unless given, those around the breach, else the first crash, else up to the end. */
  readonly from?: number;
  readonly to?: number;
}

/** More than this nobody reads in a bug report. */
export const MERMAID_MESSAGES_MAX = 60;

const ARROWS: Readonly<Record<HistoryMessage['kind'], string>> = {
  record: '->>',
  barrier: '-)',
  marker: '-)',
  control: '-->>',
  rpc: '--)',
  upload: '->>',
  commit: '->>',
};

const NOTED: ReadonlySet<HistoryEvent['kind']> = new Set([
  'snapshot',
  'complete',
  'crash',
  'restart',
  'aborted',
  'failed',
  'expired',
  'calm',
]);

/** The diagram without a code fence, ending in a newline; commits are folded unless events are chosen by number. */
export function mermaidSequence(whole: History, window: MermaidWindow = {}): string {
  const history = window.from === undefined && window.to === undefined ? foldCommits(whole) : whole;
  const arrivals = arrivalsOf(history);
  const { first, last } = windowOf(history, arrivals, window);
  const used = new Set<number>();
  const body: string[] = [];
  const name = (line: number): string => {
    used.add(line);
    return `L${line}`;
  };
  for (const event of history.events) {
    if (event.n < first || event.n > last) continue;
    for (const { from, toLine, kind, label, to } of arrivals.get(event.n) ?? []) {
      const arrow = to === null ? '-x' : ARROWS[kind];
      body.push(
        `  ${name(history.events[from - 1]!.line)}${arrow}${name(toLine)}: ${escapeMermaid(messageText({ kind, label }))}`,
      );
    }
    if (NOTED.has(event.kind) && !event.secondary) {
      body.push(`  Note over ${name(event.line)}: ${escapeMermaid(`${event.step}. ${event.label}`)}`);
    }
    if (event.n === history.violation?.event) {
      const { law, statement } = history.violation;
      body.push(`  Note over ${name(event.line)}: ${escapeMermaid(`VIOLATED ${law}: ${statement}`)}`);
    }
  }
  const participants = history.lines.flatMap((line, i) =>
    used.has(i) ? [`  participant L${i} as ${escapeMermaid(line.name)}`] : [],
  );
  const left = [
    first > 1 ? [`${first - 1} earlier`] : [],
    last < history.events.length ? [`${history.events.length - last} later`] : [],
  ].flat();
  const note =
    left.length === 0 || participants.length === 0
      ? []
      : [`  Note over L${Math.min(...used)}: ${left.join(' and ')} events left out`];
  return ['sequenceDiagram', ...participants, ...note, ...body].join('\n') + '\n';
}

/** By the event at which each stands: where it arrives, or is lost. */
function arrivalsOf({ messages }: History): ReadonlyMap<number, readonly HistoryMessage[]> {
  const arrivals = new Map<number, HistoryMessage[]>();
  for (const message of messages) {
    const at = message.to ?? message.lost;
    if (at === null) continue;
    arrivals.set(at, [...(arrivals.get(at) ?? []), message]);
  }
  return arrivals;
}

/** Whole events while their messages are few enough: an explicit window from its end backwards, else around what matters. */
function windowOf(
  history: History,
  arrivals: ReadonlyMap<number, readonly HistoryMessage[]>,
  window: MermaidWindow,
): { first: number; last: number } {
  const { events, violation } = history;
  const most = Math.min(window.to ?? events.length, events.length);
  const least = Math.max(1, window.from ?? 1);
  const isGiven = window.from !== undefined || window.to !== undefined;
  const matters = violation?.event ?? events.find(({ kind }) => kind === 'crash')?.n ?? most;
  const middle = isGiven ? most : matters;
  const messagesAt = (n: number): number => arrivals.get(n)?.length ?? 0;
  let room = MERMAID_MESSAGES_MAX - messagesAt(middle);
  let [first, last] = [middle, middle];
  // What led to it matters more than what came of it: two events before for each one after.
  for (let turn = 0, stuck = 0; stuck < 3; turn++) {
    const isForward = turn % 3 === 2;
    const next = isForward ? last + 1 : first - 1;
    if (next < least || next > most || messagesAt(next) > room) {
      stuck++;
      continue;
    }
    stuck = 0;
    room -= messagesAt(next);
    if (isForward) last = next;
    else first = next;
  }
  return { first, last };
}

/** `#` begins an entity and `;` ends a line in Mermaid. */
function escapeMermaid(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[#;<>{}"]/g, (character) => `#${character.charCodeAt(0)};`)
    .trim();
}
