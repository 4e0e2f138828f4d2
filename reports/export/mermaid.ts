/**
 * A short window of a history as a Mermaid sequence diagram, which GitHub draws in Markdown: for bug reports. It knows no
 * slanted arrows, so a message stands where it arrives; snapshots, crashes and the violation are notes.
 */
import type { History, HistoryEvent, HistoryMessage } from '../../models/dataflow/history-data.ts';
import { messageText } from '../space-time/message-text.ts';

export interface MermaidWindow {
  /** First and last event, by number. Unless given, the last that hold 60 messages. */
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

/** The diagram without a code fence, ending in a newline. */
export function mermaidSequence(history: History, window: MermaidWindow = {}): string {
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

/** Whole events, from the end backwards, while their messages are few enough; an explicit window is cut at its beginning too. */
function windowOf(
  { events }: History,
  arrivals: ReadonlyMap<number, readonly HistoryMessage[]>,
  window: MermaidWindow,
): { first: number; last: number } {
  const last = Math.min(window.to ?? events.length, events.length);
  const earliest = Math.max(1, window.from ?? 1);
  let count = 0;
  let first = last + 1;
  while (first > earliest) {
    count += arrivals.get(first - 1)?.length ?? 0;
    if (count > MERMAID_MESSAGES_MAX) break;
    first--;
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
