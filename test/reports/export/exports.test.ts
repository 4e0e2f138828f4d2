// Every kind of history in every format, judged by checkers that know the formats and not our code.
import { describe, expect, test } from 'vitest';
import type { History } from '../../../models/dataflow/history.ts';
import { chromeTrace, traceEntries } from '../../../reports/export/chrome-trace.ts';
import { MERMAID_MESSAGES_MAX, mermaidSequence } from '../../../reports/export/mermaid.ts';
import { SHIVIZ_EVENTS_MAX, shivizLog } from '../../../reports/export/shiviz.ts';
import { histories } from '../space-time/histories.ts';
import { chromeTraceProblems, mermaidProblems, shivizProblems } from './checkers.ts';

const made = new Map<string, History>();
function historyNamed(name: keyof typeof histories): History {
  const known = made.get(name) ?? histories[name]();
  made.set(name, known);
  return known;
}
const NAMES = Object.keys(histories) as (keyof typeof histories)[];

/** The same history with names that are markup, separators or commands somewhere. */
function hostile(history: History): History {
  return {
    ...history,
    lines: history.lines.map((line, i) => ({ ...line, name: `a "b" <c>; #${i}\n{d}`, group: '</script>' })),
    events: history.events.map((event) => ({ ...event, label: `x;\n#y "${event.label}" -->>` })),
  };
}

describe('a trace for Perfetto', () => {
  test.each(NAMES)('keeps the rules of the format: %s', (name) => {
    expect(chromeTraceProblems(chromeTrace(historyNamed(name)))).toEqual([]);
  });

  test('has one slice for each event and one arrow for each message that arrived', () => {
    const history = historyNamed('crash');
    const entries = traceEntries(history);
    const events = entries.filter(({ ph, args }) => ph === 'X' && args !== undefined && 'event' in args);
    expect(new Set(events.map(({ args }) => args!['event'])).size).toBe(history.events.length);
    expect(entries.filter(({ ph }) => ph === 'f')).toHaveLength(
      history.messages.filter(({ to }) => to !== null).length,
    );
  });

  test('shows Samza containers as processes, tasks as threads, and the async stage beside the processing', () => {
    const entries = traceEntries(historyNamed('samza'));
    const named = (kind: string): unknown[] =>
      entries.filter(({ name }) => name === kind).map(({ args }) => args!['name']);
    expect(named('process_name')).toEqual([
      'application master',
      'container 0',
      'container 1',
      'output topic',
      'checkpoint topic',
    ]);
    expect(named('thread_name')).toContain('task 2');
    expect(entries.some(({ ph, name }) => ph === 'b' && name.includes('append-v1'))).toBe(true);
  });

  test('the checker sees slices that do not nest, and arrows without a slice', () => {
    const slice = { ph: 'X', name: 'a', pid: 1, tid: 1, ts: 0, dur: 10 };
    const thread = { ph: 'M', name: 'thread_name', pid: 1, tid: 1, ts: 0, args: { name: 't' } };
    const file = (...entries: object[]): string => JSON.stringify({ traceEvents: [thread, ...entries] });
    expect(chromeTraceProblems(file(slice))).toEqual([]);
    expect(chromeTraceProblems(file(slice, { ...slice, name: 'b', ts: 5 }))).toEqual(['1/1: b does not nest in a']);
    expect(chromeTraceProblems(file(slice, { ...slice, ph: 's', ts: 20, id: 1, cat: 'c', dur: undefined }))).toEqual([
      'flow c/a/1 is in no slice',
      'flow c/a/1 does not end',
    ]);
  });
});

describe('a log for ShiViz', () => {
  test.each(NAMES)('has clocks that it accepts: %s', (name) => {
    const { problems, events } = shivizProblems(shivizLog(historyNamed(name)));
    expect(problems).toEqual([]);
    expect(events.length).toBe(Math.min(historyNamed(name).events.length, SHIVIZ_EVENTS_MAX));
  });

  test('its clocks know the consistent cut from the broken one', () => {
    // A cut is consistent when no snapshot has heard of an event behind another task's snapshot.
    const isConsistent = (history: History): boolean => {
      const { events } = shivizProblems(shivizLog(history));
      const points = history.cuts[0]!.points.map(({ event }) => events[event - 1]!);
      return points.every(({ clock }) => points.every(({ host, clock: own }) => (clock[host] ?? 0) <= own[host]!));
    };
    expect(isConsistent(historyNamed('join'))).toBe(true);
    expect(isConsistent(historyNamed('crash'))).toBe(true);
    expect(isConsistent(historyNamed('orphan'))).toBe(false);
  });

  test('a window begins at one again, and says what it leaves out', () => {
    const text = shivizLog(historyNamed('join'), { from: 20, to: 40 });
    const { problems, events } = shivizProblems(text);
    expect(problems).toEqual([]);
    expect(events).toHaveLength(21);
    expect(events[0]!.event).toMatch(/^\(19 earlier events left out\) /);
  });

  test('the checker sees a clock that leaps, and one that knows the future', () => {
    const log = (...lines: string[]): string =>
      [shivizLog(historyNamed('join')).split('\n')[0], '', ...lines, ''].join('\n');
    expect(shivizProblems(log('e', 'a {"a":2} 0')).problems).toEqual([
      'e: own entry 2, not 1',
      'e: has heard of event 2 of a too early',
    ]);
    expect(shivizProblems(log('e', 'a {"a":1,"b":1} 0')).problems).toEqual(['e: has heard of event 1 of b too early']);
    const forgets = log('e', 'a {"a":1} 0', 'f', 'b {"a":1,"b":1} 0', 'g', 'b {"b":2} 0', 'h', 'c {"b":1,"c":1} 0');
    expect(shivizProblems(forgets).problems).toEqual([
      'g: knows b 1, and not a 1, which that knew',
      'h: knows b 1, and not a 1, which that knew',
    ]);
    expect(shivizProblems(['(?<event>.*)\\n(?<host>\\S*)', '', ''].join('\n')).problems).toEqual([
      'the expression lacks one of the groups event, host, clock',
    ]);
  });
});

describe('a Mermaid diagram', () => {
  test.each(NAMES)('keeps to the syntax and to 60 messages: %s', (name) => {
    expect(mermaidProblems(mermaidSequence(historyNamed(name)))).toEqual([]);
  });

  test('ends with the violation, and says what is left out before', () => {
    const text = mermaidSequence(historyNamed('twice'));
    expect(text).toContain('VIOLATED E1');
    expect(mermaidSequence(historyNamed('wide'))).toMatch(/Note over L0: \d+ later events left out/);
    expect(MERMAID_MESSAGES_MAX).toBe(60);
  });

  test('a short one, whole', async () => {
    await expect(mermaidSequence(historyNamed('orphan'))).toMatchFileSnapshot('golden/orphan.mmd');
  });
});

test('names that mean something to a format do no harm', () => {
  const history = hostile(historyNamed('crash'));
  expect(chromeTraceProblems(chromeTrace(history))).toEqual([]);
  expect(shivizProblems(shivizLog(history)).problems).toEqual([]);
  expect(mermaidProblems(mermaidSequence(history))).toEqual([]);
});
