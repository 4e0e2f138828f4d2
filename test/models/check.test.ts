// Checks of protocols as a library: plans within the promise, coverage that counts, breaches made small, and the same
// answer however the runs are shared out.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, drawPlan, MUTANTS, plansOf, PROTOCOLS, type Protocol, tryOrder } from '../../models/index.ts';
import { checkRun, checkShard, mergeCheckFindings } from '../../models/dataflow/check.ts';
import { endState, shrinkFlow } from '../../models/dataflow/counterexample.ts';
import { FAULT_NAMES } from '../../models/dataflow/coverage.ts';
import { unfit } from '../../models/dataflow/plans.ts';
import { replayFlow } from '../../models/dataflow/replay-flow.ts';
import type { FlowSubject } from '../../models/dataflow/subject.ts';
import { mergeAll } from '../../sim/index.ts';
import { checkProtocol, ProtocolViolation } from '../../reports/index.ts';

const subjectOfMutant = (name: string): FlowSubject => {
  const { protocol, base } = MUTANTS.find((mutant) => mutant.name === name)!;
  return { protocol, promised: base };
};

const anyProtocol = fc.constantFrom(...Object.values(PROTOCOLS));

describe('a plan', () => {
  it('asks for no more than the protocol promises', () => {
    fc.assert(
      fc.property(anyProtocol, fc.nat(), (protocol, run) => {
        const { topology, environment } = drawPlan(protocol, { seed: 'test', run });
        if (!protocol.needs.cycles) expect(topology.name).not.toBe('ring');
        if (protocol.needs.fifo) expect(topology.channels.every(({ fifo }) => fifo)).toBe(true);
        if ((protocol.lossy ?? []).length === 0) expect(environment.lostNotifications).toBe(0);
        if (protocol.coordinator.expired === undefined) expect(environment.timeouts).toBe(0);
      }),
    );
  });

  it('keeps everything else when its topology is fixed', () => {
    fc.assert(
      fc.property(fc.nat(), (run) => {
        const free = drawPlan(PROTOCOLS['chandy-lamport'], { seed: 1, run });
        const fixed = drawPlan(PROTOCOLS['chandy-lamport'], { seed: 1, run, topology: 'diamond' });
        expect(fixed.topology.name).toBe('diamond');
        expect(fixed.topology.records).toBe(free.topology.records);
        expect(fixed.environment).toEqual(free.environment);
      }),
    );
  });
});

/** Enough for what is rare to bite once: a failed commit where the job stops with a savepoint. */
const RUNS = 1500;

describe('a check', () => {
  it.each(Object.values(PROTOCOLS).map((protocol) => [protocol.name, protocol] as const))(
    'of %s finds nothing, and every fault that it knows of changes something, but a retried commit',
    (_name, protocol) => {
      const result = check(protocol, { runs: RUNS, seed: 'test' });
      expect(result.verdict).toBe('holds');
      expect(result.ended).toBe(RUNS);
      const quiet = FAULT_NAMES.filter((name) => result.coverage!.faults[name].bit === 0);
      // A failed commit is tried again, except where the job stops with a savepoint and fails.
      const isSaved = protocol.coordinator.savepoint !== undefined;
      const unmet = unfit(protocol, 'keyed') === null ? [] : ['rescaled job'];
      expect(quiet).toEqual(isSaved ? unmet : ['failed commit', ...unmet, 'lost event', 'savepoint']);
    },
  );

  // Each needs surroundings of its own: lossy aborts, two retained checkpoints, no commits at all.
  const elsewhere = new Set(['abortNotPropagated', 'staleAck', 'zombieCommit', 'orderLeak', 'timeoutNeverFires']);
  const hunted = MUTANTS.filter(({ name, expected }) => expected.status === 'killed' && !elsewhere.has(name));
  it(
    'convicts nearly every mutant of the catalogue on random jobs that know nothing of it',
    { timeout: 240_000 },
    () => {
      const survivors = hunted.filter(({ protocol, base }) => {
        for (let run = 0; run < 3000; run++) {
          if (checkRun({ protocol, promised: base }, { seed: 'test' }, run).campaign.violations.length > 0)
            return false;
        }
        return true;
      });
      expect(survivors.map(({ name }) => name)).toEqual([]);
    },
  );

  it('does not care how its runs are shared out', () => {
    const subject = subjectOfMutant('noAlign');
    const round = { from: 0, to: 60 };
    const whole = checkShard(subject, {}, { round, shard: { index: 0, count: 1 } });
    const parts = [2, 0, 1].map((index) => checkShard(subject, {}, { round, shard: { index, count: 3 } }));
    expect(mergeAll(parts, mergeCheckFindings)).toEqual(whole);
  });

  it('is unknown where restarts that begin from nothing would go unnoticed', () => {
    const blind: Protocol = { ...PROTOCOLS['flink-aligned'], restore: () => 0 };
    const result = check({ protocol: { ...blind }, promised: blind }, { runs: 300, minReach: 1 });
    // This one is not blind, it is wrong: what must not be is green.
    expect(result.verdict).toBe('violated');
    expect(check(PROTOCOLS['flink-aligned'], { runs: 0 }).why).toBe('nothing-ran');
  });
});

describe('a breach made small', () => {
  it.each(['snapFirst', 'resumeEarly', 'forgetPending', 'commitOnlyExact', 'abortLeavesBlocked', 'sharedTxnId'])(
    'breaks the same law, is no longer, and can be replayed: %s',
    (name) => {
      const subject = subjectOfMutant(name);
      for (let run = 0; run < 3000; run++) {
        const found = checkRun(subject, { seed: 'small' }, run).campaign.violations[0];
        if (found === undefined) continue;
        const plan = drawPlan(subject.promised, { seed: 'small', run });
        const { counterexample, cost } = shrinkFlow(subject, plan, found);
        expect(counterexample.law).toBe(found.law);
        expect(counterexample.path.length).toBeLessThanOrEqual(cost.fromSteps);
        expect(counterexample.plan.topology.records).toBeLessThanOrEqual(plan.topology.records);
        const { plan: smaller, path, law, state } = counterexample;
        expect(replayFlow(subject, smaller, { path, law }).counterexample?.law).toBe(law);
        expect(endState(subject, smaller, path)).toBe(state);
        return;
      }
      expect.fail(`no run broke ${name}`);
    },
  );

  it('has no restart that it can do without', () => {
    const { counterexample } = check(subjectOfMutant('snapFirst'));
    expect(counterexample!.path.filter((id) => id.startsWith('crash:'))).toEqual([]);
    expect(counterexample!.plan.environment.crashes).toBe(0);
  });
});

describe('in a test suite', () => {
  it('checkProtocol returns what was reached when nothing breaks', () => {
    expect(checkProtocol(PROTOCOLS['flink-aligned'], { runs: 600 }).reached).toBeGreaterThan(1000);
  });

  it('checkProtocol throws the story', () => {
    const { protocol } = subjectOfMutant('noAlign');
    expect(() => checkProtocol({ ...protocol, name: 'mine' })).toThrow(ProtocolViolation);
    expect(() => checkProtocol({ ...protocol, name: 'mine' })).toThrow(
      /VIOLATED {2}C2[^]*contradiction with[^]*Path {2}\d+ actions/,
    );
  });

  it('checkProtocol throws when the runs prove nothing, and when it is given no protocol', () => {
    expect(() => checkProtocol(PROTOCOLS['flink-aligned'], { runs: 3 })).toThrow(/UNKNOWN/);
    expect(() => checkProtocol({} as Protocol)).toThrow('this is not a protocol: "name" should be a text');
  });

  it('plans are an arbitrary, and tryOrder a property', () => {
    const aligned = PROTOCOLS['flink-aligned'];
    fc.assert(
      fc.property(fc.nat().map(plansOf(aligned)), fc.nat(), (plan, order) => tryOrder(aligned, plan, order) === null),
    );
    const { protocol } = subjectOfMutant('ackBeforeUpload');
    const details = fc.check(
      fc.property(fc.nat().map(plansOf(protocol)), fc.nat(), (plan, order) => tryOrder(protocol, plan, order) === null),
    );
    expect(details.failed).toBe(true);
  });
});
