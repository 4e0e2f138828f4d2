// What a wrong scenario file is told: place, sentence, remedy. One row per mistake.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goodJob, loadText, textOf } from './files.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const fault = (text: string): string => `${goodJob}faults:\n  plan:\n    - ${text}\n`;

type Row = [title: string, text: string | Uint8Array, place: string, said?: string, andSaid?: string, andAlso?: string];

/** What a row promised to be said and is not, and what must never be said. */
function missingFrom(
  text: string | Uint8Array,
  place: string,
  fragments: readonly (string | undefined)[],
): readonly string[] {
  const said = textOf(loadText(text));
  const promised = [`bad.yaml${place}`, ...fragments].filter((fragment) => fragment !== undefined);
  const missing = promised
    .filter((fragment) => !said.includes(fragment))
    .map((fragment) => `${fragment} NOT IN ${said}`);
  const internal = /\bat .*\.(js|ts):\d+|Invalid input|undefined|\[object/.exec(said);
  return internal === null ? missing : [...missing, internal[0]];
}

describe('a file that is no YAML document', () => {
  const rows: Row[] = [
    ['an empty file', '', ': is empty', 'tidemark list'],
    ['only a comment', '# nothing yet\n', ': is empty'],
    ['NUL bytes', utf8('name: a\0b\n'), ': is a binary file', 'NUL bytes'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x61, 0, 0x62, 0]), ': is a binary file', 'save UTF-16 text as UTF-8'],
    ['invalid UTF-8', new Uint8Array([...utf8('name: a\ntitle: caf'), 0xe9, 10]), ':2:11', 'not UTF-8', 'as UTF-8'],
    ['a file of two megabytes', '#'.repeat(2_000_000), ': is too large: 2000000 bytes', 'a scenario may have 1048576'],
    ['a tab as indentation', 'load:\n\trate_per_s: 5\n', ':2:1', 'a tab is used as indentation', 'spaces'],
    ['a key given twice', 'horizon_s: 1\nload: {}\nhorizon_s: 2\n', ':3:1', 'given twice', '3 | horizon_s: 2'],
    ['an anchor that contains itself', 'job: &a\n  inputs: *a\n', ':2:11', 'an anchor contains itself'],
    ['a list that contains itself', '&a [*a]\n', ':1:5', 'an anchor contains itself'],
    ['an alias without an anchor', 'job: *nope\n', ':1:6', 'the alias *nope has no anchor', 'quote the text'],
    ['aliases that explode', bomb(), ': uses too many aliases', 'write the values out'],
    ['brackets 100,000 deep', `a: ${'['.repeat(100_000)}`, ':1:68', 'nested more than 64 deep', 'left open'],
    ['dashes 100,000 deep', '- '.repeat(100_000), ':1:129', 'nested more than 64 deep'],
    ['indentation 600 deep', deepMap(600), ':514:513', 'nested more than 64 deep'],
    ['two documents', 'name: a\n---\nname: b\n', ':2:1', 'a second document starts here'],
    ['a tag', 'horizon_s: !int 5\n', ':1:12', 'this tag is not known (Unresolved tag: !int)', 'without !tags'],
    ['a list as a key', '? [a]\n: 3\n', ':1:3', 'a key must be a plain word'],
    ['an open quote', 'title: "abc\nhorizon_s: 5\n', ':3:1', 'is not valid YAML: Missing closing "quote'],
    ['a colon too many', 'title: a: b\n', ':1:8', 'is not valid YAML: Nested mappings', 'check quotes, colons'],
    ['crooked indentation', 'job:\n    keys: 5\n  logic: count\n', ':3:1', 'the indentation is wrong'],
  ];
  it.each(rows)('%s', (_, text, place, ...fragments) => {
    expect(missingFrom(text, place, fragments)).toEqual([]);
  });
});

describe('a document that is no scenario', () => {
  const rows: Row[] = [
    ['a list', '- a\n- b\n', ':1:1', 'must be a section with keys, found a list'],
    ['a word', 'hello\n', ':1:1', 'must be a section with keys, found "hello" (text)'],
    ['an unknown key', 'horizon: 10\n', ':1:1 horizon', 'unknown key - did you mean "horizon_s"?'],
    ['a key of another section', 'rate_per_s: 5\n', ':1:1', 'did you mean "load.rate_per_s"?'],
    ['a key with another unit', 'cluster: { node_expiry_ms: 5 }\n', ':1:12', 'did you mean "node_expiry_s"?'],
    ['a key like no other', 'zebra: 1\n', ':1:1 zebra: unknown key', 'known here: name, title'],
    ['__proto__', '__proto__: { a: 1 }\n', ':1:1 __proto__: unknown key'],
    ['constructor', 'constructor: 5\n', ':1:1 constructor: unknown key'],
    ['Windows line ends', 'name: a\r\nload:\r\n  rat: 5\r\n', ':3:3 load.rat', '3 |   rat: 5\n', 'rate_per_s'],
    ['a byte order mark', '\uFEFFhorizon: 10\n', ':1:1 horizon', '1 | horizon: 10'],
    ['an empty section', 'job:\n', ':1:1 job: must be a section with keys, found nothing'],
    ['a word for a number', 'job:\n  containers: four\n', ':2:15 job.containers', 'found "four" (text)', '^^^^'],
    ['a negative rate', 'load:\n  rate_per_s: -5\n', ':2:15 load.rate_per_s', 'must be at least 0, found -5'],
    ['a rate that is no number', 'load: { rate_per_s: .nan }\n', ':1:21', 'must be a number, found NaN'],
    ['an infinite rate', 'load: { rate_per_s: .inf }\n', ':1:21', 'must be a number, found Infinity'],
    ['no time at all', 'horizon_s: 0\n', ':1:12 horizon_s: must be more than 0', 'simulated time; default 3600'],
    ['half a host', 'cluster: { hosts: 1.5 }\n', ':1:19', 'must be a whole number, found 1.5', 'default 4'],
    ['a million hosts', 'cluster: { hosts: 1000000 }\n', ':1:19', 'must be at most 10000, found 1000000'],
    ['a seed with a fraction', 'seed: 1.5\n', ':1:7 seed: must be text or a whole number, found 1.5'],
    ['a seed too long for a number', 'seed: 123456789012345678901\n', ':1:7 seed: must be at most 9007199254740991'],
    ['a name with spaces', 'name: My Job\n', ':1:7 name: must be lower-case words', 'found "My Job"'],
    ['an unknown protocol', 'protocol: flink\n', ':1:11 protocol: must be samza; found "flink" (text)'],
    ['an unknown kind of load', 'load: { kind: rats }\n', ':1:15 load.kind', 'rate, trace', 'did you mean "rate"?'],
    ['a trace in a rate load', 'load: { kind: rate, trace: x.csv }\n', ':1:21', 'does not belong here', 'kind: trace'],
    ['a broken law without its name', 'expect: { verdict: violated }\n', ':1:1 expect.law: is missing', 'such as O1'],
    ['a verdict without its section', 'expect: holds\n', ':1:9 expect: must be a section', 'found "holds"'],
    ['no input', 'job: { inputs: [] }\n', ':1:16 job.inputs: must have at least 1 entry'],
    ['an input without a stream', 'job:\n  inputs:\n    - { partitions: 3 }\n', ':3:7 job.inputs.0.stream: is missing'],
  ];
  it.each(rows)('%s', (_, text, place, ...fragments) => {
    expect(missingFrom(text, place, fragments)).toEqual([]);
  });

  it('all mistakes of a file are reported, in the order of its lines', () => {
    const said = textOf(loadText('horizon_s: 0\nload: { rat: 5 }\nseed: 1.5\ncluster: { hosts: none }\n'));
    expect(said.match(/^bad\.yaml:\d+/gm)).toEqual(['bad.yaml:1', 'bad.yaml:2', 'bad.yaml:3', 'bad.yaml:4']);
  });
});

describe('a scenario whose parts do not fit together', () => {
  const rows: Row[] = [
    ['more containers than tasks', 'job: { containers: 9 }\n', ':1:20', 'more than the 4 tasks', 'at most 4'],
    ['a count without a store', 'job: { logic: count }\n', ':1:15', 'needs a store', 'stores.counts.factory'],
    [
      'one stream twice',
      'job: { inputs: [{ stream: a, partitions: 1 }, { stream: a, partitions: 2 }] }\n',
      ':1:57',
      'twice',
    ],
    [
      'no weight anywhere',
      'job: { inputs: [{ stream: a, partitions: 1, weight: 0 }] }\n',
      ':1:16',
      'all have weight 0',
    ],
    [
      'containers without slots',
      `${goodJob}cluster: { hosts: 1, slots_per_host: 1 }\n`,
      ':8:19',
      'do not fit into 1 slots',
    ],
    ['clocks of hosts that are not', 'cluster: { hosts: 1, clock_skew_ms: [1, 2] }\n', ':1:37', 'has 2 entries'],
    ['a fault at no time', fault('{ kind: am-crash }'), ':10:7 faults.plan.0', 'says not when it strikes', 'at_s: 600'],
    [
      'a fault at two times',
      fault('{ kind: am-crash, at_s: 1, at_step: { step: upload } }'),
      ':10:7',
      'more than once',
    ],
    ['a fault without a kind', fault('{ container: 0, at_s: 5 }'), ':10:7 faults.plan.0.kind: is missing', 'am-crash'],
    ['an unknown fault', fault('{ kind: container-crush, at_s: 5 }'), ':10:15', 'did you mean "container-crash"?'],
    [
      'an unknown step',
      fault('{ kind: am-crash, at_step: { step: flush } }'),
      ':10:42',
      'must be one of',
      'flush-stores',
    ],
    [
      'no such container',
      fault('{ kind: pause, at_s: 5, for_s: 1, container: 2 }'),
      ':10:52',
      'has 2 containers',
      'at most 1',
    ],
    ['no such task', fault('{ kind: am-crash, at_step: { step: upload, task: 4 } }'), ':10:56', 'has 4 tasks'],
    [
      'no such container to start',
      fault('{ kind: am-crash, at_start: { moment: trim, container: 7 } }'),
      ':10:62',
      '2 containers',
    ],
    [
      'no such partition',
      fault('{ kind: topic-recreated, at_s: 1, log: changelog, partition: 4 }'),
      ':10:68',
      'has 4 partitions',
    ],
    [
      'a host crash without a host',
      fault('{ kind: host-crash, at_s: 5 }'),
      ':10:7',
      'names no host',
      'host_of_container: 0',
    ],
    [
      'a host crash with two',
      fault('{ kind: host-crash, at_s: 5, host: 1, host_of_container: 0 }'),
      ':10:7',
      'names host and',
    ],
    ['no such host', fault('{ kind: host-crash, at_s: 5, host: 4 }'), ':10:42', 'has 4 hosts', 'at most 3'],
  ];
  it.each(rows)('%s', (_, text, place, ...fragments) => {
    expect(missingFrom(text, place, fragments)).toEqual([]);
  });
});

describe('Samza’s keys in a scenario', () => {
  const samza = (text: string): string => `job:\n  samza:\n    ${text}\n`;
  const rows: Row[] = [
    ['an unknown key', samza('task.comit.ms: 5'), ':3:5 job.samza.task.comit.ms', 'did you mean "task.commit.ms"?'],
    [
      'a key of the application',
      samza('my.own.key: 5'),
      ':3:5',
      'not a configuration key of Samza',
      '.properties file',
    ],
    [
      'a wrong value',
      samza('task.commit.ms: 60s'),
      ':3:21',
      'must be a whole number (ms), found "60s"',
      'default is 60000',
    ],
    ['nothing', samza('task.commit.ms:'), ':3:5', 'found nothing', 'leave the key out'],
    ['sections instead of dots', samza('task: { commit.ms: 5 }'), ':3:11', 'found a section', 'with their dots'],
    [
      'wrong keys of a redeployment',
      fault('{ kind: job-restart, at_s: 1, samza: { task.comit.ms: 5 } }'),
      ':10:46',
      'task.commit.ms',
    ],
    [
      'wrong values of a redeployment',
      fault('{ kind: job-restart, at_s: 1, samza: { task.commit.ms: x } }'),
      ':10:62',
      'found "x"',
    ],
    [
      'more copies than hosts',
      `${samza('job.standbytasks.replication.factor: 5')}cluster: { hosts: 4 }\n`,
      ':4:19',
      '5 copies of a task need 5 hosts',
    ],
  ];
  it.each(rows)('%s', (_, text, place, ...fragments) => {
    expect(missingFrom(text, place, fragments)).toEqual([]);
  });
});

describe('the shape of a message', () => {
  it('is place and sentence, the line with a caret under the mistake, the remedy', () => {
    expect(textOf(loadText('load:\n  rate_per_s: fast # records\n'))).toBe(
      [
        'bad.yaml:2:15 load.rate_per_s: must be a number, found "fast" (text)',
        ' 2 |   rate_per_s: fast # records',
        '   |               ^^^^',
        '   remedy: mean records per second over all inputs; default 20',
      ].join('\n'),
    );
  });

  it('shows a part of a long line, with the caret still under the mistake', () => {
    const said = textOf(loadText(`load: { kind: rate,${' '.repeat(300)}rat: 5 }\n`)).split('\n');
    expect(Math.max(...said.map((line) => line.length))).toBeLessThan(120);
    expect(said[2]?.indexOf('^')).toBe(said[1]?.indexOf('rat: 5'));
  });

  it('stops after twenty mistakes and counts the rest', () => {
    const many = Array.from({ length: 30 }, (_, i) => `zebra-${i}: 1`).join('\n');
    expect(textOf(loadText(many))).toContain('… and 10 more');
  });
});

describe('any text at all', () => {
  const words = [
    'job',
    'load',
    'faults',
    'plan',
    'kind',
    ':',
    '- ',
    '\n',
    '  ',
    '{',
    '}',
    '[',
    ']',
    '&a',
    '*a',
    '1',
    '"',
    'rate',
    '\t',
    '!',
    '|',
    '? ',
    'samza',
  ];
  const yamlish = fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => parts.join(''));

  it('is loaded or answered with sentences, never thrown back', () => {
    fc.assert(
      fc.property(fc.oneof(yamlish, fc.string()), (text) => {
        const result = loadText(text);
        const messages = result.kind === 'errors' ? result.errors.map((error) => error.message) : ['loaded'];
        expect(messages.filter((message) => message.length < 6)).toEqual([]);
        expect(messages).not.toEqual([]);
      }),
    );
  });

  it('also when it is bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(['loaded', 'errors']).toContain(loadText(bytes).kind);
      }),
    );
  });
});

function bomb(): string {
  const ten = (name: string): string => Array.from({ length: 10 }, () => name).join(', ');
  return `a: &a [${ten('x')}]\nb: &b [${ten('*a')}]\nc: &c [${ten('*b')}]\nd: &d [${ten('*c')}]\ne: [${ten('*d')}]\n`;
}

function deepMap(depth: number): string {
  return Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}a:`).join('\n');
}
