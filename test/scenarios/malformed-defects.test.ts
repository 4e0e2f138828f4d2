// Mistakes in scenarios of dataflows: each is told at its place, with what to write instead.
import { describe, expect, it } from 'vitest';
import { loadDefect, renderInputErrors } from '../../scenarios/index.ts';

const good = {
  kind: 'dataflow',
  title: 'A title',
  story: 'A story.',
  protocol: 'flink-aligned',
  topology: '{ shape: chain }',
  environment: '{ unknown_stores: 1 }',
  defect: 'deleteUnknown',
  expect: '{ law: D2 }',
};

function text(changes: Readonly<Record<string, string | undefined>> = {}): string {
  return Object.entries({ ...good, ...changes })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}

function messageOf(yaml: string): string {
  const loaded = loadDefect({ path: 'bad.yaml', text: yaml });
  return loaded.kind === 'errors' ? renderInputErrors(loaded.errors) : 'no mistake';
}

const job = (tasks: string, channels: string): string => `{ shape: own, tasks: [${tasks}], channels: [${channels}] }`;
const three = '{ name: a, role: source }, { name: b, role: operator }, { name: c, role: sink }';

describe('a scenario of a dataflow', () => {
  it('loads when nothing is wrong', () => {
    expect(messageOf(text())).toBe('no mistake');
    expect(messageOf(text({ topology: job(three, '{ from: a, to: b }, { from: b, to: c }') }))).toBe('no mistake');
  });

  it.each<[string, Readonly<Record<string, string | undefined>>, readonly string[]]>([
    ['a defect there is none of', { defect: 'deleteUnknow' }, ['bad.yaml:7:9 defect', 'did you mean', 'remedy']],
    [
      'the wrong protocol',
      { protocol: 'flink-unaligned' },
      ['bad.yaml:4:11 protocol', 'breaks flink-aligned', 'remedy'],
    ],
    [
      'a law that is not asked',
      { expect: '{ law: Z9 }' },
      ['bad.yaml:8:16 expect.law', 'does not promise Z9', 'one of C1'],
    ],
    ['a law that is none', { expect: '{ law: loss }' }, ['must be the id of a law']],
    ['no title', { title: undefined }, ['title: is missing', 'remedy: one line']],
    ['no defect', { defect: undefined }, ['defect: is missing', 'tidemark mutants --list']],
    ['an unknown key', { environment: '{ timeout: 1 }' }, ['unknown key', 'did you mean "timeouts"?']],
    ['a key of another shape', { topology: '{ shape: chain, tasks: [] }' }, ['does not belong here', 'shape: own']],
    ['an unknown shape', { topology: '{ shape: chian }' }, ['must be one of chain, join', 'did you mean "chain"?']],
    ['a budget too large to search', { environment: '{ crashes: 50 }' }, ['at most 9', 'tasks that may crash']],
    ['an issue that is no key', { issues: '[18238]' }, ['issues.0']],
    ['another kind', { kind: 'job' }, ['kind: must be one of dataflow, coordinator']],
    [
      'sinks that cannot follow',
      {
        protocol: 'flink-unaligned',
        defect: 'mailboxSnapshot',
        topology: '{ shape: keyed, sinks: each }',
        expect: '{ law: C2 }',
      },
      ['topology.sinks: must be one'],
    ],
    ['a cycle', { topology: '{ shape: ring }' }, ['must have no cycle']],
  ])('says what is wrong with %s', (_what, changes, messages) => {
    for (const message of messages) expect(messageOf(text(changes))).toContain(message);
  });

  it.each<[string, string, string]>([
    [
      'a channel from nowhere',
      job(three, '{ from: x, to: b }, { from: a, to: b }, { from: b, to: c }'),
      'no task is called "x"',
    ],
    [
      'a source with an input',
      job(three, '{ from: a, to: b }, { from: b, to: c }, { from: b, to: a }'),
      'is a source and has an input',
    ],
    [
      'a sink with an output',
      job(three, '{ from: a, to: b }, { from: b, to: c }, { from: c, to: b }'),
      'is a sink and has an output',
    ],
    [
      'an operator nothing leads to',
      job(three, '{ from: a, to: c }, { from: b, to: c }'),
      'is an operator and nothing leads to it',
    ],
    [
      'an operator that leads nowhere',
      job(three, '{ from: a, to: b }, { from: a, to: c }'),
      'is an operator and leads nowhere',
    ],
    [
      'one name twice',
      job(`${three}, { name: b, role: operator }`, '{ from: a, to: b }, { from: b, to: c }'),
      '"b" is the name of another task',
    ],
    [
      'a name that cannot stand in an action id',
      job('{ name: "a>b", role: source }, { name: c, role: sink }', '{ from: c, to: c }'),
      'must be letters and digits',
    ],
  ])('says what is wrong with a job that has %s', (_what, topology, message) => {
    expect(messageOf(text({ topology }))).toContain(message);
    expect(messageOf(text({ topology }))).toMatch(/^bad\.yaml:5:\d+ topology\./);
  });

  it('is told from a scenario of a job, and from no scenario at all', () => {
    expect(messageOf('job: {}\n')).toContain('`tidemark run` runs scenarios of jobs');
    expect(messageOf('')).toContain('is empty');
    expect(messageOf('kind: "')).toContain('is not valid YAML');
  });
});
