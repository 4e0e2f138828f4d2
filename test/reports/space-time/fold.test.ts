// Folding hides steps and nothing else: what is left is in the same order, every arrow still has both ends, and the commit
// that the crash cut off, or that broke a law, keeps all its steps.
import { describe, expect, test } from 'vitest';
import type { History } from '../../../models/dataflow/history.ts';
import { foldCommits } from '../../../reports/space-time/fold.ts';
import { histories, samzaWindow } from './histories.ts';

const whole = samzaWindow();
const folded = foldCommits(whole);

const stepsOf = ({ events }: History, commit: string): string[] =>
  events.filter(({ kind, label }) => kind === 'step' && label.includes(commit)).map(({ label }) => label);

describe('a folded history', () => {
  test('keeps everything but steps, in order, and numbers it anew', () => {
    const label = ({ label: text }: History['events'][number]): string => text;
    expect(folded.events.filter(({ kind }) => kind !== 'step').map(label)).toEqual(
      whole.events.filter(({ kind }) => kind !== 'step').map(label),
    );
    expect(folded.events.map(({ n }) => n)).toEqual(folded.events.map((_, i) => i + 1));
    expect(folded.events.length).toBeLessThan(whole.events.length / 1.5);
  });

  test('the commit that the crash cut off keeps its steps, the others lose theirs', () => {
    expect(stepsOf(folded, 'task 0, commit 2')).toEqual(stepsOf(whole, 'task 0, commit 2'));
    expect(stepsOf(whole, 'task 1, commit 3').length).toBeGreaterThan(5);
    expect(stepsOf(folded, 'task 1, commit 3')).toEqual([]);
  });

  test('no arrow goes back in time, and each ends on the line it is for', () => {
    for (const { from, to, toLine } of folded.messages) {
      if (to === null) continue;
      expect(from).toBeLessThan(to);
      expect(folded.events[to - 1]!.line).toBe(toLine);
    }
    const folds = folded.events.filter(
      ({ kind, label }) => kind === 'complete' && stepsOf(folded, label.split(':')[0]!).length === 0,
    );
    // Of the answers that a folded commit waited for, the last one.
    for (const { n } of folds) expect(folded.messages.filter(({ to }) => to === n)).toHaveLength(1);
    expect(folds.length).toBeGreaterThan(0);
    const uploads = (history: History): number => history.messages.filter(({ kind }) => kind === 'upload').length;
    expect(uploads(folded)).toBe(uploads(whole));
  });

  test('cuts and spans stand at the same events', () => {
    const labels = (history: History): string[] => [
      ...history.cuts.flatMap(({ points }) => points.map(({ event }) => history.events[event - 1]!.label)),
      ...history.spans.map(({ from }) => history.events[from - 1]!.label),
    ];
    expect(labels(folded)).toEqual(labels(whole));
    expect(labels(folded).length).toBeGreaterThan(2);
  });

  test('says what it hides, and a second time hides nothing', () => {
    const hidden = whole.events.length - folded.events.length;
    expect(folded.notes.at(-1)).toContain(`${hidden} steps of commits that nothing disturbed are folded away`);
    expect(foldCommits(folded)).toBe(folded);
  });

  test('a commit with a guilty event keeps its steps', () => {
    const guilty = whole.events.find(({ label }) => label.startsWith('task 1, commit 3: append-v1'))!;
    const violation = {
      law: 'O6',
      statement: '',
      facts: {},
      event: guilty.n,
      atEnd: false,
      messages: [],
      events: [guilty.n],
      records: [],
    };
    const marked = foldCommits({ ...whole, violation });
    expect(stepsOf(marked, 'task 1, commit 3')).toEqual(stepsOf(whole, 'task 1, commit 3'));
    expect(marked.events[marked.violation!.event! - 1]!.label).toBe(guilty.label);
  });

  test('a path without commit steps is itself', () => {
    const path = histories.join();
    expect(foldCommits(path)).toBe(path);
  });
});
