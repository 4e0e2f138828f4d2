// The verdict of a timed run: what the protocol promises, held against what is seen.
import { describe, expect, it } from 'vitest';
import { METERED_PLAN } from '../../../models/flow-job/mutants/flow-job-mutant.ts';
import { runJudged } from '../../../models/flow-job/judged-run.ts';
import type { Protocol } from '../../../models/dataflow/protocol.ts';
import { flinkAligned } from '../../../models/protocols/flink-aligned.ts';
import { runFlowJob } from '../../../models/flow-job/run.ts';
import type { TraceEntry } from '../../../models/flow-job/trace.ts';
import { PROTOCOLS } from '../../../models/protocols/index.ts';

const PLAIN = { ...METERED_PLAN, sink: 'plain' } as const;

/** The protocol whose checkpoints hold nothing of what is in the channels. */
function withoutChannelState(protocol: Protocol): Protocol {
  const leaky = (port: object): object =>
    new Proxy(port, {
      get: (target, name) => {
        if (name === 'captureOvertaken' || name === 'captureRecord') return () => undefined;
        const value = Reflect.get(target, name, target) as unknown;
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      },
    });
  const task = Object.fromEntries(
    Object.entries(protocol.task).map(([name, handler]) => [
      name,
      (...words: readonly unknown[]): unknown =>
        (handler as (...each: readonly unknown[]) => unknown).call(
          protocol.task,
          ...words.map((word, i) => (i === words.length - 1 && name !== 'start' && isPort(word) ? leaky(word) : word)),
        ),
    ]),
  );
  return { ...protocol, task: task as unknown as Protocol['task'] };
}

const isPort = (word: unknown): word is object => typeof word === 'object' && word !== null && 'captureRecord' in word;

describe('a run', () => {
  it('holds when outputs are as promised, and every law says how often it was asked', () => {
    const { verdict, laws, outcome } = runJudged(METERED_PLAN, flinkAligned, { promise: 'exactly-once' });
    expect(verdict).toMatchObject({ kind: 'holds', law: null });
    expect(laws.map(({ law, checked }) => [law, checked])).toEqual([
      ['E2', outcome.records.read],
      ['E1', outcome.records.visible],
      ['Q1', METERED_PLAN.tasks.length],
      ['Q2', outcome.checkpoints.length + outcome.recoveries.length + 1],
    ]);
  });

  it('is the same run with the laws looking on as without', () => {
    const seen: string[] = [];
    const { outcome } = runJudged(METERED_PLAN, flinkAligned, {
      promise: 'exactly-once',
      onTrace: ({ kind }) => seen.push(kind),
      onProgress: () => undefined,
    });
    expect(outcome.digests).toEqual(runJudged(METERED_PLAN, flinkAligned, { promise: 'none' }).outcome.digests);
    expect(seen).toContain('record');
  });

  it('leaves out the ids of records when nobody else looks on, and nothing else', () => {
    const entriesOf = (recordIds: boolean): TraceEntry[] => {
      const entries: TraceEntry[] = [];
      runFlowJob(METERED_PLAN, flinkAligned, { recordIds, onTrace: (entry) => entries.push(entry) });
      return entries;
    };
    const isOfRecord = ({ kind }: TraceEntry): boolean => kind === 'emit' || kind === 'record';
    const [all, without] = [entriesOf(true), entriesOf(false)];
    expect(all.filter(isOfRecord).every(({ id }) => id !== null)).toBe(true);
    expect(without).toEqual(all.map((entry) => (isOfRecord(entry) ? { ...entry, id: null } : entry)));
    const seen: (string | null)[] = [];
    runJudged(METERED_PLAN, flinkAligned, { promise: 'none', onTrace: ({ id }) => seen.push(id) });
    expect(seen).toEqual(all.map(({ id }) => id));
  });

  it('breaks E1 where outputs come twice and exactly-once was promised, and not where they may', () => {
    const broken = runJudged(PLAIN, flinkAligned, { promise: 'exactly-once' });
    expect(broken.outcome.records.duplicated).toBeGreaterThan(0);
    expect(broken.verdict).toMatchObject({ kind: 'violated', law: 'E1' });
    expect(broken.laws[1]!.violations).toBe(broken.outcome.records.duplicated);
    expect(broken.laws[1]!.first!.facts).toMatchObject({ duplicated: broken.outcome.records.duplicated });
    const allowed = runJudged(PLAIN, flinkAligned, { promise: 'at-least-once' });
    expect(allowed.verdict.kind).toBe('holds');
    expect(allowed.laws[1]!.checked).toBe(0);
  });

  it('breaks E2 where outputs are lost and none may be', () => {
    const unaligned = PROTOCOLS['flink-unaligned'];
    // Slow operators: records wait in front of them when a barrier overtakes.
    const tasks = METERED_PLAN.tasks.map((task) => ({ ...task, serviceMicros: task.role === 'operator' ? 1_500 : 0 }));
    const crowded = { ...METERED_PLAN, tasks };
    expect(runJudged(crowded, unaligned, { promise: 'exactly-once' }).verdict.kind).toBe('holds');
    const { verdict, outcome, laws } = runJudged(crowded, withoutChannelState(unaligned), {
      promise: 'exactly-once',
    });
    expect(outcome.records.lost).toBeGreaterThan(0);
    expect(verdict).toMatchObject({ kind: 'violated', law: 'E2' });
    expect(laws[0]!.violations).toBe(outcome.records.lost);
  });

  it.each([
    ['Q1', { rereads: 'useful' }],
    ['Q1', { uploads: 'blocked-too' }],
    ['Q2', { alignmentFrom: 'trigger' }],
  ] as const)('breaks %s where it measures by %j', (law, rules) => {
    expect(runJudged(METERED_PLAN, flinkAligned, { promise: 'exactly-once', rules }).verdict).toMatchObject({
      kind: 'violated',
      law,
    });
  });

  it('is unknown on a cycle, where no number of outputs is owed', () => {
    const { verdict, laws } = runJudged({ ...METERED_PLAN, hops: 2 }, PROTOCOLS['chandy-lamport'], {
      promise: 'exactly-once',
    });
    expect(verdict.kind).toBe('unknown');
    expect(laws.slice(0, 2).map(({ checked }) => checked)).toEqual([0, 0]);
  });
});

describe('the latency of a sink', () => {
  it('is what it was at the sink and what the sink held it back, record by record', () => {
    const { outcome } = runJudged(METERED_PLAN, flinkAligned, { promise: 'exactly-once' });
    const plain = runJudged(PLAIN, flinkAligned, { promise: 'none' }).outcome;
    const [sink] = outcome.sink_latency;
    expect(outcome.sink_latency.length).toBe(1);
    expect(sink!.latency).toEqual(outcome.output_latency);
    expect(sink!.held.count).toBe(sink!.latency.count);
    expect(plain.sink_latency[0]!.held.max_us).toBe(0);
    // Half an interval and what the checkpoint takes, more for what a failure delayed.
    const { intervalMicros } = METERED_PLAN.checkpoints;
    expect(sink!.held.mean_us).toBeGreaterThan(intervalMicros / 2);
    expect(sink!.held.mean_us).toBeLessThan(intervalMicros);
    expect(sink!.latency.min_us).toBeGreaterThanOrEqual(sink!.held.min_us);
    // Over the same records the sink alone would have shown them so early.
    const added = sink!.latency.mean_us - sink!.held.mean_us;
    expect(added).toBeGreaterThan(0);
    expect(added).toBeLessThan(plain.output_latency.mean_us + intervalMicros);
  });
});
