// The table of Samza's configuration keys: defaults, bounds, suggestions.
// Length: one case per kind of key.
import { describe, expect, it } from 'vitest';
import {
  findKey,
  nearestSamzaKey,
  parseSamzaConfig,
  samzaKeys,
  type SamzaEntry,
} from '../../models/samza/keys/index.ts';
import { nearest } from '../../models/nearest-word.ts';

const ROCKS = 'org.apache.samza.storage.kv.RocksDbKeyValueStorageEngineFactory';
const BLOB = 'org.apache.samza.storage.blobstore.BlobStoreStateBackendFactory';
const KAFKA = 'org.apache.samza.storage.KafkaChangelogStateBackendFactory';
const KAFKA_CHECKPOINTS = 'org.apache.samza.checkpoint.kafka.KafkaCheckpointManagerFactory';

/** Entries as a file of `key=value` lines would give them. */
function entries(...lines: string[]): SamzaEntry[] {
  return lines.map((line, i) => {
    const equals = line.indexOf('=');
    return { key: line.slice(0, equals), value: line.slice(equals + 1), line: i + 1 };
  });
}

describe('an empty configuration', () => {
  const { config, errors, warnings, unknown } = parseSamzaConfig([]);

  it('means the defaults of Samza 1.8', () => {
    expect(config).toEqual({
      stores: [],
      checkpoints: false,
      commitMicros: 60_000_000,
      commitMaxDelayMicros: 60_000_000,
      commitTimeoutMicros: 1_800_000_000,
      skipCommitDuringFailures: false,
      skipCommitExceptionMaxLimit: 5,
      skipCommitTimeoutMaxLimit: 2,
      asyncCommit: false,
      maxConcurrency: 1,
      threadPoolSize: 0,
      dropProducerErrors: false,
      writeVersions: [1, 2],
      readVersions: [1],
      liveCheckpointMaxAgeMicros: 600_000_000,
      transactionalStateRestore: true,
      retainExistingState: true,
      hostAffinity: false,
      standbyReplicationFactor: 1,
      containerRequestTimeoutMicros: 5_000_000,
      containerRetryCount: 8,
      containerRetryWindowMicros: 300_000_000,
      failJobAfterRetries: true,
      preferredHostLastRetryDelayMicros: 361_000_000,
      allocatorSleepMicros: 3_600_000,
      heartbeatMonitorEnabled: true,
      amHighAvailability: false,
      blobRetryDurationMicros: 900_000_000,
      blobRetryBackoffMicros: 100_000,
      blobRetryBackoffMaxMicros: 312_500_000,
      blobRetryBackoffFactor: 5,
      lingerMicros: 10_000,
      acks: 'leader',
      manualCommitEvery: 0,
      manualCommitScope: 'task',
    });
  });

  it('has nothing to complain about', () => {
    expect({ errors, warnings, unknown }).toEqual({ errors: [], warnings: [], unknown: [] });
  });
});

describe('a store', () => {
  it('takes the defaults of a RocksDB store with a changelog', () => {
    const { config } = parseSamzaConfig(entries(`stores.views.factory=${ROCKS}`, 'stores.views.changelog=kafka.views'));
    expect(config.stores).toEqual([
      {
        name: 'views',
        persistent: true,
        changelog: true,
        blob: false,
        writeBatchSize: 500,
        objectCacheSize: 1000,
        walEnabled: false,
        cleanOnContainerStart: false,
        minCompactionLagMicros: 14_400_000_000,
        deleteRetentionMicros: 86_400_000_000,
      },
    ]);
  });

  it('has an object cache of at least the write batch', () => {
    const { config } = parseSamzaConfig(entries(`stores.a.factory=${ROCKS}`, 'stores.a.write.batch.size=4000'));
    expect(config.stores[0]?.objectCacheSize).toBe(4000);
  });

  it('takes the compaction lag of stores.default unless it has its own', () => {
    const { config } = parseSamzaConfig(
      entries(
        `stores.a.factory=${ROCKS}`,
        `stores.b.factory=${ROCKS}`,
        'stores.default.changelog.min.compaction.lag.ms=1000',
        'stores.b.changelog.min.compaction.lag.ms=2000',
      ),
    );
    expect(config.stores.map((store) => store.minCompactionLagMicros)).toEqual([1_000_000, 2_000_000]);
  });

  it('exists only with a factory', () => {
    const { config, warnings } = parseSamzaConfig(entries('stores.a.changelog=kafka.a'));
    expect(config.stores).toEqual([]);
    expect(warnings[0]?.message).toContain('without stores.a.factory Samza does not create the store');
  });

  it.each([
    ['its own', [`backup.factories=${BLOB}`, `restore.factories=${BLOB}`], true, null],
    ['none to restore from', [`backup.factories=${BLOB}`], false, 'never restored: stores.a.restore.factories'],
    [
      'a changelog first',
      [`backup.factories=${KAFKA},${BLOB}`, `restore.factories=${KAFKA},${BLOB}`],
      false,
      'without its blob',
    ],
    [
      'a changelog second',
      [`backup.factories=${KAFKA},${BLOB}`, `restore.factories=${BLOB},${KAFKA}`],
      true,
      'without its changelog',
    ],
  ])('has one backend in the simulator; with %s as blob store that is said', (_, factories, blob, warning) => {
    const lines = [
      `stores.a.factory=${ROCKS}`,
      'task.checkpoint.read.versions=2',
      ...factories.map((line) => `stores.a.${line}`),
    ];
    const { config, warnings, errors } = parseSamzaConfig(entries(...lines));
    expect(errors).toEqual([]);
    expect(config.stores[0]?.blob).toBe(blob);
    expect(warnings.map((each) => each.message).join()).toContain(warning ?? '');
    expect(warnings).toHaveLength(warning === null ? 0 : 1);
  });

  it('with a blob backend needs version 2 checkpoints to be read', () => {
    const blob = entries(
      `stores.a.factory=${ROCKS}`,
      `stores.backup.factories=${BLOB}`,
      `stores.restore.factories=${BLOB}`,
    );
    expect(parseSamzaConfig(blob).warnings.map((warning) => warning.key)).toContain('task.checkpoint.read.versions');
    const both = [...blob, ...entries('task.checkpoint.read.versions=2,1')];
    expect(parseSamzaConfig(both).warnings).toEqual([]);
    expect(parseSamzaConfig(both).config.stores[0]?.blob).toBe(true);
  });
});

describe('wrong values are errors with line, key, sentence and remedy', () => {
  const cases: [title: string, lines: string[], line: number, message: string, remedy: string][] = [
    ['a unit', ['task.commit.ms=60s'], 1, 'must be a whole number (ms), found "60s"', 'default is 60000'],
    ['a fraction', ['task.commit.ms=1.5'], 1, 'must be a whole number', 'digits only'],
    ['an empty number', ['', 'task.commit.ms='].slice(1), 1, 'found ""', 'digits only'],
    ['too small', ['task.max.concurrency=0'], 1, 'must be at least 1, found 0', 'messages in flight'],
    ['too large', ['job.container.count=99999999999'], 1, 'must be at most 2147483647', 'active containers'],
    ['not a boolean', ['task.async.commit=yes'], 1, 'must be true or false, found "yes"', 'every other word as false'],
    ['an unknown word', ['systems.kafka.samza.offset.default=newest'], 1, 'one of upcoming, oldest', 'checkpoint'],
    ['an unknown version', ['task.checkpoint.write.versions=1,3'], 1, 'versions 1 and 2', 'write 1 or 2 or 1,2'],
    ['a version twice', ['task.checkpoint.read.versions=2,2'], 1, 'each at most once', '1,2'],
    ['no acknowledgement', ['systems.kafka.producer.acks=0'], 1, 'one of 1, all, -1', 'acknowledges'],
    ['a ratio', ['blob.store.retry.policy.jitter.factor=2'], 1, 'from 0 to 1', 'default is 0.1'],
    ['two values', ['task.commit.ms=1', 'job.id=7', 'task.commit.ms=2'], 3, '"1" on line 1 and "2" here', 'keep one'],
    [
      'a cache below its batch',
      [`stores.a.factory=${ROCKS}`, 'stores.a.object.cache.size=10'],
      2,
      'smaller than stores.a.write.batch.size (500)',
      'set stores.a.write.batch.size to 10',
    ],
    [
      'a restore factory that is no backup factory',
      [`stores.a.factory=${ROCKS}`, `stores.a.restore.factories=${BLOB}`],
      2,
      'not among the backup factories of store a',
      'stores.a.backup.factories',
    ],
  ];

  it.each(cases)('%s', (_, lines, line, message, remedy) => {
    const { errors } = parseSamzaConfig(entries(...lines));
    expect(errors).toHaveLength(1);
    expect(errors[0]?.line).toBe(line);
    expect(errors[0]?.message).toContain(message);
    expect(errors[0]?.remedy).toContain(remedy);
  });

  it('the same value twice is no error', () => {
    expect(parseSamzaConfig(entries('task.commit.ms=5', 'task.commit.ms=5')).errors).toEqual([]);
  });

  it('spaces around a value do not matter', () => {
    expect(parseSamzaConfig(entries('task.commit.ms=5  ')).config.commitMicros).toBe(5000);
  });
});

describe('keys that Tidemark does not model', () => {
  it('are listed when Samza knows them', () => {
    const { accepted, unknown } = parseSamzaConfig(entries('task.window.ms=1000', 'systems.kafka.consumer.x.y=1'));
    expect(accepted.map((entry) => entry.key)).toEqual(['task.window.ms', 'systems.kafka.consumer.x.y']);
    expect(unknown).toEqual([]);
  });

  it('are unknown otherwise, with the nearest known key', () => {
    const { unknown } = parseSamzaConfig(
      entries('task.comit.ms=1', 'my.own.key=1', 'stores.views.chagelog=x', 'job.container.counts=4'),
    );
    expect(unknown).toEqual([
      { line: 1, key: 'task.comit.ms', suggestion: 'task.commit.ms' },
      { line: 2, key: 'my.own.key', suggestion: null },
      { line: 3, key: 'stores.views.chagelog', suggestion: 'stores.views.changelog' },
      { line: 4, key: 'job.container.counts', suggestion: 'job.container.count' },
    ]);
  });
});

describe('the job around the configuration', () => {
  it('is read from task.inputs, job.container.count and the offset defaults', () => {
    const { job } = parseSamzaConfig(
      entries(
        'job.name=wikipedia',
        'job.container.count=3',
        'task.inputs=kafka.edits, kafka.raw.views',
        'systems.kafka.default.stream.samza.offset.default=oldest',
        'streams.raw.views.samza.offset.default=upcoming',
        'streams.edits.samza.reset.offset=true',
        'streams.edits.samza.delete.committed.messages=true',
      ),
    );
    expect(job).toEqual({
      name: 'wikipedia',
      containers: 3,
      defaultSystem: null,
      inputs: [
        { system: 'kafka', stream: 'edits' },
        { system: 'kafka', stream: 'raw.views' },
      ],
      streams: [
        { stream: 'raw.views', offsetDefault: 'upcoming', resetOffset: false, deleteCommitted: false },
        { stream: 'edits', offsetDefault: null, resetOffset: true, deleteCommitted: true },
      ],
      systems: [{ system: 'kafka', offsetDefault: 'oldest' }],
    });
  });

  it('has one producer: the default system decides', () => {
    const { config, warnings } = parseSamzaConfig(
      entries('systems.a.producer.linger.ms=1', 'systems.b.producer.linger.ms=2', 'job.default.system=b'),
    );
    expect(config.lingerMicros).toBe(2000);
    expect(warnings.map((warning) => warning.key)).toEqual(['systems.a.producer.linger.ms']);
  });

  it('keeps the raw transactional flag even when standby or async commit switch it off', () => {
    const { config } = parseSamzaConfig(entries('task.async.commit=true', 'job.standbytasks.replication.factor=2'));
    expect(config.transactionalStateRestore).toBe(true);
  });

  it('knows both names of host affinity', () => {
    expect(parseSamzaConfig(entries('yarn.samza.host-affinity.enabled=true')).config.hostAffinity).toBe(true);
    expect(parseSamzaConfig(entries('job.host-affinity.enabled=TRUE')).config.hostAffinity).toBe(true);
  });

  it('warns of a checkpoint manager that rejects version 2', () => {
    const file = 'org.apache.samza.checkpoint.file.FileSystemCheckpointManagerFactory';
    expect(parseSamzaConfig(entries(`task.checkpoint.factory=${file}`)).warnings[0]?.message).toContain('version 2');
    expect(parseSamzaConfig(entries(`task.checkpoint.factory=${KAFKA_CHECKPOINTS}`)).warnings).toEqual([]);
  });

  it('warns when no version that is written is ever read', () => {
    const { warnings } = parseSamzaConfig(entries('task.checkpoint.write.versions=2'));
    expect(warnings[0]?.message).toContain('no checkpoint is ever found at a restart');
  });
});

describe('the table of keys', () => {
  it('lists no pattern twice', () => {
    const patterns = samzaKeys.map((key) => key.pattern);
    expect(patterns).toEqual([...new Set(patterns)]);
  });

  it('finds every row by its own pattern', () => {
    for (const spec of samzaKeys) {
      const key = spec.pattern
        .split('.')
        .map((part) => (part === 'X' ? 'some-stream' : part === 'S' || part === 'R' ? 'some-system' : part))
        .join('.')
        .replace(/\*$/, 'some.thing');
      expect([key, findKey(key)?.spec.pattern]).toEqual([key, spec.pattern]);
    }
  });

  it('says of every modelled key which field it decides, and of no other', () => {
    const odd = samzaKeys.filter((spec) => (spec.field === null) !== (spec.effect === 'accepted'));
    expect(odd).toEqual([]);
  });

  it('has defaults that pass its own checks', () => {
    for (const spec of samzaKeys) {
      if (spec.default === null || spec.default.startsWith('max(') || /[XSR*]/.test(spec.pattern)) continue;
      const { errors } = parseSamzaConfig([{ key: spec.pattern, value: spec.default, line: 1 }]);
      expect(errors).toEqual([]);
    }
  });
});

describe('the nearest known word', () => {
  it('is the one with the fewest edits, swapped neighbours being one', () => {
    expect(nearest('loda', ['jobs', 'load', 'lode'])).toBe('load');
    expect(nearest('hots', ['hosts', 'slots'])).toBe('hosts');
  });

  it('is none when nothing is near', () => {
    expect(nearest('zebra', ['load', 'job'])).toBeNull();
    expect(nearestSamzaKey('completely.different.thing')).toBeNull();
  });
});
