// A history is checked against what every run must look like, whatever the protocol: it is read off state differences, and
// a difference that was read wrongly shows as a message without an end or an event without a cause.
import { describe, expect, test } from 'vitest';
import { type History, historyOf } from '../../models/dataflow/history.ts';
import { samzaHistory } from '../../models/dataflow/history-samza.ts';
import { chainTopology, joinTopology, ringTopology } from '../../models/dataflow/topology.ts';
import { chandyLamport } from '../../models/protocols/chandy-lamport.ts';
import { flinkAligned } from '../../models/protocols/flink-aligned.ts';
import { flinkUnaligned, flinkUnalignedTimeout } from '../../models/protocols/flink-unaligned.ts';
import { laiYang } from '../../models/protocols/lai-yang.ts';
import { samzaCoordinatedDeduplicated, samzaCoordinatedTimed } from '../../models/protocols/samza-coordinated.ts';
import { histories, randomHistory, samzaWindow, worldOf } from '../reports/space-time/histories.ts';
import { planOf, second } from './plan-builder.ts';

const STORM = {
  checkpoints: 3,
  maxConcurrent: 2,
  crashes: 1,
  coordinatorCrashes: 1,
  lostNotifications: 1,
  duplicatedMessages: 1,
  failedUploads: 1,
  failedCommits: 1,
  timeouts: 1,
};

const WORLDS = [
  ['aligned barriers', worldOf(flinkAligned, joinTopology({ records: 2 }), STORM)],
  ['aligned barriers, plain sink', worldOf(flinkAligned, joinTopology({ records: 2, sink: 'plain' }), STORM)],
  ['unaligned barriers', worldOf(flinkUnaligned, joinTopology({ records: 2 }), { ...STORM, maxConcurrent: 1 })],
  [
    'unaligned behind a time-out',
    worldOf(flinkUnalignedTimeout, joinTopology({ records: 2 }), { ...STORM, maxConcurrent: 1 }),
  ],
  ['operators that defer', worldOf(flinkAligned, { ...chainTopology({ records: 2 }), deferred: true }, STORM)],
  ['markers on a ring', worldOf(chandyLamport, ringTopology({ records: 2 }), { ...STORM, maxConcurrent: 1 })],
  [
    'colours on a ring without order',
    worldOf(laiYang, ringTopology({ records: 2, fifo: false }), { ...STORM, maxConcurrent: 1 }),
  ],
  [
    'channels that are logs',
    worldOf(samzaCoordinatedTimed, joinTopology({ records: 2 }), { ...STORM, maxConcurrent: 1 }),
  ],
  [
    'logs whose repetitions are dropped',
    worldOf(samzaCoordinatedDeduplicated, chainTopology({ records: 2 }), { ...STORM, maxConcurrent: 1 }),
  ],
  ['no zombies', worldOf(flinkAligned, joinTopology({ records: 2 }), { ...STORM, zombies: false })],
] as const;

/** Unaligned barriers overtake two records of one channel; a crash after the checkpoint brings them back. */
function restoredFromUnaligned(): History {
  const world = worldOf(flinkUnaligned, joinTopology({ records: 2 }), { crashes: 1, checkpoints: 1, zombies: false });
  const state = world.initial();
  const ids: string[] = [];
  const hasCrashed = (): boolean => ids.some((id) => id.startsWith('crash:'));
  const rank = ({ kind, id }: { readonly kind: string; readonly id: string }): number => {
    if (kind === 'detect') return 0;
    if (kind === 'crash') return state.store.completed.length > 0 && !hasCrashed() ? 1 : 9;
    if (kind === 'emit') return 2;
    if (kind === 'deliver' && id.startsWith('deliver:s1>join#') && !hasCrashed()) return 4;
    return ['fail', 'lose', 'duplicate', 'expire', 'timeout', 'calm'].includes(kind) ? 9 : 3;
  };
  for (let enabled = world.enabled(state); enabled.length > 0 && ids.length < 100; enabled = world.enabled(state)) {
    const [action] = enabled.toSorted((x, y) => rank(x) - rank(y));
    ids.push(action!.id);
    world.apply(state, action!);
  }
  return historyOf(world, ids);
}

function expectWhole(history: History): void {
  const { events, messages, lines, cuts, spans } = history;
  const at = (n: number): History['events'][number] => events[n - 1]!;
  events.forEach((event, i) => {
    expect(event.n).toBe(i + 1);
    expect(lines[event.line], event.label).toBeDefined();
    expect(event.label).not.toMatch(/undefined|NaN|null/);
    if (i > 0) expect(event.step - events[i - 1]!.step).toBeOneOf([0, 1]);
  });
  for (const message of messages) {
    expect(at(message.from), message.label).toBeDefined();
    if (message.to === null) continue;
    expect(message.to, message.label).toBeGreaterThan(message.from);
    expect(at(message.to).line, message.label).toBe(message.toLine);
    expect(message.lost).toBeNull();
  }
  for (const { points, complete } of cuts) {
    for (const { line, event } of points) {
      expect(at(event).kind).toBe('snapshot');
      expect(at(event).line).toBe(line);
      if (complete !== null) expect(complete).toBeGreaterThan(event);
    }
  }
  for (const { from, to } of spans) expect(to ?? events.length + 1).toBeGreaterThan(from);
}

describe('a history', () => {
  test.each(WORLDS)('is whole on random paths: %s', (_name, world) => {
    for (let seed = 0; seed < 25; seed++) {
      const history = randomHistory(world, `whole-${seed}`);
      expectWhole(history);
      // What arrives has been sent, and nothing is under way when nothing is left to happen.
      const arrived = new Map<number, number>();
      for (const { to } of history.messages) if (to !== null) arrived.set(to, (arrived.get(to) ?? 0) + 1);
      for (const { n, kind, label } of history.events) {
        if (kind === 'receive' || kind === 'control') expect(arrived.get(n), label).toBe(1);
      }
      const open = history.messages.filter(({ to, lost }) => to === null && lost === null);
      expect(open.map(({ kind, label }) => `${kind} ${label}`)).toEqual([]);
    }
  });

  test('delivers the records of a FIFO channel in the order of their numbers, attempt by attempt', () => {
    const history = histories.crash();
    const starts = history.attempts.map(({ event }) => event);
    const last = new Map<string, number>();
    for (const { kind, channel, number, to } of history.messages.toSorted((x, y) => (x.to ?? 0) - (y.to ?? 0))) {
      if (kind !== 'record' || to === null) continue;
      const key = `${channel} ${starts.filter((event) => event < to).length}`;
      expect(number).toBe((last.get(key) ?? -1) + 1);
      last.set(key, number!);
    }
    expect(last.size).toBeGreaterThan(3);
  });

  test('puts the cut where the parts say it is: before a record of the next epoch, after a barrier', () => {
    const coloured = randomHistory(worldOf(laiYang, ringTopology({ records: 3 })), 'cut');
    const [first] = coloured.cuts;
    expect(first!.points.length).toBe(3);
    const { points } = histories.join().cuts[0]!;
    expect(points).toHaveLength(4);
  });

  test('names what the facts of a breach speak of', () => {
    const { violation, messages, events } = histories.orphan();
    expect(violation).toMatchObject({ law: 'C2', records: ['s0#0'], atEnd: false });
    expect(events[violation!.event! - 1]!.label).toBe('checkpoint 1 is complete');
    expect(violation!.messages.map((i) => messages[i]!.channel)).toEqual(['s0>join']);
  });

  test('channel state goes with the part, and comes back from the store, not from its sender', () => {
    const history = restoredFromUnaligned();
    const { events, messages, lines, attempts } = history;
    expect(events.map(({ label }) => label)).toContain(
      "join's part of checkpoint 1 is durable, with s1#0 s1#1 in flight",
    );
    expect(attempts.map(({ restored }) => restored)).toEqual([1]);
    const inFlight = messages.filter(({ channel, kind }) => channel === 's1>join' && kind === 'record');
    const [sent, restored] = [inFlight.slice(0, 2), inFlight.slice(2)];
    expect(sent.map(({ lost, to }) => [lost === attempts[0]!.event, to])).toEqual([
      [true, null],
      [true, null],
    ]);
    expect(restored.map(({ from, record }) => [lines[events[from - 1]!.line]!.name, record])).toEqual([
      ['store', 's1#0'],
      ['store', 's1#1'],
    ]);
    expectWhole(history);
  });

  test('refuses a path that does not fit, and says what would', () => {
    const world = worldOf(flinkAligned, chainTopology());
    expect(() => historyOf(world, ['emit:s0#0', 'emit:s0#1'])).toThrow(
      /action 2 of the path, emit:s0#1, is not enabled here; enabled are deliver:s0>join#r0.0.0/,
    );
  });
});

describe('a window of a Samza run', () => {
  const history = samzaWindow();

  test('is whole, and its times never go back', () => {
    expectWhole(history);
    const times = history.events.map(({ atMicros }) => atMicros!);
    expect(times).toEqual(times.toSorted((x, y) => x - y));
    expect(times[0]).toBeGreaterThanOrEqual(9 * second);
    expect(times.at(-1)).toBeLessThanOrEqual(17 * second);
  });

  test('shows the death between two steps, what the start goes back to, and what is processed again', () => {
    const labels = history.events.map(({ label }) => label);
    const death = labels.indexOf('container 0 (start 0, host 0) dies');
    expect(labels[death - 1]).toBe('task 0, commit 2: write-files-v2 done');
    expect(labels).toContain('task 2 goes on at offset 88, from commit 1');
    expect(labels.some((label) => label.startsWith('task 2 processes again'))).toBe(true);
    expect(history.cuts.map(({ name }) => name)).toEqual(['start 1 of c0']);
    expect(history.lines.map(({ name }) => name)).toEqual([
      'application master',
      'task 0',
      'task 2',
      'task 1',
      'output topic',
      'checkpoint topic',
    ]);
  });

  test('is cut to a bound around the death, and says so', () => {
    const plan = planOf({
      horizonMicros: 60 * second,
      inputs: [{ partitions: 25 }],
      job: { containers: 5 },
      faults: [{ kind: 'container-crash', container: 3, exitCode: 1, trigger: { on: 'time', atMicros: 30 * second } }],
    });
    const wide = samzaHistory(plan, { fromMicros: 0, toMicros: 60 * second, eventsMax: 80 });
    expectWhole(wide);
    expect(wide.events).toHaveLength(80);
    expect(wide.events.some(({ kind }) => kind === 'crash')).toBe(true);
    const shown = wide.lines.filter(({ role }) => role === 'task');
    expect(shown.length).toBeLessThanOrEqual(20);
    const struck = [3, 8, 13, 18, 23].map((task) => `task ${task}`);
    expect(shown.map(({ name }) => name)).toEqual(expect.arrayContaining(struck));
    expect(wide.notes.join(' ')).toMatch(/5 of 25 tasks are left out.*events of the window are left out/);
  });

  test('is the same each time', () => {
    expect(samzaWindow()).toEqual(history);
  });
});
