// Samza's own .properties files: how they are read, what runs from them alone, and what a wrong one is told.
import { describe, expect, it } from 'vitest';
import { inputError } from '../../scenarios/index.ts';
import { readProperties } from '../../scenarios/properties.ts';
import { load, planOf, textOf } from './files.ts';

const CHECKPOINTS = 'task.checkpoint.factory=org.apache.samza.checkpoint.kafka.KafkaCheckpointManagerFactory\n';
const STORE = 'stores.s.factory=org.apache.samza.storage.kv.RocksDbKeyValueStorageEngineFactory\n';

function read(text: string): unknown {
  return readProperties('job.properties', text).map((entry) =>
    'key' in entry ? [entry.key, entry.value, entry.line] : entry,
  );
}

describe('a .properties file', () => {
  it.each([
    [
      'with equals signs',
      'a=1\nb = 2\n',
      [
        ['a', '1', 1],
        ['b', '2', 2],
      ],
    ],
    [
      'with colons and spaces',
      'a:1\nb 2\nc\t:\t3\n',
      [
        ['a', '1', 1],
        ['b', '2', 2],
        ['c', '3', 3],
      ],
    ],
    ['with comments and blank lines', '# x\n\n  ! y\na=1\n', [['a', '1', 4]]],
    [
      'with lines continued',
      'a=1,\\\n    2\nb=3\n',
      [
        ['a', '1,2', 1],
        ['b', '3', 3],
      ],
    ],
    ['with a backslash before the last break', 'a=1\\', [['a', '1', 1]]],
    [
      'with two backslashes',
      'a=c:\\\\\nb=2\n',
      [
        ['a', 'c:\\', 1],
        ['b', '2', 2],
      ],
    ],
    [
      'with Windows line ends',
      'a=1\r\nb=2\\\r\n  3\r\nc=4',
      [
        ['a', '1', 1],
        ['b', '23', 2],
        ['c', '4', 4],
      ],
    ],
    ['with escapes', 'a\\ b=\\u00e9\\t\\:\n', [['a b', 'é\t:', 1]]],
    [
      'with a key alone',
      'a\nb=\n',
      [
        ['a', '', 1],
        ['b', '', 2],
      ],
    ],
    ['with equals signs in values', 'a=b=c\n', [['a', 'b=c', 1]]],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('with half an escape is an error at its place', () => {
    const excerpt = { line: 2, text: 'b=x\\u12', column: 4, length: 4 };
    const message = 'this \\u escape is not complete';
    const remedy = 'write \\u and four hexadecimal digits, or two backslashes for a backslash';
    const error = inputError({ source: 'job.properties', line: 2, column: 4, message, remedy, excerpt });
    expect(read('a=1\nb=x\\u12\n')).toEqual([error]);
  });
});

describe('a job run from a .properties file alone', () => {
  const text = `job.name=wikipedia-stats
task.inputs=kafka.edits,kafka.views
job.container.count=2
${CHECKPOINTS}${STORE}stores.s.changelog=kafka.s-\\
    changelog
job.host-affinity.enabled=true
streams.edits.samza.offset.default=oldest
task.window.ms=1000
company.team=streams
task.comit.ms=3
`;
  const result = load({ 'conf/job.properties': text }, 'conf/job.properties');
  const plan = planOf(result);

  it('has the inputs, containers and stores of the file', () => {
    expect(plan.name).toBe('wikipedia-stats');
    expect(plan.job.inputs.map((input) => [input.stream, input.offsetDefault])).toEqual([
      ['edits', 'oldest'],
      ['views', 'upcoming'],
    ]);
    expect(plan.job.containers).toBe(2);
    expect(plan.job.samza.stores.map((store) => [store.name, store.changelog])).toEqual([['s', true]]);
    expect(plan.job.samza.hostAffinity).toBe(true);
    expect(plan.job.logic).toBe('count');
  });

  it('names the keys it ignores, with a guess', () => {
    const notes = result.kind === 'loaded' ? result.notes : [];
    expect(notes).toContain('known to Samza, without effect in the simulator: task.window.ms');
    expect(notes).toContain('conf/job.properties:11: company.team is not a key of Samza and is ignored');
    expect(notes).toContain(
      'conf/job.properties:12: task.comit.ms is not a key of Samza and is ignored; did you mean task.commit.ms?',
    );
    expect(notes.some((note) => note.includes('how many partitions'))).toBe(true);
  });

  it('can be changed by options', () => {
    const sets = ['job.inputs=[{stream: edits, partitions: 9}]', 'job.samza.task.commit.ms=1000', 'load.rate_per_s=7'];
    const changed = planOf(load({ 'job.properties': text }, 'job.properties', sets));
    expect(changed.job.inputs.map((input) => input.partitions)).toEqual([9]);
    expect(changed.job.samza.commitMicros).toBe(1_000_000);
    expect(changed.load).toMatchObject({ kind: 'rate', perSecond: 7 });
  });

  it('may be Latin-1, as old Java files are', () => {
    const bytes = new Uint8Array([
      ...new TextEncoder().encode('# caf'),
      0xe9,
      10,
      ...new TextEncoder().encode('job.name=a'),
    ]);
    expect(planOf(load({ 'job.properties': bytes }, 'job.properties')).name).toBe('a');
  });

  it('is found beside the scenario that names it, whose own keys win', () => {
    const files = {
      'dir/conf/job.properties': `${CHECKPOINTS}${STORE}task.commit.ms=1000\ntask.max.concurrency=4\n`,
      'dir/run.yaml': 'job:\n  properties: conf/job.properties\n  samza: { task.commit.ms: 2000 }\n',
    };
    const { samza } = planOf(load(files, 'dir/run.yaml')).job;
    expect([samza.commitMicros, samza.maxConcurrency]).toEqual([2_000_000, 4]);
  });
});

describe('a wrong .properties file is told', () => {
  it.each([
    [
      'a wrong number',
      'job.name=a\n  task.commit.ms = 60s\n',
      ':2:3 task.commit.ms: must be a whole number (ms), found "60s"',
    ],
    ['a wrong word', 'task.async.commit=yes\n', ':1:1 task.async.commit: must be true or false, found "yes"'],
    [
      'a wrong number after a continued line',
      'a=1\\\n  2\ntask.commit.ms=x\n',
      ':3:1 task.commit.ms: must be a whole number',
    ],
    [
      'a key with two values',
      'task.commit.ms=5\r\ntask.commit.ms=6\r\n',
      ':2:1 task.commit.ms: is given twice: "5" on line 1',
    ],
    [
      'a cache below its batch',
      `${STORE}stores.s.object.cache.size=5\n`,
      ':2:1 stores.s.object.cache.size: is 5, smaller than',
    ],
    ['half an escape', 'a=\\u00\n', ':1:3: this \\u escape is not complete'],
    ['NUL bytes', new Uint8Array([97, 0, 98]), ': is a binary file'],
    ['two megabytes', `#${' '.repeat(2_000_000)}`, ': is too large: 2000001 bytes, a properties file may have 1048576'],
  ])('%s', (_, text, expected) => {
    expect(textOf(load({ 'job.properties': text }, 'job.properties'))).toContain(`job.properties${expected}`);
  });

  it.each([
    ['is missing', { code: 'ENOENT', message: 'x' }, 'no such file'],
    ['is a directory', { code: 'EISDIR', message: 'x' }, 'is a directory, not a properties file'],
    ['may not be read', { code: 'EACCES', message: 'x' }, 'may not be read'],
    ['fails in its own way', { message: 'the disk is on fire' }, 'cannot be read: the disk is on fire'],
  ])('that it %s, where the scenario names it', (_, content, expected) => {
    const files = { 'run.yaml': 'job:\n  properties: job.properties\n', 'job.properties': content };
    const said = textOf(load(files, 'run.yaml'));
    expect(said).toContain(`run.yaml:2:15 job.properties: properties file job.properties: ${expected}`);
  });

  it('also when the file itself is run', () => {
    expect(textOf(load({}, 'job.properties'))).toContain('job.properties: no such file');
  });
});
