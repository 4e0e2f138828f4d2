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

test('a record is counted wherever its page is from the newest one', () => {
  for (let pages = 0; pages <= 260; pages++) {
    const ledger = new OutputLedger([1], ONE_SINK);
    ledger.show(0, 1, 0, 1);
    ledger.show(0, 64, 0, 1);
    ledger.show(0, 64 * pages + 2, 0, 1);
    ledger.show(0, 3, 0, 1);
    expect([pages, ledger.visible, ledger.duplicated]).toEqual([pages, 4, 0]);
  }
});

/** Runs of records and single ones, of two sources: what a ledger is told, below a number of records. */
const stepsBelow = (records: number, { steps, run }: { steps: number; run: number }) => {
  const source = fc.constantFrom(0, 1);
  const from = fc.nat({ max: records - run - 1 });
  const copy = fc.record({ source, from, length: fc.constant(1) });
  return fc.array(fc.oneof(copy, fc.record({ source, from, length: fc.nat({ max: run }) })), { maxLength: steps });
};

/** The second case reaches pages that are older than the ring of their source. */
test.each([
  { records: 333, steps: 30, run: 140, runs: 100 },
  { records: 16_000, steps: 12, run: 9_000, runs: 30 },
])('the ledger counts as a list of all copies does, of $records records', ({ records, steps, run, runs }) => {
  fc.assert(
    fc.property(stepsBelow(records, { steps, run }), (told) => {
      const owed = [1, 2];
      const ledger = new OutputLedger(owed, ONE_SINK);
      const copies = owed.map(() => new Uint16Array(records));
      let duplicated = 0;
      const add = (source: number, seq: number): void => {
        if (copies[source]![seq]!++ >= owed[source]!) duplicated++;
        if (seq % 2 === 0) ledger.show(source, seq, 0, 1);
        else ledger.add(source, seq, { sink: 0, ageMicros: 1, longerMicros: 0, heldMicros: 0 });
      };
      for (const { source, from, length } of told) {
        for (let seq = from; seq < from + length; seq++) add(source, seq);
      }
      expect(ledger.duplicated).toBe(duplicated);
      expect(ledger.latency().count).toBe(ledger.visible - duplicated);
      for (const source of [0, 1]) {
        const missing: [number, number][] = [];
        ledger.forEachMissing(source, records, (seq, count) => missing.push([seq, count]));
        const due = [...copies[source]!].map((count, seq): [number, number] => [seq, owed[source]! - count]);
        expect(missing).toEqual(due.filter(([, count]) => count > 0));
      }
    }),
    { numRuns: runs },
  );
});
