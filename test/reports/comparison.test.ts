import { describe, expect, it } from 'vitest';
import { divergenceLines, plain, replayComparison, type Divergence } from '../../reports/index.ts';
import { holding, losing } from './fixtures.ts';

describe('two runs that differ', () => {
  const divergences: readonly (readonly [string, Divergence])[] = [
    [
      'event',
      {
        kind: 'event',
        n: 12_346,
        first: {
          n: 12_346,
          atMicros: 72_345_678,
          id: 'deliver:output-3#77',
          text: 'task 3 sends the output of offset 77 to the broker',
        },
        second: {
          n: 12_346,
          atMicros: 72_345_679,
          id: 'step-done:container-1/0#12',
          text: 'commit 3 of task 2: flush-producers done',
        },
      },
    ],
    ['ended', { kind: 'event', n: 5, first: null, second: { n: 5, atMicros: 1, id: 'a#1', text: 'one more' } }],
    ['state', { kind: 'state', n: 2048, digests: ['state', 'cost'] }],
    ['unsteady', { kind: 'unsteady', afterEvents: 1024 }],
  ];

  it.each(divergences)('are told apart at one place: %s', async (name, divergence) => {
    await expect(divergenceLines(divergence, plain).join('\n') + '\n').toMatchFileSnapshot(
      `golden/divergence-${name}.txt`,
    );
  });
});

describe('a replay', () => {
  const saved = { savedBy: '0.1.0', law: 'O1', digests: losing.digests };

  it('is the same when law and digests are', () => {
    const { document, lines } = replayComparison(saved, losing, '0.1.0');
    expect(document).toMatchObject({
      same: true,
      same_law: true,
      same_digests: true,
      saved_by: '0.1.0',
      saved_law: 'O1',
    });
    expect(lines(plain)).toEqual(['SAME  law and digests are those of the file']);
  });

  it('says what changed, and that another version may have changed the model', () => {
    const outcome = { ...holding, digests: { ...holding.digests, cost: 'ffffffffffffffff' } };
    const { document, lines } = replayComparison(saved, outcome, '0.2.0');
    expect(document).toMatchObject({ same: false, same_law: false, same_digests: false });
    expect(lines(plain)).toEqual([
      'CHANGED  the file has O1 broken, this run no broken law; the cost digest differs',
      '  The file was written by tidemark 0.1.0, this is 0.2.0: the model may have changed.',
    ]);
  });

  it('blames the file or Tidemark when the version is the same', () => {
    const { lines } = replayComparison({ ...saved, law: null }, losing, '0.1.0');
    expect(lines(plain).join(' ')).toContain('this very version');
  });
});
