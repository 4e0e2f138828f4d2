// The ledger of what is visible finds in simulated time what the laws of the untimed world find in searches: each mutant
// of a protocol loses records, or shows them twice, as its broken law says; the protocol it was made from does neither.
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { OutputLedger } from '../../../models/flow-job/output-ledger.ts';
import { DEFAULT_COSTS, NO_FAULTS } from '../../../models/flow-job/plan.ts';
import { runFlowJob } from '../../../models/flow-job/run.ts';
import { MUTANTS } from '../../../models/mutants/index.ts';
import { pipelinePlan } from './pipeline-plan.ts';

const STAGES = [{ parallelism: 3 }, { parallelism: 3, serviceMicros: 300, stateBytes: 1_000_000 }, { parallelism: 2 }];
const CHECKPOINTS = { intervalMicros: 500_000, timeoutMicros: 1_000_000, minPauseMicros: 0, maxConcurrent: 2 };

/** Uneven channels, slow commits, a crash each second, and notices that get lost. */
const ROUGH = pipelinePlan(STAGES, {
  horizonMicros: 10_000_000,
  capacity: 16,
  load: { records: 2 ** 31 - 1, intervalMicros: 1_000, arrivals: 'poisson' },
  costs: {
    ...DEFAULT_COSTS,
    commitMicros: 100_000,
    channelDelay: { kind: 'exponential', leastMicros: 100, meanMicros: 3_000 },
  },
  checkpoints: { ...CHECKPOINTS, alignedTimeoutMicros: 2_000, tolerableFailures: null },
  faults: { ...NO_FAULTS, mtbfMicros: 1_100_000, lostNotifications: 0.2, failedUploads: 0.01 },
});

const ONE_SINK = { tasks: 1, holdsBack: false };

const losing = ['snapFirst', 'forwardEarly', 'overtake', 'forgetChannelState', 'switchLoses'];
const doubling = ['noAlign', 'noAlignOne', 'forwardLate', 'captureTooMuch', 'restoreOldest', 'blindRecommit'];

function runsOf(name: string) {
  const { protocol, base } = MUTANTS.find((mutant) => mutant.name === name)!;
  return { mutated: runFlowJob(ROUGH, protocol).records, unmutated: runFlowJob(ROUGH, base).records };
}

test.each(losing)('%s loses records and shows none twice; its base does neither', (name) => {
  const { mutated, unmutated } = runsOf(name);
  expect(mutated.lost).toBeGreaterThan(0);
  expect(mutated.duplicated).toBe(0);
  expect(unmutated).toMatchObject({ lost: 0, duplicated: 0 });
});

test.each(doubling)('%s shows records twice and loses none; its base does neither', (name) => {
  const { mutated, unmutated } = runsOf(name);
  expect(mutated.duplicated).toBeGreaterThan(0);
  expect(mutated.lost).toBe(0);
  expect(unmutated).toMatchObject({ lost: 0, duplicated: 0 });
});

test('a page of records that have all come is dropped, and one more copy of any of them is still a duplicate', () => {
  const shown = { sink: 0, ageMicros: 1, longerMicros: 0, heldMicros: 0 };
  const ledger = new OutputLedger([2], ONE_SINK);
  for (let copy = 0; copy < 2; copy++) for (let seq = 0; seq < 5_000; seq++) ledger.add(0, seq, shown);
  expect([ledger.visible, ledger.duplicated]).toEqual([10_000, 0]);
  ledger.add(0, 17, shown);
  expect(ledger.duplicated).toBe(1);
  expect([ledger.copiesOf(0, 16), ledger.copiesOf(0, 17), ledger.copiesOf(0, 4_999)]).toEqual([2, 2, 2]);
  const missing: number[][] = [];
  ledger.forEachMissing(0, 5_002, (seq, copies) => missing.push([seq, copies]));
  expect(missing).toEqual([
    [5_000, 2],
    [5_001, 2],
  ]);
});

test('the ledger counts as a list of all copies does', () => {
  const copy = fc.record({ source: fc.constantFrom(0, 1), seq: fc.integer({ min: 0, max: 200 }) });
  const runs = fc.record({ source: fc.constantFrom(0, 1), from: fc.nat({ max: 150 }), length: fc.nat({ max: 140 }) });
  fc.assert(
    fc.property(fc.array(fc.oneof(copy, runs), { maxLength: 30 }), (steps) => {
      const owed = [1, 2];
      const ledger = new OutputLedger(owed, ONE_SINK);
      const copies = [new Map<number, number>(), new Map<number, number>()];
      let duplicated = 0;
      const add = (source: number, seq: number): void => {
        const before = copies[source]!.get(seq) ?? 0;
        if (before >= owed[source]!) duplicated++;
        copies[source]!.set(seq, before + 1);
        if (seq % 2 === 0) ledger.show(source, seq, 0, 1);
        else ledger.add(source, seq, { sink: 0, ageMicros: 1, longerMicros: 0, heldMicros: 0 });
      };
      for (const step of steps) {
        if ('seq' in step) add(step.source, step.seq);
        else for (let seq = step.from; seq < step.from + step.length; seq++) add(step.source, seq);
      }
      expect(ledger.duplicated).toBe(duplicated);
      expect(ledger.latency().count).toBe(ledger.visible - duplicated);
      for (const source of [0, 1]) {
        const missing: [number, number][] = [];
        ledger.forEachMissing(source, 333, (seq, count) => missing.push([seq, count]));
        const due = Array.from({ length: 333 }, (_, seq) => owed[source]! - (copies[source]!.get(seq) ?? 0));
        expect(missing).toEqual(due.map((count, seq) => [seq, count]).filter(([, count]) => count! > 0));
      }
    }),
  );
});
