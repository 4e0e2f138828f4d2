// When a container comes back, where, and when it never does: W-restart0, the retry count and its window, the wait before
// the last retry, and a request for a preferred host that expires. A death is told 0.5 s later, requests leave on whole
// seconds, and 1.2 s after its allocation a container reads its checkpoint.
import { describe, expect, test } from 'vitest';
import type { FaultPlan } from '../../../models/plan.ts';
import { type Seen, broken, law, watch } from './watch.ts';
import {
  SAME_HOST,
  STATELESS,
  type SamzaKeys,
  type WindowChanges,
  at,
  crash,
  hostLoss,
  inStart,
  windowPlan,
} from './window-plan.ts';

function run(samza: SamzaKeys, changes: WindowChanges): Seen {
  return watch(windowPlan({ samza: { ...STATELESS, ...samza }, ...changes }));
}

const TWO_CONTAINERS: WindowChanges = { job: { containers: 2 }, inputs: [{ partitions: 2 }], load: { perSecond: 200 } };

describe('W-restart0: a container that leaves with exit status 0 after a fault', () => {
  test('is never restarted: its partition stands still while the job goes on', () => {
    const seen = run({}, { ...TWO_CONTAINERS, faults: [crash(at(20.005), 0)] });
    expect(law(seen.outcome, 'L1').first!.facts).toMatchObject({ container: 0, window: 'W-restart0' });
    expect(broken(seen.outcome)).toEqual(['L1']);
    expect(seen.running.map(({ processor }) => processor)).toEqual([0, 1]);
    expect(seen.outcome.job_failed).toBe(false);
    // Everything that arrived at partition 0 from then on is pending; partition 1 has at most a record in flight.
    const [stuck] = seen.job.inputs;
    const waiting = stuck!.head - (seen.deaths[0]!.last[0]! + 1);
    expect(waiting).toBeGreaterThan(3500);
    expect(seen.outcome.records.pending - waiting).toBeLessThanOrEqual(1);
    expect(seen.outcome.recoveries[0]).toMatchObject({ cause: 'process crash', finished: false, catchup_us: -1 });
  });

  test.each([1, 137, -100])('with status %i it is', (exitCode) => {
    const seen = run({}, { ...TWO_CONTAINERS, faults: [crash(at(20.005), exitCode)] });
    expect(seen.running.map(({ processor }) => processor)).toEqual([0, 1, 0]);
    expect(seen.outcome.records.pending).toBeLessThanOrEqual(2);
    expect(broken(seen.outcome)).toEqual([]);
  });
});

describe('L1: more failures than cluster-manager.container.retry.count', () => {
  const crashes = (exitCode: number = 137): readonly FaultPlan[] => [
    crash(at(20.005), exitCode),
    crash(inStart(1, 'running', 1), exitCode),
    crash(inStart(2, 'running', 1), exitCode),
  ];
  const count = (retries: number, more: SamzaKeys = {}, exitCode: number = 137): Seen =>
    run(
      { 'cluster-manager.container.retry.count': retries, ...more },
      { ...TWO_CONTAINERS, faults: crashes(exitCode) },
    );

  test('the third failure of a container that may fail twice fails the job', () => {
    const seen = count(2);
    expect(law(seen.outcome, 'L1').first!.facts).toMatchObject({
      container: 0,
      failures: 3,
      why: 'retry count exceeded',
      job: 'failed',
    });
    expect(seen.outcome.job_failed).toBe(true);
    // Both containers are gone: the other one was stopped with the job.
    expect(seen.job.cluster.live.size).toBe(0);
    expect(broken(seen.outcome)).toEqual(['L1']);
  });

  test('or, with fail.job.after.retries off, leaves the job running without that container', () => {
    const seen = count(2, { 'cluster-manager.container.fail.job.after.retries': false });
    expect(law(seen.outcome, 'L1').first!.facts).toMatchObject({ job: 'goes on without this container' });
    expect(seen.outcome.job_failed).toBe(false);
    expect([...seen.job.cluster.live].map(({ processor }) => processor)).toEqual([1]);
  });

  test.each([
    ['three may fail', () => count(3)],
    ['the count is unlimited', () => count(-1)],
    [
      'YARN says that it took the containers away (-100): none counts, not even against a count of 0',
      () => count(0, {}, -100),
    ],
  ])('it goes on when %s', (_title, seenOf) => {
    const seen = seenOf();
    expect(seen.running.filter(({ processor }) => processor === 0)).toHaveLength(4);
    expect(seen.outcome.job_failed).toBe(false);
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('a count of 0 fails the job at the first failure', () => {
    expect(count(0).outcome.recoveries).toHaveLength(2);
    expect(count(0).outcome.job_failed).toBe(true);
  });

  test('a failure a whole window after the last one starts the count anew; one microsecond earlier it does not', () => {
    const apart = (seconds: number): Seen =>
      run(
        { 'cluster-manager.container.retry.count': 1, 'cluster-manager.container.retry.window.ms': 20_000 },
        { faults: [crash(at(20)), crash(at(20 + seconds))] },
      );
    expect(apart(19.999999).outcome.job_failed).toBe(true);
    expect(apart(20).outcome.job_failed).toBe(false);
    expect(broken(apart(20).outcome)).toEqual([]);
  });
});

describe('a preferred host', () => {
  const restart = (seen: Seen): number => seen.outcome.recoveries[0]!.restart_us;

  test('is where a container with host affinity comes back', () => {
    const seen = run(SAME_HOST, { faults: [crash(at(20.005))] });
    expect(seen.outcome.recoveries[0]).toMatchObject({ from_host: 0, to_host: 0 });
    expect(restart(seen)).toBe(21_000_000 + 1_200_000 - 20_505_000);
  });

  test.each([5, 2])(
    'that is down is waited for until the request expires after %i s, then any host will do',
    (seconds) => {
      // The host dies in the 0.5 s between the container's end and the master's knowledge of it.
      const late = [crash(at(20.005)), { ...hostLoss(at(20.2)), host: 0 } as FaultPlan];
      const seen = run(
        { ...SAME_HOST, 'cluster-manager.container.request.timeout.ms': seconds * 1000 },
        { cluster: { nodeExpiryMicros: 20_000_000 }, faults: late },
      );
      expect(seen.outcome.recoveries[0]).toMatchObject({ from_host: 0, to_host: 1 });
      expect(restart(seen)).toBe(
        21_000_000 + seconds * 1_000_000 + 1_200_000 - seen.deaths[0]!.at - seen.outcome.recoveries[0]!.detect_us,
      );
    },
  );

  test('is asked for a last time only after 361 s', () => {
    const last = (samza: SamzaKeys): Seen =>
      run(
        { 'cluster-manager.container.retry.count': 1, ...samza },
        { horizonSeconds: 400, load: { perSecond: 10 }, faults: [crash(at(20.005))] },
      );
    expect(restart(last(SAME_HOST))).toBe(21_000_000 + 361_000_000 + 1_200_000 - 20_505_000);
    expect(restart(last({}))).toBe(21_000_000 + 1_200_000 - 20_505_000);
    expect(restart(last({ ...SAME_HOST, 'cluster-manager.container.retry.count': 2 }))).toBe(
      21_000_000 + 1_200_000 - 20_505_000,
    );
  });
});
