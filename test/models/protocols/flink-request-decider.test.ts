// When checkpoints begin: the queue against a slow twin, and each rule of the timer at its border (engines.md §2.2).
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CheckpointRequest,
  effectiveIntervalMicros,
  newRequestDecider,
  noteCompletion,
  reportBacklog,
  requestByUser,
  REQUESTS_MAX,
  type Situation,
  startScheduler,
  stopScheduler,
  tick,
  type TriggerSettings,
} from '../../../models/protocols/flink-request-decider.ts';

const SECOND = 1_000_000;

const defaults: TriggerSettings = {
  intervalMicros: 10 * SECOND,
  intervalDuringBacklogMicros: null,
  minPauseMicros: 0,
  maxConcurrent: 1,
  unaligned: false,
};

const quiet = { triggering: false, pending: 0, cleaning: 0 };
const at = (nowMicros: number, busy: Partial<typeof quiet> = {}): Situation => ({
  ...quiet,
  ...busy,
  nowMicros,
});

/** The slow twin of the queue: an unordered pile of requests, searched for its last at the capacity, sorted at the end. */
function twin(requests: readonly CheckpointRequest[]): { kept: CheckpointRequest[]; refused: CheckpointRequest[] } {
  const kept: { request: CheckpointRequest; place: string }[] = [];
  const refused: CheckpointRequest[] = [];
  const last = (): number => kept.reduce((most, { place }, n) => (place > kept[most]!.place ? n : most), 0);
  for (const request of requests) {
    if (kept.length === REQUESTS_MAX && !kept[last()]!.request.periodic) {
      refused.push(request);
      continue;
    }
    kept.push({ request, place: placeOf(request) });
    if (kept.length > REQUESTS_MAX) refused.push(...kept.splice(last(), 1).map((each) => each.request));
  }
  const sorted = kept.toSorted((a, b) => (a.place < b.place ? -1 : 1));
  return { kept: sorted.map(({ request }) => request), refused };
}

/** The place of a request in the order, as a text that sorts. */
function placeOf(request: CheckpointRequest): string {
  const group = [request.snapshot === 'savepoint' ? 0 : 1, request.forced ? 0 : 1, request.periodic ? 1 : 0].join('');
  const [time, sequence] = [request.requestedMicros, request.sequence].map((n) => String(n).padStart(16, '0'));
  return `${group} ${time} ${sequence}`;
}

describe('the queue', () => {
  test('keeps and drops what a plain sorted list of 1000 would', () => {
    const wish = fc.constantFrom<('tick' | 'checkpoint' | 'savepoint')[]>('tick', 'tick', 'checkpoint', 'savepoint');
    const phase = fc.tuple(wish, fc.integer({ min: 1, max: 700 }));
    const phases = fc.array(phase, { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(phases, fc.boolean(), (stretches, unaligned) => {
        const settings = { ...defaults, unaligned };
        const decider = newRequestDecider();
        let timer = startScheduler(decider, settings, 0, 0);
        const made: CheckpointRequest[] = [];
        const refused: CheckpointRequest[] = [];
        let now = 0;
        for (const [kind, times] of stretches) {
          for (let n = 0; n < times; n++) {
            now += n % 3 === 0 ? SECOND : 0;
            const busy = at(now, { triggering: true });
            const decision =
              kind === 'tick'
                ? tick(decider, settings, timer.generation, busy)
                : requestByUser(decider, settings, kind, busy);
            if (decision.arm !== null) timer = decision.arm;
            made.push({
              snapshot: kind === 'savepoint' ? 'savepoint' : 'checkpoint',
              forced: kind === 'savepoint' && !unaligned,
              periodic: kind === 'tick',
              requestedMicros: now,
              sequence: made.length,
            });
            refused.push(...decision.rejected.map(({ request }) => request));
            expect(decider.queue.length).toBeLessThanOrEqual(REQUESTS_MAX);
          }
        }
        const expected = twin(made);
        expect(decider.queue).toEqual(expected.kept);
        expect(refused).toEqual(expected.refused);
      }),
      { numRuns: 30 },
    );
  });

  test('full of what people asked for, refuses a savepoint and chooses nothing', () => {
    const decider = newRequestDecider();
    for (let n = 0; n < REQUESTS_MAX; n++) requestByUser(decider, defaults, 'checkpoint', at(n, { triggering: true }));
    const { run, rejected } = requestByUser(decider, defaults, 'savepoint', at(REQUESTS_MAX));
    expect(run).toBeNull();
    expect(rejected).toEqual([
      { request: expect.objectContaining({ snapshot: 'savepoint' }), reason: 'TOO_MANY_CHECKPOINT_REQUESTS' },
    ]);
  });
});

describe('deletions', () => {
  test('hold checkpoints back once there are more of them than checkpoints may be pending (FLINK-17073)', () => {
    const runs = (cleaning: number): boolean =>
      requestByUser(newRequestDecider(), { ...defaults, maxConcurrent: 2 }, 'checkpoint', at(0, { cleaning })).run !==
      null;
    expect([1, 2, 3, 4].map(runs)).toEqual([true, true, false, false]);
  });
});

describe('the timer', () => {
  test('is first due after a whole number of milliseconds from the pause to the interval, both reached', () => {
    const settings = { ...defaults, minPauseMicros: 2 * SECOND };
    const first = (draw: number): number => startScheduler(newRequestDecider(), settings, 5, draw).dueMicros;
    expect(first(0)).toBe(2 * SECOND + 5);
    expect(first(1 - 2 ** -32)).toBe(10 * SECOND + 5);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (draw) => {
        expect((first(draw) - 5) % 1000).toBe(0);
        expect(first(draw)).toBeLessThanOrEqual(10 * SECOND + 5);
      }),
    );
  });

  test('never ticks faster than the pause', () => {
    const settings = { ...defaults, minPauseMicros: 60 * SECOND };
    expect(effectiveIntervalMicros(settings)).toBe(60 * SECOND);
    const decider = newRequestDecider();
    expect(startScheduler(decider, settings, 0, 0.7).dueMicros).toBe(60 * SECOND);
    expect(tick(decider, settings, 0, at(60 * SECOND)).arm?.dueMicros).toBe(120 * SECOND);
  });

  test('is armed before the attempt: a tick that cannot run waits in the queue and the next one is on its way', () => {
    const decider = newRequestDecider();
    startScheduler(decider, defaults, 0, 0);
    const decision = tick(decider, defaults, 0, at(0, { pending: 1 }));
    expect(decision).toEqual({ run: null, rejected: [], arm: { generation: 0, dueMicros: 10 * SECOND } });
    expect(decider.queue).toHaveLength(1);
  });

  test('that comes late keeps its rate: the next one is due at once, then as if nothing had been', () => {
    const decider = newRequestDecider();
    startScheduler(decider, defaults, 0, 0);
    expect(tick(decider, defaults, 0, at(25 * SECOND)).arm?.dueMicros).toBe(25 * SECOND);
    expect(tick(decider, defaults, 0, at(25 * SECOND)).arm?.dueMicros).toBe(25 * SECOND);
    expect(tick(decider, defaults, 0, at(25 * SECOND)).arm?.dueMicros).toBe(30 * SECOND);
  });

  test('that has been superseded is ignored (FLINK-32514)', () => {
    const settings = { ...defaults, intervalDuringBacklogMicros: 60 * SECOND };
    const decider = newRequestDecider();
    const first = startScheduler(decider, settings, 0, 0);
    reportBacklog(decider, settings, { source: 0, backlog: true }, 0);
    tick(decider, settings, first.generation, at(0));
    expect(decider.timer).toEqual({ generation: first.generation, dueMicros: 60 * SECOND });
    const sooner = reportBacklog(decider, settings, { source: 0, backlog: false }, 20 * SECOND);
    expect(sooner?.dueMicros).toBe(30 * SECOND);
    const stale = tick(decider, settings, first.generation, at(60 * SECOND));
    expect(stale).toEqual({ run: null, rejected: [], arm: null });
  });

  test('rests while backlog sets the interval to 0, after one last checkpoint, and comes back with its end', () => {
    const settings = { ...defaults, intervalDuringBacklogMicros: 0 };
    const decider = newRequestDecider();
    const { generation } = startScheduler(decider, settings, 0, 0);
    reportBacklog(decider, settings, { source: 1, backlog: true }, 0);
    const last = tick(decider, settings, generation, at(0));
    expect([last.run?.periodic, last.arm, decider.timer]).toEqual([true, null, null]);
    const back = reportBacklog(decider, settings, { source: 1, backlog: false }, 7 * SECOND);
    expect(back?.dueMicros).toBe(17 * SECOND);
  });

  test('after an attempt within the pause is due at its end, and the attempt is given up', () => {
    const settings = { ...defaults, minPauseMicros: 4 * SECOND };
    const decider = newRequestDecider();
    const { generation } = startScheduler(decider, settings, 0, 0);
    noteCompletion(decider, 3 * SECOND);
    const { run, rejected, arm } = tick(decider, settings, generation, at(4 * SECOND));
    expect([run, rejected[0]?.reason]).toEqual([null, 'MINIMUM_TIME_BETWEEN_CHECKPOINTS']);
    expect(arm).toEqual({ generation: generation + 1, dueMicros: 7 * SECOND });
    expect(tick(decider, settings, generation + 1, at(7 * SECOND)).run?.requestedMicros).toBe(7 * SECOND);
  });

  test('stops with the scheduler, and what waited is given up', () => {
    const decider = newRequestDecider();
    const { generation } = startScheduler(decider, defaults, 0, 0);
    tick(decider, defaults, generation, at(0, { pending: 1 }));
    expect(stopScheduler(decider).map(({ reason }) => reason)).toEqual(['CHECKPOINT_COORDINATOR_SUSPEND']);
    expect(tick(decider, defaults, generation, at(10 * SECOND)).arm).toBeNull();
    expect(reportBacklog(decider, defaults, { source: 0, backlog: false }, 0)).toBeNull();
  });
});

describe('a savepoint', () => {
  test('runs beside a checkpoint if checkpoints are aligned, and waits behind it if they are not', () => {
    const busy = at(0, { pending: 1 });
    expect(requestByUser(newRequestDecider(), defaults, 'savepoint', busy).run?.forced).toBe(true);
    const unaligned = { ...defaults, unaligned: true };
    expect(requestByUser(newRequestDecider(), unaligned, 'savepoint', busy).run).toBeNull();
  });
});
