// Dataflow jobs with a clock: those that ship load and run, and each mistake is told at its place, with what to write instead.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CONTENDERS, runContender } from '../../models/comparison/index.ts';
import { flowJobCatalog, flowJsonSchema, loadFlowJob, renderInputErrors } from '../../scenarios/index.ts';
import type { FlowJobScenario } from '../../scenarios/index.ts';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));

function load(text: string, sets: readonly string[] = [], path = 'job.yaml'): FlowJobScenario {
  const loaded = loadFlowJob({ path, text }, sets);
  if (loaded.kind === 'errors') throw new Error(renderInputErrors(loaded.errors));
  return loaded.scenario;
}

describe.each(flowJobCatalog)('$name', ({ name, file }) => {
  const text = readFileSync(`${folder}${file}`, 'utf8');

  it('loads under its own name, says what it teaches, and points editors at the schema', () => {
    const scenario = load(text, [], file);
    expect(scenario.name).toBe(name);
    expect(basename(file, '.yaml')).toBe(name);
    expect(scenario.teaches.length).toBeGreaterThan(80);
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/dataflow-job\.schema\.json\nkind: dataflow-job\n/);
  });

  it('runs under every protocol it names: checkpoints complete, and every record is accounted for', () => {
    const { plan, controlBytes, protocols } = load(text, ['horizon_s=12', 'faults.crashes=[]'], file);
    for (const protocol of protocols) {
      const contender = CONTENDERS.find((each) => each.name === protocol)!;
      const { metrics } = runContender(contender, { plan, controlBytes, samza: null }, 0);
      expect(metrics.throughput_per_s).toBeGreaterThan(10);
      expect(metrics.lost_records).toBe(plan.hops > 0 ? null : 0);
      if (protocol === 'none') expect(metrics.checkpoint_bytes).toBeNull();
      else expect(metrics.checkpoints_completed).toBeGreaterThan(0);
    }
  });
});

const good = {
  kind: 'dataflow-job',
  title: 'A title',
  horizon_s: '10',
  stages: '[{ name: source }, { name: map, parallelism: 2 }, { name: sink }]',
  load: '{ rate_per_s: 100 }',
  checkpoints: '{ interval_ms: 1000 }',
};

function text(changes: Readonly<Record<string, string | undefined>> = {}): string {
  return Object.entries({ ...good, ...changes })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}

function messageOf(yaml: string, sets: readonly string[] = []): string {
  const loaded = loadFlowJob({ path: 'bad.yaml', text: yaml }, sets);
  return loaded.kind === 'errors' ? renderInputErrors(loaded.errors) : 'no mistake';
}

describe('stages become tasks and channels', () => {
  it('each task of a stage is connected with each of the next', () => {
    const { plan } = load(text());
    expect(plan.tasks.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'source-0 source',
      'map-0 operator',
      'map-1 operator',
      'sink-0 sink',
    ]);
    expect(plan.channels.map(({ from, to }) => `${from}-${to}`)).toEqual(['0-1', '0-2', '1-3', '2-3']);
  });

  it('inputs make joins, feedback makes cycles, and a channel may be slow', () => {
    const stages =
      '[{ name: a }, { name: b, inputs: [] }, { name: join, inputs: [a, b] }, { name: step }, { name: sink }]';
    const feedback = '{ from: step, to: join, hops: 3 }';
    const channels = '[{ from: b-0, to: join-0, delay_ms: 7 }]';
    const { plan } = load(text({ stages, feedback, channels, protocols: '[chandy-lamport]' }));
    expect(plan.channels.map(({ from, to }) => `${from}-${to}`)).toEqual(['0-2', '1-2', '2-3', '3-4', '3-2']);
    expect(plan.channels[1]!.delay).toEqual({ kind: 'constant', micros: 7_000 });
    expect(plan.hops).toBe(3);
  });

  it('records may go in batches: as many of them as there is room for, and a log that lasts', () => {
    const { plan } = load(text({ load: '{ rate_per_s: 10000, arrivals: regular, batch_records: 50 }' }));
    expect(plan.load).toMatchObject({ intervalMicros: 100, arrivals: 'regular', batchRecords: 50 });
    expect(plan.load.records).toBeGreaterThan(1e11);
    expect(load(text()).plan.load).toEqual({ records: 2 ** 31 - 1, intervalMicros: 10_000, arrivals: 'poisson' });
    const contender = CONTENDERS.find(({ name }) => name === 'flink-aligned')!;
    const { metrics } = runContender(contender, { plan, controlBytes: 0, samza: null }, 0);
    expect(metrics.throughput_per_s).toBeGreaterThan(9_800);
    expect(metrics.throughput_per_s).toBeLessThan(10_001);
  });

  it('the rate is shared by the sources, and times become microseconds', () => {
    const { plan } = load(text({ stages: '[{ name: a, parallelism: 4 }, { name: sink, service_us: 2.6 }]' }));
    expect(plan.load.intervalMicros).toBe(40_000);
    expect(plan.tasks.at(-1)!.serviceMicros).toBe(3);
    expect(plan.checkpoints.intervalMicros).toBe(1_000_000);
    expect(plan.horizonMicros).toBe(10_000_000);
  });

  it('options change single values', () => {
    const { plan } = load(text(), ['sink=plain', 'checkpoints.interval_ms=250', 'stages.1.parallelism=3']);
    expect(plan.sink).toBe('plain');
    expect(plan.checkpoints.intervalMicros).toBe(250_000);
    expect(plan.tasks).toHaveLength(5);
  });
});

describe('a mistake', () => {
  it.each<[string, Readonly<Record<string, string | undefined>>, readonly string[]]>([
    ['no stages', { stages: undefined }, ['stages: is missing', 'sources first']],
    ['an unknown key', { checkpoints: '{ interval_s: 1 }' }, ['bad.yaml:6:16', 'did you mean "interval_ms"?']],
    ['a key of another section', { interval_ms: '5' }, ['unknown key', 'checkpoints.interval_ms']],
    ['two stages of one name', { stages: '[{ name: a }, { name: a }]' }, ['bad.yaml:4:', 'another stage']],
    [
      'a stage that reads a later one',
      { stages: '[{ name: a }, { name: b, inputs: [c] }, { name: c }]' },
      ['stages.1.inputs.0', 'does not stand before it'],
    ],
    [
      'a stage that reads none there is',
      { stages: '[{ name: source }, { name: b, inputs: [sourc] }]' },
      ['is no stage', 'did you mean "source"?'],
    ],
    [
      'a source nobody reads',
      { stages: '[{ name: a, inputs: [] }, { name: b, inputs: [] }, { name: c }]' },
      ['nobody reads'],
    ],
    ['a name that is no word', { stages: '[{ name: a-b }, { name: c }]' }, ['must be letters and digits']],
    ['feedback to a source', { feedback: '{ from: map, to: source }' }, ['feedback.to', 'between sources and sinks']],
    [
      'a barrier on a cycle',
      { feedback: '{ from: map, to: map }' },
      ['protocols.0', 'a barrier would wait for itself'],
    ],
    [
      'a channel there is none of',
      { channels: '[{ from: map-0, to: map-1, delay_ms: 1 }]' },
      ['there is no channel map-0 -> map-1'],
    ],
    [
      'a crash of no task',
      { faults: '{ crashes: [{ task: map-7, at_s: 1 }] }' },
      ['no task "map-7"', 'did you mean "map-0"?'],
    ],
    [
      'a crash after the end',
      { faults: '{ crashes: [{ task: map-0, at_s: 11 }] }' },
      ['must be before horizon_s (10)'],
    ],
    ['a protocol there is none of', { protocols: '[flink-alined]' }, ['did you mean "flink-aligned"?']],
    ['a protocol twice', { protocols: '[none, none]' }, ['named twice']],
    ['real Samza', { protocols: '[samza]' }, ['runs Samza jobs']],
    ['a hot key for all', { hot_share: '0.5', routing: 'broadcast' }, ['hot_share', 'needs routing: keyed']],
    ['too much', { load: '{ rate_per_s: 9000000 }', horizon_s: '90000' }, ['are simulated one by one']],
    [
      'too much even in batches',
      { load: '{ rate_per_s: 9000000, arrivals: regular, batch_records: 10 }', horizon_s: '90000' },
      ['load.rate_per_s', 'in batches of 10', 'raise load.batch_records'],
    ],
    [
      'batches of records that arrive at random',
      { load: '{ rate_per_s: 100, batch_records: 10 }' },
      ['bad.yaml:5:', 'load.batch_records', 'needs arrivals: regular', 'set load.arrivals to regular'],
    ],
    [
      'batches that no channel has room for',
      { load: '{ rate_per_s: 100, arrivals: regular, batch_records: 65 }' },
      ['load.batch_records', 'at most channel_capacity (64), found 65', 'raise channel_capacity'],
    ],
    ['half a record in a batch', { load: '{ rate_per_s: 1, batch_records: 1.5 }' }, ['load.batch_records']],
    [
      'too many channels',
      { stages: `[${Array.from({ length: 7 }, (_, i) => `{ name: s${i}, parallelism: 64 }`).join(', ')}]` },
      ['at most 20000'],
    ],
  ])('%s', (_, changes, parts) => {
    const message = messageOf(text(changes));
    for (const part of parts) expect(message).toContain(part);
  });

  it('in an option names the option', () => {
    expect(messageOf(text(), ['sink=pain'])).toContain('--set sink=pain');
    expect(messageOf(text(), ['costs.sync=1'])).toContain('did you mean "costs.sync_ms"?');
  });

  it('several are told at once', () => {
    const message = messageOf(text({ sink: 'x', routing: 'y' }));
    expect(message).toContain('sink');
    expect(message).toContain('routing');
  });
});

describe('dataflow-job.schema.json', () => {
  const path = `${folder}dataflow-job.schema.json`;

  it('is what flow-schema.ts says today (UPDATE_SCHEMA=1 writes it anew)', () => {
    const today = JSON.stringify(flowJsonSchema(), null, 2);
    if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(path, `${today}\n`);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(today));
  });
});
