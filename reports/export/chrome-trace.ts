/**
 * A history in Chrome's trace-event format, for Perfetto: one process per group, one thread per line, a slice per event
 * and per stretch of time, arrows for messages. Slices of one thread must nest; those that would overlap become
 * asynchronous slices of their own. Untimed histories get a millisecond per step.
 */
import type { History, HistoryEvent } from '../../models/dataflow/history-data.ts';
import { messageText } from '../space-time/message-text.ts';

/** One entry of `traceEvents`; times µs. */
export interface TraceEntry {
  readonly ph: 'M' | 'X' | 'i' | 'b' | 'e' | 's' | 'f' | 'C';
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  readonly bp?: 'e';
  readonly s?: 't' | 'p' | 'g';
  readonly args?: Readonly<Record<string, string | number>>;
}

interface Slice {
  readonly line: number;
  readonly name: string;
  readonly cat: string;
  readonly start: number;
  readonly end: number;
  readonly background: boolean;
  readonly args: Readonly<Record<string, string | number>>;
}

const STEP_MICROS = 1_000;
/** An event inside its step; what leaves or arrives is bound to it. */
const EVENT_MICROS = 400;

/** The whole file, ending in a newline: one entry a line, so that two files can be compared. */
export function chromeTrace(history: History): string {
  const entries = traceEntries(history).map((entry) => JSON.stringify(entry));
  const about = JSON.stringify({ title: history.title, protocol: history.protocol });
  return `{"displayTimeUnit":"ms","otherData":${about},"traceEvents":[\n${entries.join(',\n')}\n]}\n`;
}

export function traceEntries(history: History): readonly TraceEntry[] {
  const places = placesOf(history);
  const times = eventTimes(history);
  const slices = [...eventSlices(history, times), ...stretches(history, times)];
  const { nested, crossing } = nest(slices);
  const entries: TraceEntry[] = [];
  for (const { line, name, cat, start, end, args } of nested) {
    entries.push({ ph: 'X', name, cat, ts: start, dur: end - start, ...places[line]!, args });
  }
  crossing.forEach(({ line, name, cat, start, end, args }, i) => {
    const id = i + 1;
    entries.push({ ph: 'b', name, cat, id, ts: start, ...places[line]!, args });
    entries.push({ ph: 'e', name, cat, id, ts: end, ...places[line]! });
  });
  history.messages.forEach(({ from, to, kind, label }, i) => {
    if (to === null) return;
    const flow = { name: messageText({ kind, label }), cat: 'message', id: i + 1 };
    const [start, end] = [times[from - 1]!, times[to - 1]!];
    entries.push({ ph: 's', ...flow, ts: start.start, ...places[history.events[from - 1]!.line]! });
    entries.push({ ph: 'f', bp: 'e', ...flow, ts: end.start, ...places[history.events[to - 1]!.line]! });
  });
  const broken = history.violation?.event;
  if (history.violation !== null && broken) {
    const { law, statement, facts } = history.violation;
    const place = places[history.events[broken - 1]!.line]!;
    entries.push({
      ph: 'i',
      s: 'g',
      name: `VIOLATED ${law}: ${statement}`,
      cat: 'law',
      ts: times[broken - 1]!.start,
      ...place,
      args: facts,
    });
  }
  entries.push(...counters(history, times));
  // Stable: what begins first, and of those the longest, which holds the others.
  return [...names(history, places), ...entries.toSorted((x, y) => x.ts - y.ts || (y.dur ?? 0) - (x.dur ?? 0))];
}

interface Place {
  readonly pid: number;
  readonly tid: number;
}

function placesOf({ lines }: History): readonly Place[] {
  const groups = [...new Set(lines.map(({ group }) => group))];
  return lines.map(({ group }, line) => ({ pid: groups.indexOf(group) + 1, tid: line + 1 }));
}

function names(history: History, places: readonly Place[]): TraceEntry[] {
  const entries: TraceEntry[] = [];
  const named = new Set<number>();
  for (const [line, { name, group }] of history.lines.entries()) {
    const { pid, tid } = places[line]!;
    const meta = { ph: 'M', pid, tid, ts: 0 } as const;
    if (!named.has(pid)) {
      entries.push({ ...meta, name: 'process_name', args: { name: group } });
      entries.push({ ...meta, name: 'process_sort_index', args: { sort_index: pid } });
      named.add(pid);
    }
    entries.push({ ...meta, name: 'thread_name', args: { name } });
    entries.push({ ...meta, name: 'thread_sort_index', args: { sort_index: tid } });
  }
  return entries;
}

interface Interval {
  readonly start: number;
  readonly end: number;
}

/**
 * Where each event's own slice lies. On one line events follow each other strictly, so equal moments are spread by a
 * microsecond; nobody sees that beside a commit step, and arrows stay bound to the right one.
 */
function eventTimes(history: History): readonly Interval[] {
  const free = history.lines.map(() => 0);
  let step = 0;
  let inStep = 0;
  return history.events.map((event) => {
    if (!history.timed) {
      inStep = event.step === step ? inStep + 1 : 0;
      ({ step } = event);
      const start = event.step * STEP_MICROS + Math.min(inStep, EVENT_MICROS);
      const late = Math.max(start, free[event.line]!);
      free[event.line] = late + 1;
      return { start: late, end: late + 1 };
    }
    const start = Math.max(event.atMicros ?? 0, free[event.line]!);
    free[event.line] = start + 1;
    return { start, end: start + 1 };
  });
}

function eventSlices(history: History, times: readonly Interval[]): Slice[] {
  return history.events.map((event, i) => ({
    line: event.line,
    name: event.label,
    cat: event.kind,
    ...times[i]!,
    background: false,
    args: argsOf(event),
  }));
}

function argsOf({ n, step, checkpoint, record }: HistoryEvent): Record<string, string | number> {
  return { event: n, step, ...(checkpoint === null ? {} : { checkpoint }), ...(record === null ? {} : { record }) };
}

/** What lasts: attempts, being down, holding inputs back, commit steps, processing. */
function stretches(history: History, times: readonly Interval[]): Slice[] {
  const end = times.reduce((latest, each) => Math.max(latest, each.end), 0) + 1;
  const slices: Slice[] = history.spans.map(({ line, kind, label, from, to }) => ({
    line,
    name: label,
    cat: kind,
    start: times[from - 1]!.start,
    end: to === null ? end : times[to - 1]!.start,
    background: false,
    args: {},
  }));
  for (const [i, event] of history.events.entries()) {
    const { startMicros, endMicros, line, label, kind, background } = event;
    if (startMicros === null || endMicros === null || endMicros - startMicros < 2) continue;
    const start = Math.max(0, startMicros);
    slices.push({
      line,
      name: label,
      cat: kind,
      start,
      end: Math.max(endMicros, times[i]!.start),
      background,
      args: argsOf(event),
    });
  }
  return slices;
}

/** Divides slices into those that nest on their line and those that would cross another or run beside the line's work. */
function nest(slices: readonly Slice[]): { nested: readonly Slice[]; crossing: readonly Slice[] } {
  const nested: Slice[] = [];
  const crossing: Slice[] = slices.filter(({ background }) => background);
  const open = new Map<number, Slice[]>();
  const ordered = slices.filter(({ background }) => !background).toSorted((x, y) => x.start - y.start || y.end - x.end);
  // Events carry the arrows, so they always stay; a stretch that would cut through one goes aside.
  const events = ordered.filter(isEvent);
  for (const slice of ordered) {
    const stack = open.get(slice.line) ?? [];
    while (stack.length > 0 && stack.at(-1)!.end <= slice.start) stack.pop();
    const holder = stack.at(-1);
    const cutsEvent =
      !isEvent(slice) &&
      events.some((each) => each.line === slice.line && each.start < slice.end && slice.end < each.end);
    if ((holder !== undefined && slice.end > holder.end) || cutsEvent) {
      crossing.push(slice);
      continue;
    }
    stack.push(slice);
    open.set(slice.line, stack);
    nested.push(slice);
  }
  return { nested, crossing };
}

const isEvent = ({ start, end }: Slice): boolean => end - start === 1;

/** Messages under way, by kind. */
function counters(history: History, times: readonly Interval[]): TraceEntry[] {
  const changes: { ts: number; kind: string; by: number }[] = [];
  for (const { from, to, lost, kind } of history.messages) {
    const end = to ?? lost;
    changes.push({ ts: times[from - 1]!.start, kind, by: 1 });
    if (end !== null) changes.push({ ts: times[end - 1]!.start, kind, by: -1 });
  }
  const levels: Record<string, number> = {};
  for (const { kind } of history.messages) levels[kind] = 0;
  return changes
    .toSorted((x, y) => x.ts - y.ts)
    .flatMap(({ ts, kind, by }, i, all) => {
      levels[kind]! += by;
      if (all[i + 1]?.ts === ts) return [];
      return [{ ph: 'C', name: 'messages under way', pid: 1, tid: 1, ts, args: { ...levels } } as const];
    });
}
