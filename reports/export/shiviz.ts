/**
 * A history as a log for ShiViz: one event a pair of lines, with the vector clock from which ShiViz derives all arrows.
 * A host's own entry begins at 1 and rises by one per event; an entry of another host is the newest event of it that this
 * one may have heard of.
 */
import type { History } from '../../models/dataflow/history-data.ts';
import { seconds } from '../numbers.ts';

export interface ShiVizWindow {
  /** First and last event, by number. Unless given, the last 500: ShiViz draws no more in comfort. */
  readonly from?: number;
  readonly to?: number;
}

/** Paste it above the log when ShiViz asks for the expression; the first line of the log is the same. */
export const SHIVIZ_EXPRESSION: string = String.raw`(?<event>.*)\n(?<host>\S*) (?<clock>{.*}) (?<time>\S*)`;

export const SHIVIZ_EVENTS_MAX = 500;

/** The log, its expression on the first line, no delimiter of executions on the second. */
export function shivizLog(history: History, window: ShiVizWindow = {}): string {
  const { events, lines } = history;
  const last = Math.min(window.to ?? events.length, events.length);
  const first = Math.max(1, window.from ?? last - SHIVIZ_EVENTS_MAX + 1);
  const hosts = hostNames(lines.map(({ name }) => name));
  const causes = causesOf(history);
  const clocks = new Map<number, Map<number, number>>();
  const newest = new Map<number, Map<number, number>>();
  const log: string[] = [SHIVIZ_EXPRESSION, ''];
  for (const event of events) {
    if (event.n < first || event.n > last) continue;
    const clock = new Map(newest.get(event.line));
    for (const cause of causes.get(event.n) ?? []) {
      for (const [host, count] of clocks.get(cause) ?? []) clock.set(host, Math.max(clock.get(host) ?? 0, count));
    }
    clock.set(event.line, (newest.get(event.line)?.get(event.line) ?? 0) + 1);
    newest.set(event.line, clock);
    clocks.set(event.n, clock);
    const left = event.n === first && first > 1 ? `(${first - 1} earlier events left out) ` : '';
    const entries = [...clock]
      .toSorted(([x], [y]) => x - y)
      .map(([line, count]) => `${JSON.stringify(hosts[line])}:${count}`);
    const time = history.timed ? seconds(event.atMicros ?? 0) : `step-${event.step}`;
    log.push(`${left}${oneLine(event.label)}`, `${hosts[event.line]} {${entries.join(',')}} ${time}`);
  }
  return `${log.join('\n')}\n`;
}

function causesOf({ messages }: History): ReadonlyMap<number, readonly number[]> {
  const causes = new Map<number, number[]>();
  for (const { from, to } of messages) {
    if (to === null) continue;
    const list = causes.get(to) ?? [];
    list.push(from);
    causes.set(to, list);
  }
  return causes;
}

/** Without spaces, and still all different. */
function hostNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name.replaceAll(/[\s{}"\\]+/g, '-') || 'host';
    let unique = plain;
    for (let i = 2; taken.has(unique); i++) unique = `${plain}-${i}`;
    taken.add(unique);
    return unique;
  });
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
