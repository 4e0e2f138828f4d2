// The laws of the simulator against the windows: each is broken where its window is open, by a run that is then read off
// as violated, and none is broken in the same job without faults.
import { describe, expect, test } from 'vitest';
import { SAMZA_LAWS } from '../../../models/laws/law-book.ts';
import { simulate } from '../../../models/simulate.ts';
import { broken, law } from './watch.ts';
import {
  BLOB,
  CACHED,
  NON_TX,
  SAME_HOST,
  type WindowChanges,
  after,
  at,
  crash,
  cutOff,
  hostLoss,
  leaderLoss,
  windowPlan,
} from './window-plan.ts';

describe('a law is broken by its window', () => {
  const windows: readonly (readonly [id: string, window: string, changes: WindowChanges])[] = [
    ['O1', 'W-first', { inputs: [{ offsetDefault: 'upcoming' }], faults: [crash(at(8.305))] }],
    [
      'O3',
      'W-cache',
      {
        samza: { ...CACHED, 'systems.kafka.producer.linger.ms': 36 },
        faults: [hostLoss(after('complete', 3))],
      },
    ],
    [
      'O4',
      'W-async',
      {
        samza: { ...SAME_HOST, 'task.async.commit': true, 'job.container.thread.pool.size': 2 },
        job: { keys: 50_000 },
        costs: { storeCheckpointMicros: 100_000 },
        faults: [crash(after('complete', 3))],
      },
    ],
    [
      'O5',
      'L2',
      {
        samza: {
          ...BLOB,
          'task.commit.max.delay.ms': 5000,
          'task.commit.timeout.ms': 8000,
          'task.commit.skip.commit.during.failures.enabled': true,
        },
        faults: [{ kind: 'blob-slow', trigger: at(11), factor: 1200, forMicros: 2_000_000 }],
      },
    ],
    ['O6', 'W-acks1', { faults: [leaderLoss(after('complete', 3), 'checkpoint', 2), crash(after('complete', 3))] }],
    [
      'O7',
      'W-ttl',
      {
        samza: BLOB,
        cluster: { hosts: 1 },
        costs: { blobTtlMicros: 10_000_000 },
        faults: [hostLoss(after('append-v2', 3), 15)],
      },
    ],
    [
      'O8',
      'no heartbeat monitor',
      {
        samza: { 'job.container.heartbeat.monitor.enabled': false },
        horizonSeconds: 288,
        load: { perSecond: 1 },
        faults: [cutOff(at(10), 'node-manager', 1000)],
      },
    ],
    ['E2', 'W-acks1', { faults: [leaderLoss(after('complete', 3), 'output', 10)] }],
    [
      'S1',
      'W-cache2',
      {
        samza: { ...CACHED, ...NON_TX, 'systems.kafka.producer.linger.ms': 60_000 },
        faults: [hostLoss(after('complete', 3))],
      },
    ],
    ['L1', 'W-restart0', { faults: [crash(at(20.005), 0)] }],
  ];

  test.each(windows)('%s by %s', (id, _window, changes) => {
    const seen = simulate(windowPlan(changes));
    expect(broken(seen)).toContain(id);
    expect(seen.verdict.kind).toBe('violated');
    expect(broken(seen)).toContain(seen.verdict.law);
    const quiet = simulate(windowPlan({ ...changes, faults: [] }));
    expect(broken(quiet)).toEqual([]);
    expect(quiet.verdict.kind).toBe('holds');
  });

  test('all of them but O2, which no window breaks', () => {
    const shown = new Set(windows.map(([id]) => id));
    expect(SAMZA_LAWS.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual(['O2']);
  });
});

describe('O2, that repeated work is the work between restart position and progress', () => {
  const crashes: WindowChanges = { faults: [crash(at(18.005)), crash(at(38.005))] };

  test('holds over two crashes', () => {
    const outcome = simulate(windowPlan(crashes));
    expect(outcome.records.duplicated).toBeGreaterThan(1000);
    expect(law(outcome, 'O2')).toMatchObject({ checked: 1, violations: 0 });
  });

  test('is broken by a single processing too many', () => {
    const outcome = simulate(windowPlan(crashes), {
      onJob: (job) => {
        job.probe = {
          onDeath: ({ incarnation }) => {
            if (incarnation === 0) job.ledgers[0]!.processed(0, 1);
          },
        };
      },
    });
    expect(broken(outcome)).toEqual(['O2']);
    expect(law(outcome, 'O2').first!.facts).toEqual({
      duplicates: outcome.records.duplicated,
      replays: outcome.records.duplicated - 1,
    });
  });
});
