// From a scenario file to a plan: defaults, units, and what is carried over unchanged.
import { describe, expect, it } from 'vitest';
import { clusterDefaults, costDefaults } from '../../scenarios/defaults.ts';
import { goodJob, load, loadText, planOf } from './files.ts';

describe('an empty scenario', () => {
  const result = loadText('{}\n');
  const plan = planOf(result);

  it('is a stateless job on the default cluster for an hour', () => {
    expect(plan).toMatchObject({
      name: 'bad',
      title: 'bad',
      teaches: '',
      expect: { kind: 'holds' },
      seed: '1',
      replication: 0,
      horizonMicros: 3_600_000_000,
      protocol: 'samza',
      ties: 'fifo',
      faults: [],
      faultTrace: null,
    });
    expect(plan.job).toMatchObject({
      logic: 'stateless',
      containers: 1,
      keys: 1000,
      taskKind: 'sync',
      batchRecords: 1,
    });
  });

  it('costs what the documented defaults say, in µs and bytes', () => {
    expect(plan.costs).toEqual({
      processMicros: 500,
      processDistribution: 'constant',
      kafkaLatencyMicros: 2000,
      kafkaJitterMicros: 1000,
      brokerRequestMicros: 2000,
      recordBytes: 200,
      changelogEntryBytes: 120,
      storeFlushMicros: 20_000,
      storeCheckpointMicros: 15_000,
      localDiskBytesPerSecond: 200_000_000,
      memtableEntries: 100_000,
      commitStepMicros: 100,
      writeFilesMicros: 2000,
      checkpointReadMicros: 200_000,
      checkpointReadPerRecordMicros: 2,
      restoreBytesPerSecond: 50_000_000,
      blobLatencyMicros: 50_000,
      blobBytesPerSecond: 100_000_000,
      blobTtlMicros: 30 * 86_400_000_000,
      segmentBytes: 536_870_912,
      segmentMicros: 7 * 86_400_000_000,
    });
    expect(plan.cluster).toEqual({
      hosts: 4,
      slotsPerHost: 4,
      nodeExpiryMicros: 600_000_000,
      exitReportMicros: 1_000_000,
      containerStartMicros: 10_000_000,
      amRestartMicros: 30_000_000,
      placement: 'least-loaded',
      clockSkewMicros: [],
    });
  });

  it('starts its inputs at their end, as Samza does', () => {
    expect(plan.job.inputs[0]?.offsetDefault).toBe('upcoming');
  });

  it('says that nothing is checkpointed without a checkpoint factory', () => {
    expect(result.kind === 'loaded' && result.notes).toEqual([
      'task.checkpoint.factory is not set: as in Samza, nothing is checkpointed',
    ]);
  });
});

describe('a scenario', () => {
  it('that writes out every default is the same plan', () => {
    const spelled = `expect: { verdict: holds }
seed: 1
replication: 0
horizon_s: 3600
protocol: samza
ties: fifo
job: { keys: 1000, key_skew: 0, task_kind: sync, batch_records: 1, batch_layer: null, manual_commit: null, samza: {} }
cluster: ${JSON.stringify({ ...clusterDefaults, clock_skew_ms: [] })}
costs: ${JSON.stringify(costDefaults)}
load: { kind: rate, rate_per_s: 20, arrivals: poisson, burst_on_s: 60, burst_off_s: 60, records: null, stops_at_s: null }
faults: { plan: [] }
`;
    expect(planOf(loadText(spelled))).toEqual(planOf(loadText('{}\n')));
  });

  it('read as JSON is the same plan', () => {
    const yaml = planOf(loadText('horizon_s: 10\njob: { keys: 5 }\n'));
    expect(planOf(loadText('{"$schema": "x.json", "horizon_s": 10, "job": {"keys": 5}}'))).toEqual(yaml);
  });

  it('is plain JSON data: a plan written and read again is equal', () => {
    const plan = planOf(
      loadText(`${goodJob}faults: { plan: [{ kind: host-crash, at_s: 1, host_of_container: 1 }] }\n`),
    );
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it('may use anchors', () => {
    const text = 'job:\n  inputs:\n    - &a { stream: a, partitions: 3 }\nfaults: { plan: &none [] }\n';
    expect(planOf(loadText(text)).job.inputs[0]?.partitions).toBe(3);
  });

  it('takes fractions of a unit: durations become whole µs, means per record stay as they are', () => {
    const plan = planOf(loadText('horizon_s: 0.5\ncosts: { kafka_latency_ms: 0.1234567, process_us: 2.6 }\n'));
    expect(plan.horizonMicros).toBe(500_000);
    expect([plan.costs.kafkaLatencyMicros, plan.costs.processMicros]).toEqual([123, 2.6]);
  });

  it('counts in a store when it has one and says nothing else', () => {
    expect(planOf(loadText(goodJob)).job.logic).toBe('count');
  });

  it('takes offset defaults, resets and deletions from Samza’s keys', () => {
    const text = `job:
  inputs: [{ stream: a, partitions: 1 }, { stream: b, partitions: 2, system: other }]
  samza:
    systems.kafka.default.stream.samza.offset.default: oldest
    streams.b.samza.reset.offset: true
    streams.b.samza.delete.committed.messages: true
`;
    expect(planOf(loadText(text)).job.inputs).toMatchObject([
      { offsetDefault: 'oldest', resetOffset: false, deleteCommitted: false },
      { offsetDefault: 'upcoming', resetOffset: true, deleteCommitted: true },
    ]);
  });

  it('takes lists and numbers for Samza’s values', () => {
    const { samza } = planOf(
      loadText('job: { samza: { task.checkpoint.read.versions: [2, 1], task.commit.ms: 5 } }\n'),
    ).job;
    expect([samza.readVersions, samza.commitMicros]).toEqual([[2, 1], 5000]);
  });

  it('can trigger commits by hand', () => {
    const text = 'job: { manual_commit: { every_records: 100, scope: container } }\n';
    expect(planOf(loadText(text)).job.samza).toMatchObject({ manualCommitEvery: 100, manualCommitScope: 'container' });
  });

  it('is named by its file unless it says otherwise', () => {
    expect(planOf(load({ 'a/b.c.yaml': '{}\n' }, 'a/b.c.yaml')).name).toBe('b.c');
    expect(planOf(loadText('name: other\n')).name).toBe('other');
  });
});

describe('faults', () => {
  it('keep their kind and get their times in µs', () => {
    const text = `${goodJob}faults:
  plan:
    - { kind: container-crash, at_s: 1.5, container: 1 }
    - { kind: host-crash, at_s: 2, host: 3, down_s: 10, disk_lost: true }
    - { kind: job-restart, at_s: 3, samza: { task.commit.ms: 7 } }
    - { kind: am-crash, at_start: { moment: seal, container: 1, start: 2, delay_ms: 4 } }
    - { kind: partition, at_step: { step: append-v2, when: before, task: 3, commit: 5 }, host_of_container: 1, cut: kafka, for_s: 6 }
    - { kind: pause, at_s: 4, container: 0, for_s: 1 }
    - { kind: broker-stall, at_s: 5, log: changelog, partition: 2, for_s: 1 }
    - { kind: leader-loss, at_s: 6, log: output, unreplicated_records: 9 }
    - { kind: send-failure, at_s: 7, log: output, partition: 0, batches: 2 }
    - { kind: topic-recreated, at_s: 8, log: checkpoint }
    - { kind: blob-outage, at_s: 9, for_s: 1 }
    - { kind: blob-slow, at_s: 10, factor: 3, for_s: 1 }
`;
    const { faults, job } = planOf(loadText(text));
    const at = (seconds: number): object => ({ on: 'time', atMicros: seconds * 1_000_000 });
    expect(faults).toEqual([
      { kind: 'container-crash', trigger: at(1.5), container: 1, exitCode: 137 },
      { kind: 'host-crash', trigger: at(2), host: 3, downMicros: 10_000_000, diskLost: true },
      { kind: 'job-restart', trigger: at(3), downMicros: 60_000_000, samza: { ...job.samza, commitMicros: 7000 } },
      { kind: 'am-crash', trigger: { on: 'start', moment: 'seal', container: 1, start: 2, delayMicros: 4000 } },
      {
        kind: 'partition',
        trigger: { on: 'step', step: 'append-v2', when: 'before', task: 3, commit: 5 },
        host: { ofContainer: 1 },
        cut: 'kafka',
        forMicros: 6_000_000,
      },
      { kind: 'pause', trigger: at(4), container: 0, forMicros: 1_000_000 },
      { kind: 'broker-stall', trigger: at(5), log: { log: 'changelog', partition: 2 }, forMicros: 1_000_000 },
      { kind: 'leader-loss', trigger: at(6), log: { log: 'output', partition: null }, unreplicatedRecords: 9 },
      { kind: 'send-failure', trigger: at(7), log: { log: 'output', partition: 0 }, batches: 2 },
      { kind: 'topic-recreated', trigger: at(8), log: { log: 'checkpoint', partition: null } },
      { kind: 'blob-outage', trigger: at(9), forMicros: 1_000_000 },
      { kind: 'blob-slow', trigger: at(10), factor: 3, forMicros: 1_000_000 },
    ]);
  });

  it('that cannot do anything are noted', () => {
    const result = loadText(`${goodJob}horizon_s: 10\nfaults: { plan: [{ kind: blob-outage, at_s: 50, for_s: 1 }] }\n`);
    const notes = result.kind === 'loaded' ? result.notes.join('\n') : '';
    expect(notes).toContain('faults.plan.0 (blob-outage) strikes at 50 s, after the horizon of 10 s');
    expect(notes).toContain('has nothing to disturb: no store is backed up to a blob store');
  });
});
