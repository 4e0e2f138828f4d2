// The table of engines.md §2.13 against what simulated crashes showed. The document says what should come back; no cell of
// it is in models/flow-crash-matrix.ts. F4 is two rows here: the write was done, or it was not.
import { describe, expect, test } from 'vitest';
import type { CrashCell, CrashMatrix } from '../../../models/crash-matrix.ts';
import { flowCrashMatrix } from '../../../models/flow-crash-matrix.ts';
import { PROTOCOLS, type ProtocolName } from '../../../models/protocols/index.ts';

const matrices = Object.fromEntries(
  (Object.keys(PROTOCOLS) as ProtocolName[]).map((name) => [name, flowCrashMatrix(name)]),
) as Record<ProtocolName, CrashMatrix>;

function cellOf(name: ProtocolName, point: string, column: string): CrashCell {
  return matrices[name].rows.find((row) => row.point === point)!.cells.find((cell) => cell.column === column)!;
}

function answersOf(name: ProtocolName, point: string): readonly string[] {
  return matrices[name].rows.find((row) => row.point === point)!.cells.map((cell) => cell.answer);
}

const EXACTLY_ONCE: readonly ProtocolName[] = [
  'flink-aligned',
  'flink-unaligned',
  'flink-unaligned-timeout',
  'chandy-lamport',
];

/** Restored, state, two-phase sink, idempotent sink; aligned exactly-once with a two-phase sink, as the document has it. */
const DOCUMENT: Readonly<Record<string, readonly [string, string, string, string]>> = {
  F1: ['n-1', 'exact', 'once, late (n+1)', 'once'],
  F2: ['n-1', 'exact', 'once, late (n+1)', 'once'],
  F3: ['n-1', 'exact', 'once, late (n+1)', 'once'],
  F4a: ['n', 'exact', 'once, late (n)', 'once'],
  F4b: ['n-1', 'exact', 'once, late (n+1)', 'once'],
  F5: ['n', 'exact', 'once, late (n)', 'once'],
  F6: ['n', 'exact', 'once, 2 of 4 late (n)', 'once'],
  F7: ['n', 'exact', 'once', 'once'],
  F8: ['n-1', 'exact', '4 twice', 'once'],
  F9: ['n', 'exact', '4 lost', '-'],
  F10: ['none', 'exact', 'once, late (n)', 'once'],
  F11: ['n', 'exact', 'once', 'once'],
  F12: ['n-1', 'exact', 'once, late (n)', 'once'],
  F13: ['n', 'exact', 'once, late (n)', 'once'],
};

describe.each(EXACTLY_ONCE)('%s', (name) => {
  test.each(Object.entries(DOCUMENT))('%s is as the document has it', (point, expected) => {
    expect(answersOf(name, point).slice(0, 4)).toEqual(expected);
  });
});

describe('at-least-once', () => {
  test('counts what follows the barrier of a faster input twice, and is like exactly-once everywhere else (F11)', () => {
    for (const [point, expected] of Object.entries(DOCUMENT)) {
      const answers = answersOf('flink-at-least-once', point);
      expect(answers.slice(0, 4)).toEqual(point === 'F11' ? ['n', 'over +1', '2 twice', 'once'] : expected);
    }
  });

  test('counts too much by as many records as there are between the first barrier and the last', () => {
    expect(cellOf('flink-at-least-once', 'F11', 'state').facts['updates too many']).toBe(1);
    expect(cellOf('flink-aligned', 'F11', 'state').facts['updates too many']).toBe(0);
  });
});

const WITH_SAVEPOINTS = (Object.keys(PROTOCOLS) as ProtocolName[]).filter(
  (name) => PROTOCOLS[name].coordinator.savepoint !== undefined,
);

describe.each(WITH_SAVEPOINTS)('%s with a savepoint', (name) => {
  test('stops with it: the epoch of a sink that fails is committed when the job starts again from it (F14)', () => {
    expect(answersOf(name, 'F14').slice(0, 4)).toEqual(['s', 'exact', 'once, 2 of 4 late (s)', 'once']);
  });

  test('repeats what was put out behind it when the user goes back to it, and nothing else (F15, F16)', () => {
    expect(answersOf(name, 'F15')).toEqual(['s', 'exact', '4 twice', 'once', '4 twice']);
    expect(answersOf(name, 'F16')).toEqual(['s', 'exact', 'once', 'once', 'once']);
  });
});

test('who has no savepoints has no such rows', () => {
  expect(answersOf('lai-yang', 'F15')).toEqual(['-', '-', '-', '-', '-']);
});

describe("Samza's coordinated checkpoint", () => {
  test('is as good as aligned with a barrier', () => {
    expect(matrices['samza-coordinated-barrier'].rows.map(({ cells }) => cells.map(({ answer }) => answer))).toEqual(
      matrices['flink-aligned'].rows.map(({ cells }) => cells.map(({ answer }) => answer)),
    );
  });

  test.each(['samza-coordinated-timed', 'samza-coordinated-manual'] as const)(
    '%s is exact only where nothing was read behind the checkpoint that is restored',
    (name) => {
      for (const point of ['F5', 'F6', 'F10', 'F13']) {
        expect(answersOf(name, point).slice(0, 4)).toEqual(DOCUMENT[point]);
      }
      // Two records behind it, counted twice at the join (stage 1), and at each of two sinks (stage 2) three times.
      for (const point of ['F1', 'F2', 'F3', 'F7', 'F12']) {
        expect(cellOf(name, point, 'restored').answer).toBe(DOCUMENT[point]![0]);
        expect(cellOf(name, point, 'state').answer).toBe('over +2');
        expect(cellOf(name, point, 'two-phase').facts['outputs twice']).toBe(8);
      }
      expect(cellOf(name, 'F11', 'state').answer).toBe('over +1');
    },
  );
});

describe('a sink without transactions', () => {
  test.each(EXACTLY_ONCE)('of %s repeats all that was emitted since the checkpoint restored (F12)', (name) => {
    // Four outputs of records 1 after n-1; in F8 those of records 2 as well.
    expect(cellOf(name, 'F12', 'plain').answer).toBe('4 twice');
    expect(cellOf(name, 'F7', 'plain').answer).toBe('4 twice');
    expect(cellOf(name, 'F8', 'plain').answer).toBe('8 twice');
    expect(cellOf(name, 'F5', 'plain').answer).toBe('once');
  });
});

describe('in-flight data', () => {
  test('is restored again when the recovery is hit before it is processed (F17)', () => {
    for (const name of ['flink-unaligned', 'flink-unaligned-timeout'] as const) {
      expect(answersOf(name, 'F17').slice(0, 4)).toEqual(['n, then n', 'exact', 'once', 'once']);
    }
  });

  test('has no such row where no channel state is restored ahead of the next checkpoint', () => {
    expect(answersOf('flink-aligned', 'F17')).toEqual(['-', '-', '-', '-', '-']);
  });
});

test('clock skew shifts the switch of an aligned time-out and nothing else (F18)', () => {
  expect(answersOf('flink-unaligned-timeout', 'F18')).toEqual(answersOf('flink-unaligned-timeout', 'F7'));
});

test('only two rows break a promise: an older checkpoint is restored (M1), transactions time out (E2)', () => {
  for (const { rows } of Object.values(matrices)) {
    for (const { point, cells } of rows) {
      for (const { facts } of cells) {
        const broken = String(facts['laws broken'] ?? 'none');
        if (point === 'F8') expect(broken.split(' ')).toContain('M1');
        else expect(broken, point).toBe(point === 'F9' && facts['outputs lost'] !== 0 ? 'E2' : 'none');
      }
    }
  }
});

test('no transaction is left behind: what is not committed is aborted (F2)', () => {
  for (const { rows } of Object.values(matrices)) {
    for (const { facts } of rows.flatMap(({ cells }) => cells)) expect(facts['transactions left behind'] ?? 0).toBe(0);
  }
  expect(cellOf('flink-aligned', 'F2', 'two-phase').facts['transactions aborted']).toBe(4);
});

test('no crash loses an input, and none an output, unless its transactions time out (F9)', () => {
  for (const { point, cells } of Object.values(matrices).flatMap(({ rows }) => rows)) {
    for (const { answer, column, lost_inputs } of cells) {
      expect(lost_inputs).toBe(0);
      expect(answer.includes('lost'), answer).toBe(point === 'F9' && column === 'two-phase');
    }
  }
});
