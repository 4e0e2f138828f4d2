// The whole matrix at the effort the command uses by default, run once. Lengths are those of the shrunk or breadth-first
// counterexample, with a small allowance: growing ones mean that the searches or the shrinker have become worse.
import { beforeAll, describe, expect, test } from 'vitest';

import { FlowWorld } from '../../../models/dataflow/flow-world.ts';
import { lawsFor } from '../../../models/dataflow/laws/index.ts';
import { FAULT_KINDS } from '../../../models/dataflow/topology.ts';
import { MUTANTS, type MutantResult, runMutants } from '../../../models/mutants/index.ts';
import { mutantsReport, shrinkQuality } from '../../../reports/mutants.ts';
import { explore, replayPath } from '../../../sim/explore.ts';

const ALLOWANCE = 4;

/** Mutant to the law that kills it, who finds it, and in how many steps. */
const KILLS: Readonly<Record<string, readonly [law: string, driver: 'swarm' | 'explore', steps: number]>> = {
  ackBeforeUpload: ['D1', 'swarm', 2],
  completeMissingAck: ['C1', 'swarm', 8],
  countAcks: ['C1', 'swarm', 9],
  offsetAfterBarrier: ['C4', 'swarm', 11],
  noAlign: ['C2', 'swarm', 24],
  noAlignOne: ['C2', 'swarm', 24],
  snapFirst: ['C3', 'swarm', 15],
  resumeEarly: ['C2', 'swarm', 22],
  forwardLate: ['C2', 'swarm', 14],
  forwardEarly: ['C3', 'swarm', 17],
  overtake: ['C3', 'swarm', 12],
  forgetChannelState: ['C3', 'swarm', 17],
  captureTooMuch: ['C2', 'swarm', 17],
  disorderChannelState: ['C5', 'swarm', 22],
  wrongGate: ['C3', 'swarm', 17],
  switchLoses: ['C3', 'swarm', 19],
  lateBarrierRevives: ['L2', 'swarm', 20],
  abortLeavesBlocked: ['L1', 'swarm', 36],
  abortNotPropagated: ['L2', 'swarm', 20],
  mixConcurrent: ['S1', 'swarm', 38],
  reuseId: ['C1', 'swarm', 16],
  'reuseId + staleAck': ['M2', 'swarm', 7],
  restoreOldest: ['M1', 'swarm', 25],
  restorePartial: ['D2', 'swarm', 5],
  mixOffsets: ['S1', 'swarm', 36],
  commitOnBarrier: ['E3', 'swarm', 4],
  commitOnlyExact: ['E2', 'swarm', 33],
  forgetPending: ['E2', 'swarm', 32],
  blindRecommit: ['E1', 'swarm', 19],
  notifyBeforeMetadata: ['D1', 'swarm', 10],
  'notifyBeforeMetadata + zombieCommit': ['E4', 'swarm', 14],
  sharedTxnId: ['E5', 'swarm', 5],
  lingering: ['L3', 'swarm', 21],
  skipByMaxId: ['E2', 'swarm', 34],
  swallowCommitError: ['E2', 'swarm', 34],
  deleteShared: ['D2', 'swarm', 27],
  referToAborted: ['D2', 'swarm', 24],
  sameNameOtherBytes: ['D3', 'swarm', 20],
  leakAborted: ['D3', 'swarm', 30],
  timersOutside: ['S2', 'swarm', 15],
  asyncNotDrained: ['S2', 'swarm', 15],
  finishedNeverAcks: ['L1', 'swarm', 10],
  rescaleGap: ['S3', 'swarm', 22],
  rescaleOverlap: ['S3', 'swarm', 26],
  timeoutNeverFires: ['L1', 'swarm', 15],
  splitInFlight: ['C3', 'swarm', 14],
  orderLeak: ['X1', 'explore', 7],
};

const CONTEXT = {
  version: '0',
  kind: 'catalogue',
  subject: 'all protocols',
  seed: 'mutants',
  runs: 400,
  maxStates: 2000,
  command: 'tidemark mutants',
} as const;

let results: readonly MutantResult[] = [];
const resultOf = (name: string): MutantResult => results.find((each) => each.name === name)!;

beforeAll(() => {
  results = runMutants({ mutants: MUTANTS });
}, 180_000);

describe('the catalogue', () => {
  test('tells the pins of this file about each mutant', () => {
    const expected = MUTANTS.filter(({ expected }) => expected.status === 'killed').map(({ name }) => name);
    expect(expected.toSorted()).toEqual(Object.keys(KILLS).toSorted());
  });

  test('says why a mutant lives, and kills it in a pair with the guard that saves it', () => {
    const guards = MUTANTS.filter(({ expected }) => expected.status === 'redundant-guard').map(({ name }) => name);
    expect(guards).toEqual(['staleAck', 'zombieCommit']);
    for (const guard of guards) {
      const { status, why } = resultOf(guard);
      expect(status, guard).toBe('redundant-guard');
      expect(why, guard).not.toBe('');
      const pair = results.find(({ name }) => name.endsWith(`+ ${guard}`));
      expect(pair?.status, `a pair with ${guard}`).toBe('killed');
    }
  });
});

describe('the matrix', () => {
  test.each(Object.entries(KILLS))('kills %s by the promised law, driver and length', (name, [law, driver, steps]) => {
    const result = resultOf(name);
    expect(result, name).toMatchObject({ status: 'killed', law, driver });
    expect(result.steps, `steps of ${name}`).toBeGreaterThan(0);
    expect(result.steps, `steps of ${name}`).toBeLessThanOrEqual(steps + ALLOWANCE);
  });

  test('finds every base silent in the surroundings of its mutants, with the same effort', () => {
    const loud = results.filter(({ baseBreaks }) => baseBreaks.length > 0);
    expect(loud.map(({ name, baseBreaks }) => `${name}: ${baseBreaks.join(' ')}`)).toEqual([]);
  });

  test('has no two mutants that are one: their graphs of states differ', () => {
    expect(results.filter(({ twin }) => twin !== null).map(({ name, twin }) => `${name} = ${twin}`)).toEqual([]);
  });

  test('gives counterexamples that replay, and no shorter one hides in reach of breadth-first search', () => {
    for (const result of results.filter(({ path, law }) => path.length > 0 && law !== 'X1')) {
      const { protocol, base, topology, environment } = MUTANTS.find(({ name }) => name === result.name)!;
      const world = new FlowWorld(protocol, topology, environment, lawsFor(base, topology));
      const replay = replayPath(world, result.path, { law: result.law, faultKinds: FAULT_KINDS });
      expect(replay.violation?.law, result.name).toBe(result.law);
      expect(replay.ids, result.name).toEqual(result.path);
      if (result.breadthSteps >= 0) expect(result.steps, result.name).toBe(result.breadthSteps);
    }
  });

  test('shrinks what random runs find to at most 1.5 times the least length, where that is known', () => {
    const { known, shrunk, worst } = shrinkQuality(results);
    expect([known, shrunk].map(Number)).toEqual([17, 46]);
    expect(worst).toBeLessThanOrEqual(1.5);
    expect(mutantsReport(results, CONTEXT, (_, text) => text)).toContain(
      'shrinking: breadth-first search knows the least length of 17 of 46 counterexamples of random runs;',
    );
  });

  test.each(['noAlignOne', 'snapFirst', 'forgetChannelState', 'reuseId', 'notifyBeforeMetadata + zombieCommit'])(
    'and %s, whose least length takes a longer search',
    (name) => {
      const { shrunkSteps, law } = resultOf(name);
      const { protocol, base, topology, environment } = MUTANTS.find((each) => each.name === name)!;
      const world = new FlowWorld(protocol, topology, environment, lawsFor(base, topology));
      const limits = { maxStates: 60_000, maxDepth: shrunkSteps, stopAtFirst: law, faultKinds: FAULT_KINDS };
      const least = explore(world, limits).violations.find((found) => found.law === law)!.path.length;
      expect(shrunkSteps).toBeLessThanOrEqual(1.5 * least);
    },
    20_000,
  );

  test('breaks each law of a dataflow by some mutant, and most by one that breaks nothing else', () => {
    const broken = [...new Set(results.flatMap(({ breaks }) => breaks))].toSorted();
    expect(broken.join(' ')).toBe('C1 C2 C3 C4 C5 D1 D2 D3 E1 E2 E3 E4 E5 L1 L2 L3 M1 M2 S1 S2 S3 X1');
    const alone = [...new Set(results.flatMap(({ breaks }) => (breaks.length === 1 ? breaks : [])))].toSorted();
    expect(alone.join(' ')).toBe('C2 C3 C4 C5 D3 E1 E2 E3 E5 L1 L2 L3 M1 S2 S3 X1');
  });

  test('gives the same results for the same options, and refuses a name it does not know', () => {
    const options = { maxStates: 200, runs: 20, names: ['ackBeforeUpload', 'lingering'] };
    expect(runMutants(options)).toEqual(runMutants(options));
    expect(runMutants(options).map(({ name }) => name)).toEqual(options.names);
    expect(() => runMutants({ names: ['nonsuch'] })).toThrow("no mutant is called 'nonsuch'");
  });
});

describe('what a mutant needs', () => {
  test.each([
    ['reuseId', { zombies: false }],
    ['commitOnlyExact', { lostNotifications: 0 }],
    ['countAcks', { duplicatedMessages: 0 }],
    ['swallowCommitError', { failedCommits: 0 }],
    ['blindRecommit', { crashes: 0 }],
    ['abortLeavesBlocked', { timeouts: 0 }],
    ['leakAborted', { failedUploads: 0 }],
  ] as const)('%s lives where its fault does not happen', (name, environment) => {
    const mutant = MUTANTS.find((each) => each.name === name)!;
    const tame = { ...mutant, environment: { ...mutant.environment, ...environment } };
    expect(runMutants({ mutants: [tame], runs: 100, maxStates: 500 })[0]?.status).toMatch(/survived|equivalent/);
  });
});
