// The catalogue of anchors.md §6.2, row by row: each of the 54 is in the matrix and on the command's list under its name, and
// is killed there or argued to live.
import { beforeAll, describe, expect, test } from 'vitest';

import { ALL_MUTANTS, MUTANTS, type MutantResult, TIMED_MUTANTS, runMutants } from '../../../models/mutants/index.ts';
import { tidemark } from '../../cli/tidemark.ts';

/** Rows 1 to 54; 24 is a pair, 45 has two sides. */
const ROWS: readonly (readonly string[])[] = [
  ['ackBeforeUpload'],
  ['completeMissingAck'],
  ['countAcks'],
  ['offsetAfterBarrier'],
  ['offsetBeforeFlush'],
  ['noAlign'],
  ['noAlignOne'],
  ['snapFirst'],
  ['resumeEarly'],
  ['forwardLate'],
  ['forwardEarly'],
  ['overtake'],
  ['forgetChannelState'],
  ['captureTooMuch'],
  ['disorderChannelState'],
  ['wrongGate'],
  ['switchLoses'],
  ['lateBarrierRevives'],
  ['abortLeavesBlocked'],
  ['abortNotPropagated'],
  ['mixConcurrent'],
  ['reuseId'],
  ['staleAck'],
  ['reuseId + staleAck'],
  ['restoreOldest'],
  ['restorePartial'],
  ['mixOffsets'],
  ['commitOnBarrier'],
  ['commitOnlyExact'],
  ['forgetPending'],
  ['blindRecommit'],
  ['zombieCommit'],
  ['sharedTxnId'],
  ['lingering'],
  ['skipByMaxId'],
  ['swallowCommitError'],
  ['deleteShared'],
  ['referToAborted'],
  ['sameNameOtherBytes'],
  ['leakAborted'],
  ['notifyBeforeMetadata'],
  ['timersOutside'],
  ['asyncNotDrained'],
  ['finishedNeverAcks'],
  ['rescaleGap', 'rescaleOverlap'],
  ['timeoutNeverFires'],
  ['oldFailureCounts'],
  ['splitInFlight'],
  ['alignClockWrong'],
  ['doubleCharge'],
  ['replayFree'],
  ['tieBias'],
  ['orderLeak'],
  ['sharedStream'],
];

/** Those that another guard makes up for; matrix.test.ts kills each in a pair with it. */
const GUARDS = ['staleAck', 'zombieCommit'];

const NAMES = ROWS.flat();

let results: readonly MutantResult[] = [];

beforeAll(() => {
  results = runMutants({ maxStates: 500, runs: 400 });
}, 180_000);

describe('the 54 mutants', () => {
  test('are all in the matrix, each once', () => {
    expect(ROWS.length).toBe(54);
    const present = [...MUTANTS, ...TIMED_MUTANTS].map(({ name }) => name);
    expect(NAMES.filter((name) => !present.includes(name))).toEqual([]);
    expect(new Set(present).size).toBe(present.length);
  });

  test('are all on the list that the command prints', () => {
    const { mutants } = JSON.parse(tidemark(['mutants', '--list', '--json']).stdout) as {
      mutants: readonly { name: string }[];
    };
    const listed = mutants.map(({ name }) => name);
    expect(NAMES.filter((name) => !listed.includes(name))).toEqual([]);
    expect(listed.length).toBe(ALL_MUTANTS.length + TIMED_MUTANTS.length);
  });

  test('are killed, or live for a reason', () => {
    const of = (name: string): MutantResult => results.find((each) => each.name === name)!;
    const alive = NAMES.filter((name) => of(name).status !== 'killed');
    expect(alive).toEqual(GUARDS);
    for (const name of alive) expect([of(name).status, of(name).why === ''], name).toEqual(['redundant-guard', false]);
  });
});
