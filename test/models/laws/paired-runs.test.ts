// What must be equal, or differ only as said, between two runs: the same arrivals whatever fails, the same result however
// records are batched, and the same sums in three ledgers that count differently.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JobLogic, RunPlan } from '../../../models/index.ts';
import { millisecond, planOf, second } from '../plan-builder.ts';
import { chaosPlan } from './chaos-plan.ts';
import { randomPlan } from './random-plan.ts';
import { type Witness, foldOf, valuesOf, witness, witnessOnce } from './witness.ts';

describe('common random numbers:', () => {
  test('the same records arrive at the same places and times, whatever fails and however the job is built', () => {
    fc.assert(
      fc.property(chaosPlan(), chaosPlan(), (one, other) => {
        // Only the input streams, the load and the seed decide over arrivals.
        const same = { seed: one.seed, load: one.load, horizonMicros: 20 * second };
        const job = { ...other.job, inputs: one.job.inputs, batchRecords: one.job.batchRecords, containers: 1 };
        expect(witness({ ...other, ...same, job, faults: [] }).arrivals).toEqual(witness({ ...one, ...same }).arrivals);
      }),
      { numRuns: 40 },
    );
  });

  test('a failure changes nothing before it strikes', () => {
    fc.assert(
      fc.property(randomPlan(), ({ plan }) => {
        const timed = plan.faults.filter((fault) => fault.trigger.on === 'time');
        const until = { ...plan, faults: timed, horizonMicros: 11 * second };
        expect(witness({ ...until, faults: [] }).outcome.digests).toEqual(witness(until).outcome.digests);
      }),
      { numRuns: 20 },
    );
  });
});

describe('without failures', () => {
  const jobs = fc.record({
    seed: fc.nat(50).map(String),
    logic: fc.constantFrom<JobLogic>('count', 'match', 'dedup'),
    records: fc.integer({ min: 1, max: 400 }),
    batchRecords: fc.integer({ min: 2, max: 40 }),
    keys: fc.integer({ min: 1, max: 30 }),
    commitMillis: fc.integer({ min: 300, max: 5000 }),
    cacheSize: fc.constantFrom(0, 2, 1000),
    arrivals: fc.constantFrom('even' as const, 'poisson' as const, 'bursty' as const),
  });

  /** All of the load on one partition: batches go to a partition whole, so with more the partitions would differ. */
  function planWith(drawn: typeof jobs extends fc.Arbitrary<infer T> ? T : never, batchRecords: number): RunPlan {
    return planOf({
      seed: drawn.seed,
      stores: [
        {
          name: 'counts',
          factory: 'rocksdb',
          backup: 'changelog',
          keys: {
            'object.cache.size': drawn.cacheSize,
            'write.batch.size': Math.max(1, Math.min(drawn.cacheSize, 500)),
          },
        },
      ],
      keys: { 'task.commit.ms': drawn.commitMillis },
      job: { logic: drawn.logic, keys: drawn.keys, batchRecords },
      load: { arrivals: drawn.arrivals, records: drawn.records, perSecond: 100 },
      horizonMicros: 60 * second,
    });
  }

  test('batches of any size give the state, the outputs and the last checkpoint of single records', () => {
    fc.assert(
      fc.property(jobs, (drawn) => {
        const [single, batched] = [1, drawn.batchRecords].map((size) => witness(planWith(drawn, size)));
        expect(whatIsLeft(batched!)).toEqual(whatIsLeft(single!));
        expect(batched!.outcome.records).toEqual(single!.outcome.records);
        expect(batched!.outcome.records.lost).toBe(0);
        expect(single!.outcome.records.processed).toBe(drawn.records);
      }),
      { numRuns: 60 },
    );
  });

  test('batches on several partitions lose nothing either, and leave the fold of what each got', () => {
    fc.assert(
      fc.property(randomPlan({ faults: false }), fc.integer({ min: 2, max: 30 }), ({ plan }, batchRecords) => {
        const seen = witness({ ...plan, job: { ...plan.job, batchRecords } });
        expect(seen.outcome.records.lost + seen.outcome.records.pending).toBe(0);
        for (const { task, ssps } of seen.job.tasks) {
          const container = seen.job.cluster.official(task % plan.job.containers)!;
          const inputs = ssps.map((ssp) => ({ ssp, last: seen.job.inputs[ssp]!.head - 1 }));
          for (const store of container.instance(task).stores) {
            expect(valuesOf(store.view)).toEqual(foldOf(plan.job.logic, seen.job.content, inputs));
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  function whatIsLeft(seen: Witness) {
    const store = seen.job.cluster.official(0)!.instance(0).stores[0]!;
    const changelog = seen.job.tasks[0]!.changelogs[0]!;
    const copies = [...seen.outputs[0]!.values()];
    return {
      state: valuesOf(store.view),
      changelog: valuesOf(changelog.contents(changelog.newest)),
      outputs: [...seen.outputs[0]!.keys()],
      copies: Math.max(0, ...copies),
      checkpoint: seen.checkpoints.at(-1)!.inputOffsets,
    };
  }
});

describe('at any moment, offered = processed + lost + pending,', () => {
  /** Counts each of the three from the witness's own tables, for single-threaded jobs whose containers all run. */
  function counted(seen: Witness, plan: RunPlan) {
    const sums = { offered: 0, processed: 0, lost: 0, pending: 0 };
    for (const [ssp, processed] of seen.processed.entries()) {
      const runs = seen.runs.filter((run) => run.ssp === ssp);
      const { head } = seen.job.inputs[ssp]!;
      const base = plan.job.inputs[0]!.offsetDefault === 'oldest' ? 0 : runs[0]!.from;
      const t = seen.job.cluster.official(ssp % plan.job.containers)!.instance(ssp);
      const position = Math.max(t.last[0]! + 1, runs.at(-1)!.from);
      for (let offset = base; offset < head; offset++) {
        sums.offered++;
        if (processed.has(offset)) sums.processed++;
        else if (offset < position) sums.lost++;
        else sums.pending++;
      }
    }
    return sums;
  }

  const lossy = fc.record({
    seed: fc.nat(50).map(String),
    partitions: fc.integer({ min: 1, max: 4 }),
    containers: fc.integer({ min: 1, max: 4 }),
    offsetDefault: fc.constantFrom('upcoming' as const, 'oldest' as const),
    commitMillis: fc.integer({ min: 1000, max: 30_000 }),
    perSecond: fc.integer({ min: 5, max: 60 }),
    processMillis: fc.integer({ min: 1, max: 60 }),
    crashes: fc.array(fc.integer({ min: 3, max: 20 }), { maxLength: 3 }),
    horizonSeconds: fc.integer({ min: 30, max: 45 }),
  });

  test('with a job that is overloaded, and with one that lost its first inputs', () => {
    let lost = 0;
    let pending = 0;
    fc.assert(
      fc.property(lossy, (drawn) => {
        const containers = Math.min(drawn.containers, drawn.partitions);
        const plan = planOf({
          seed: drawn.seed,
          keys: { 'task.commit.ms': drawn.commitMillis },
          inputs: [{ partitions: drawn.partitions, offsetDefault: drawn.offsetDefault }],
          job: { containers, keys: 40 },
          cluster: { slotsPerHost: 4 },
          load: { perSecond: drawn.perSecond },
          costs: { processMicros: drawn.processMillis * millisecond },
          horizonMicros: drawn.horizonSeconds * second,
          faults: drawn.crashes.map((at, i) => ({
            kind: 'container-crash',
            trigger: { on: 'time', atMicros: at * second },
            container: i % containers,
            exitCode: 1,
          })),
        });
        const seen = witnessOnce(plan);
        const sums = counted(seen, plan);
        const { offered, processed, lost: lostRecords, pending: left } = seen.outcome.records;
        expect({ offered, processed, lost: lostRecords, pending: left }).toEqual(sums);
        const arrived = seen.job.inputs.reduce((sum, input) => sum + input.head, 0);
        expect(offered + seen.outcome.records.before_start).toBe(arrived);
        lost += lostRecords;
        pending += left;
      }),
      { numRuns: 80 },
    );
    // The draws reach both: else the equation would say little.
    expect(lost).toBeGreaterThan(100);
    expect(pending).toBeGreaterThan(1000);
  });
});
