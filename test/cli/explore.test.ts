// `tidemark explore` as a user meets it: what was seen, whether it was all, and the shortest counterexample.
import { describe, expect, it } from 'vitest';
import { tidemark } from './tidemark.ts';

interface Document {
  readonly verdict: { readonly kind: string; readonly law: string | null; readonly bound: string };
  readonly states: number;
  readonly durable_projections: number;
  readonly emptied: boolean;
  readonly counterexamples: readonly { readonly law: string; readonly steps: number }[];
}

const json = (words: readonly string[]): Document =>
  JSON.parse(tidemark(['explore', ...words, '--json']).stdout) as Document;

describe('the verdict', () => {
  it('holds within the bound when the queue was emptied', () => {
    const { code, stdout } = tidemark(['explore', '--topology', 'chain', '--crashes', '0']);
    expect(stdout).toContain('HOLDS  no order of events breaks a law');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('1 checkpoint and one in calm; the queue was emptied.');
    expect(stdout).toMatch(/[\d,]+ states \(all of them\), [\d,]+ transitions/);
    expect(code).toBe(0);
  });

  it('is unknown, exit code 3, when the search was cut, and says how to go further', () => {
    const { code, stdout } = tidemark(['explore', '--max-states', '500']);
    expect(stdout).toContain('UNKNOWN  no law was broken in 500 states, then the search was cut (--max-states 500)');
    expect(stdout).toContain('further   --max-states 5000');
    expect(code).toBe(3);
  });

  it('is violated with a shortest path', () => {
    const { code, stdout } = tidemark([
      'explore',
      '--mutant',
      'completeMissingAck',
      '--topology',
      'chain',
      '--crashes',
      '0',
    ]);
    expect(stdout).toContain('VIOLATED  C1');
    expect(stdout).toContain('(no shorter one breaks a law)');
    expect(code).toBe(1);
  });
});

describe('the search', () => {
  it('sees the same states in either order, and a counterexample depth first is no shorter', () => {
    const words = ['chandy-lamport', '--topology', 'ring', '--crashes', '0'];
    const [breadth, depth] = [json(words), json([...words, '--order', 'depth'])];
    expect(depth.states).toBe(breadth.states);
    expect(depth.durable_projections).toBe(breadth.durable_projections);
    const broken = ['--mutant', 'ackBeforeUpload', '--topology', 'chain', '--crashes', '0'];
    const steps = (order: string): number => json([...broken, '--order', order]).counterexamples[0]!.steps;
    expect(steps('depth')).toBeGreaterThanOrEqual(steps('breadth'));
  });

  it('a reduction changes neither verdict nor durable projections', () => {
    const words = ['flink-at-least-once', '--topology', 'chain', '--crashes', '0'];
    const [whole, reduced] = [json(words), json([...words, '--reduction', '1'])];
    expect(reduced.verdict.kind).toBe(whole.verdict.kind);
    expect(reduced.durable_projections).toBe(whole.durable_projections);
    expect(reduced.states).toBeLessThanOrEqual(whole.states);
  });

  it('goes on after the first breach when asked to', () => {
    const words = ['--mutant', 'completeMissingAck', '--topology', 'chain', '--crashes', '0'];
    expect(json([...words, '--all']).counterexamples.length).toBeGreaterThan(json(words).counterexamples.length);
  });

  it('finds more to happen with more faults', () => {
    const words = ['--topology', 'chain', '--crashes', '0'];
    const more = json([...words, '--fault', 'failed-upload', '--fault', 'expired-checkpoint']);
    expect(more.states).toBeGreaterThan(json(words).states);
    expect(more.verdict.bound).toContain('1 failed upload');
  });
});

describe('wrong usage is answered with exit code 2 and a sentence', () => {
  it.each([
    [['--records', '0'], '--records must be a whole number from 1 to 9'],
    [['--crashes', '-1'], '--crashes must be a whole number from 0 to 9'],
    [['--fault', 'crashh'], 'not one of coordinator-crash'],
    [['--order', 'width'], '--order width: not one of breadth, depth'],
    [['--topology', 'ring'], '--topology ring: flink-aligned does not work on graphs with cycles'],
  ])('explore %j', (words, message) => {
    const { code, stdout, stderr } = tidemark(['explore', ...words]);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
