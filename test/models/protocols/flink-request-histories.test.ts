// The promises of engines.md §2.2 about when checkpoints begin, over random histories of ticks, requests, completions, aborts,
// deletions and backlog.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CheckpointRequest,
  choose,
  compareRequests,
  type Decision,
  newRequestDecider,
  noteCompletion,
  type PeriodicTimer,
  reportBacklog,
  requestByUser,
  type Situation,
  startScheduler,
  tick,
  type TriggerSettings,
} from '../../../models/protocols/flink-request-decider.ts';

const SECOND = 1_000_000;

/** What happens next to a coordinator; times are those of the event before it plus a wait. */
type Event =
  | { readonly kind: 'wait'; readonly micros: number }
  | { readonly kind: 'user'; readonly snapshot: 'checkpoint' | 'savepoint' }
  | { readonly kind: 'set-up' | 'complete' | 'abort' | 'delete' | 'deleted' }
  | { readonly kind: 'backlog'; readonly source: number; readonly backlog: boolean };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 20 }).map((s) => ({ kind: 'wait', micros: s * SECOND }) as const) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('checkpoint', 'savepoint').map((snapshot) => ({ kind: 'user', snapshot }) as const),
  },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom('set-up', 'set-up', 'complete', 'abort', 'delete', 'deleted')
      .map((kind) => ({ kind }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('backlog' as const),
      source: fc.integer({ min: 0, max: 1 }),
      backlog: fc.boolean(),
    }),
  },
);

const settingsOf: fc.Arbitrary<TriggerSettings> = fc.record({
  intervalMicros: fc.integer({ min: 1, max: 10 }).map((s) => s * SECOND),
  intervalDuringBacklogMicros: fc.option(fc.integer({ min: 0, max: 30 }).map((s) => s * SECOND)),
  minPauseMicros: fc.integer({ min: 0, max: 15 }).map((s) => s * SECOND),
  maxConcurrent: fc.integer({ min: 1, max: 3 }),
  unaligned: fc.boolean(),
});

interface Started {
  readonly request: CheckpointRequest;
  readonly atMicros: number;
  readonly pendingBefore: number;
  readonly cleaning: number;
  readonly lastCompletionMicros: number | null;
}

/** A small coordinator around the decider: it fires timers, keeps what is pending, and writes down what was started. */
function drive(settings: TriggerSettings, events: readonly Event[]) {
  const decider = newRequestDecider();
  const started: Started[] = [];
  const ticks: number[] = [];
  let made = 0;
  let rejected = 0;
  let longestQueue = 0;
  let now = 0;
  let armed: PeriodicTimer | null = startScheduler(decider, settings, 0, 0.5);
  const setup: CheckpointRequest[] = [];
  let pending = 0;
  let cleaning = 0;
  let lastCompletion: number | null = null;
  const situation = (): Situation => ({ nowMicros: now, triggering: setup.length > 0, pending, cleaning });
  const apply = (decision: Decision): void => {
    if (decision.arm !== null) armed = decision.arm;
    rejected += decision.rejected.length;
    longestQueue = Math.max(longestQueue, decider.queue.length);
    if (decision.run === null) return;
    expect(setup).toEqual([]);
    started.push({
      request: decision.run,
      atMicros: now,
      pendingBefore: pending,
      cleaning,
      lastCompletionMicros: lastCompletion,
    });
    setup.push(decision.run);
  };
  for (const each of events) {
    switch (each.kind) {
      case 'wait': {
        const until = now + each.micros;
        while (armed !== null && armed.dueMicros <= until) {
          const { generation, dueMicros } = armed;
          now = dueMicros;
          armed = null;
          ticks.push(now);
          made++;
          apply(tick(decider, settings, generation, situation()));
        }
        now = until;
        break;
      }
      case 'user':
        made++;
        apply(requestByUser(decider, settings, each.snapshot, situation()));
        break;
      case 'set-up':
        if (setup.pop() === undefined) break;
        pending++;
        apply(choose(decider, settings, situation()));
        break;
      case 'complete':
      case 'abort':
        if (pending === 0) break;
        pending--;
        if (each.kind === 'complete') {
          noteCompletion(decider, now);
          lastCompletion = now;
        }
        apply(choose(decider, settings, situation()));
        break;
      case 'delete':
        cleaning++;
        break;
      case 'deleted':
        cleaning = Math.max(0, cleaning - 1);
        apply(choose(decider, settings, situation()));
        break;
      case 'backlog': {
        const timer = reportBacklog(decider, settings, each, now);
        if (timer !== null) armed = timer;
        break;
      }
    }
    expect(made).toBe(started.length + rejected + decider.queue.length);
  }
  return { decider, started, ticks, longestQueue, armed };
}

const runs = fc.tuple(settingsOf, fc.array(event, { maxLength: 60 }));

/** Holds a promise over random settings and histories. */
function promise(check: (settings: TriggerSettings, run: ReturnType<typeof drive>, events: readonly Event[]) => void) {
  fc.assert(
    fc.property(runs, ([settings, events]) => check(settings, drive(settings, events), events)),
    { numRuns: 300 },
  );
}

describe('over random histories', () => {
  test('no more checkpoints are pending than the limit, unless one is forced', () => {
    promise((settings, { started }) => {
      for (const each of started) {
        expect(each.request.forced || each.pendingBefore < settings.maxConcurrent).toBe(true);
      }
    });
  });

  test('no periodic checkpoint begins sooner after a completion than the pause', () => {
    promise((settings, { started }) => {
      for (const { request, atMicros, lastCompletionMicros } of started) {
        if (!request.periodic || lastCompletionMicros === null) continue;
        expect(atMicros - lastCompletionMicros).toBeGreaterThanOrEqual(settings.minPauseMicros);
      }
    });
  });

  test('nothing begins while more checkpoints are being deleted than may be pending', () => {
    promise((settings, { started }) => {
      for (const { cleaning } of started) expect(cleaning).toBeLessThanOrEqual(settings.maxConcurrent);
    });
  });

  test('the queue stays in order, and only savepoints without unaligned checkpoints are forced', () => {
    promise((settings, { decider, started }) => {
      expect(decider.queue).toEqual(decider.queue.toSorted(compareRequests));
      for (const request of [...decider.queue, ...started.map((each) => each.request)]) {
        expect(request.forced).toBe(request.snapshot === 'savepoint' && !settings.unaligned);
      }
    });
  });

  test('the timer that was posted is the timer in force, and no generation is armed twice', () => {
    promise((_settings, { decider, armed }) => {
      expect(armed?.generation).toBe(decider.timer?.generation);
    });
  });

  test('without pause and backlog, ticks come at a fixed rate whatever the coordinator is busy with', () => {
    promise((settings, _run, events) => {
      const plain = { ...settings, minPauseMicros: 0 };
      const { ticks } = drive(
        plain,
        events.filter(({ kind }) => kind !== 'backlog'),
      );
      const gaps = ticks.slice(1).map((tickMicros, n) => tickMicros - ticks[n]!);
      expect(new Set(gaps.filter((gap) => gap !== plain.intervalMicros))).toEqual(new Set());
    });
  });
});
