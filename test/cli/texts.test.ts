import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandText, shellWord } from '../../cli/command-text.ts';
import { progressLine } from '../../cli/progress.ts';
import { scenarioHash } from '../../cli/scenario-hash.ts';
import type { RunPlan } from '../../models/plan.ts';

describe('a command as text', () => {
  it('quotes only what a shell would misread', () => {
    expect(commandText(['run', 'page-views', '--set', 'load.rate_per_s=5'])).toBe(
      'tidemark run page-views --set load.rate_per_s=5',
    );
    expect(shellWord('non-tx new host')).toBe("'non-tx new host'");
    expect(shellWord("it's")).toBe(String.raw`'it'\''s'`);
    expect(shellWord('')).toBe("''");
  });

  it.runIf(process.platform === 'linux')('is read back by a shell as the same words', () => {
    const words = fc.sample(
      fc.array(
        fc.string({ unit: 'grapheme' }).map((word) => word.replaceAll('\0', '')),
        { maxLength: 4 },
      ),
      50,
    );
    for (const each of words) {
      const out = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${each.map(shellWord).join(' ')}`], {
        encoding: 'utf8',
      });
      expect(out).toBe(each.length === 0 ? '\0' : each.map((word) => `${word}\0`).join(''));
    }
  });
});

describe('a progress line', () => {
  const latest = { simulatedMicros: 12 * 86_400_000_000, events: 1_234_567 };
  const horizonMicros = 55 * 86_400_000_000;

  it('says how far, how much and about how long still', () => {
    expect(progressLine('lanl', { latest, horizonMicros, elapsedMicros: 4_200_000 })).toBe(
      'lanl: 12 d of 55 d (21.8 %), 1,234,567 events, 4.2 s, about 15 s left',
    );
  });

  it('guesses no end before there is something to guess from, and has none without a horizon', () => {
    expect(
      progressLine('lanl', { latest: { simulatedMicros: 1, events: 1 }, horizonMicros, elapsedMicros: 1e6 }),
    ).not.toContain('left');
    expect(progressLine('crash-matrix', { latest: null, horizonMicros: null, elapsedMicros: 2_340_000 })).toBe(
      'crash-matrix: 2.3 s',
    );
  });
});

describe('the hash of a scenario', () => {
  const plan = {
    name: 'a',
    seed: '1',
    replication: 0,
    horizonMicros: 5,
    cluster: { hosts: 1, slotsPerHost: 2 },
  } as unknown as RunPlan;

  it('is the same for all seeds and replications, and whatever the order of the names', () => {
    expect(scenarioHash({ ...plan, seed: '2', replication: 7 })).toBe(scenarioHash(plan));
    const turned = { cluster: { slotsPerHost: 2, hosts: 1 }, horizonMicros: 5, replication: 0, seed: '1', name: 'a' };
    expect(scenarioHash(turned as unknown as RunPlan)).toBe(scenarioHash(plan));
    expect(scenarioHash(plan)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('changes with anything else, deep inside too', () => {
    const changed = { ...plan, cluster: { ...plan.cluster, hosts: 2 } };
    expect(scenarioHash(changed)).not.toBe(scenarioHash(plan));
  });
});
