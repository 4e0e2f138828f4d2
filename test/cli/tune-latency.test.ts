// `tidemark tune --latency-view` as a user types it.
import { describe, expect, it } from 'vitest';
import { tidemark } from './tidemark.ts';

describe('tidemark tune --latency-view', () => {
  it('says whose latency, and repeats it in the command', () => {
    const { stdout, code } = tidemark(['tune', 'trading', '--objective', 'latency', '--latency-view', 'replay']);
    expect(code).toBe(0);
    expect(stdout).toContain('least mean latency of every processing');
    expect(stdout).toContain('latency_optimal_interval_replay_view');
    expect(stdout).toContain('--objective latency --latency-view replay');
  });

  it.each([
    [['tune', 'trading', '--objective', 'money', '--latency-view', 'sink'], '--latency-view: latency is not what'],
    [['tune', 'trading', '--latency-view', 'last'], '--latency-view last: not one of first-output, replay, sink'],
  ])('answers %j with exit code 2', (words, message) => {
    const { code, stdout, stderr } = tidemark(words);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
