// A recovery ends when the process it is about has caught up, and no other.
import { expect, test } from 'vitest';
import { simulate } from '../../models/index.ts';
import { RecoveryLog } from '../../models/ledgers/recovery-log.ts';
import { planOf, second } from './plan-builder.ts';

test('a process that finishes its last record while it stops does not end the recovery after it', () => {
  const log = new RecoveryLog();
  log.died(0, { cause: 'clean stop', at: 10, host: 0 });
  log.caughtUp(0, 11); // the stopping process, behind its own start until now
  log.detected(0, 10);
  log.restarted(0, 20, 1);
  log.restored(0, 30, 5, 'changelog');
  log.replayed(0, 7);
  log.caughtUp(0, 45);
  expect(log.close()).toMatchObject([
    { to_host: 1, restart_us: 10, restore_us: 10, catchup_us: 15, replayed_records: 7, finished: true },
  ]);
});

test('a job that is stopped at any moment of its catching up has a recovery with an end for each start', () => {
  // The first start finds a second of records, a hundred; one of these moments lies in the call that processes the last.
  for (let step = 0; step < 130; step++) {
    const plan = planOf({
      horizonMicros: 8 * second,
      load: { perSecond: 100, arrivals: 'even', stopsAtMicros: second },
      cluster: { containerStartMicros: second },
      costs: { processMicros: 5000, checkpointReadMicros: 0 },
      faults: [
        {
          kind: 'job-restart',
          trigger: { on: 'start', moment: 'running', container: 0, start: 0, delayMicros: step * 5000 + 2500 },
          downMicros: second,
          samza: null,
        },
      ],
    });
    const { recoveries, records } = simulate(plan);
    expect(recoveries.map((each) => each.finished)).toEqual([true]);
    expect(recoveries[0]!.replayed_records).toBe(records.duplicated);
    expect(recoveries[0]!.catchup_us).toBeGreaterThanOrEqual(0);
  }
});

test('a zombie that catches up does not end its successor’s recovery', () => {
  const plan = planOf({
    keys: { 'job.container.heartbeat.monitor.enabled': false },
    // Given up at 15.1 s, suspended while it works off what piled up in the first crash; it goes on at 18.6 s, after its
    // successor's start at 17.4 s, and is through at 23 s, four seconds before the successor.
    cluster: { nodeExpiryMicros: second / 2 },
    load: { perSecond: 150 },
    costs: { processMicros: 5000 },
    faults: [
      { kind: 'container-crash', trigger: { on: 'time', atMicros: 10 * second }, container: 0, exitCode: 1 },
      {
        kind: 'partition',
        trigger: { on: 'time', atMicros: 13.5 * second },
        host: { ofContainer: 0 },
        cut: 'node-manager',
        forMicros: 40 * second,
      },
      { kind: 'pause', trigger: { on: 'time', atMicros: 13.6 * second }, container: 0, forMicros: 5 * second },
    ],
  });
  const { recoveries } = simulate(plan);
  expect(recoveries.map((each) => each.finished)).toEqual([true, true]);
  expect(recoveries[1]!.catchup_us).toBeGreaterThan(8 * second);
});
