// The story of each law, with facts as the laws in models/laws leave them.
import { describe, expect, it } from 'vitest';
import { SAMZA_LAWS } from '../../models/laws/law-book.ts';
import type { Violation } from '../../models/outcome.ts';
import { length, violationStory } from '../../reports/index.ts';

const facts: Readonly<Record<string, Violation['facts']>> = {
  O1: { ssp: 'page-views-2', records_lost: 20, first_offset: 58, passed_over_at_us: 42_345_678, window: 'W-first' },
  O2: { duplicates: 41, replays: 40 },
  O3: {
    task: 2,
    store: 'counts',
    checkpoint: 'commit 3 by container-1#0',
    keys_wrong: 1,
    updates_missing: 1,
    updates_too_many: 0,
    first_key: 17,
    window: 'W-cache',
  },
  O4: { task: 2, store: 'counts', keys_wrong: 3, first_key: 17, window: 'W-async' },
  O5: { task: 2, commit: 5, live: 2 },
  O6: {
    task: 2,
    version: 1,
    from_offset: 120,
    to_offset: 90,
    written_by: 'container-1#0',
    after: 'container-1#1',
    window: 'W-zombie-ckpt',
  },
  O7: { task: 2, snapshot_index: 'index-7', blobs: 'deleted', by: 'container-1#0', window: 'W-zombie-blob' },
  O8: { container: 1, host: 2, lived_s: 300, bound_s: 273 },
  'E2 at a checkpoint': {
    ssp: 'page-views-2',
    first_offset: 58,
    outputs_missing: 3,
    checkpoint_covers: 70,
    checkpoint: 'commit 3 by container-1#0',
  },
  'E2 at the end': { ssp: 'page-views-2', outputs_missing: 3, checkpoint_covers: 70 },
  'S1 at the end': { updates_missing: 611, updates_too_many: 0, keys_wrong: 99, first_key: -1 },
  S1: { updates_missing: 1, updates_too_many: 4, keys_wrong: 3, first_key: 17 },
  'L1 retries': { container: 1, failures: 9, why: 'retry count exceeded', job: 'failed' },
  'L1 exit 0': { container: 1, window: 'W-restart0', why: 'exit status 0' },
};

function storyOf(title: string): readonly string[] {
  const law = title.split(' ')[0] ?? '';
  return violationStory({ law, statement: '', atMicros: 0, facts: facts[title] ?? {} });
}

describe('the story of a broken law', () => {
  it('exists for every law that is checked', () => {
    const told = new Set(Object.keys(facts).map((title) => title.split(' ')[0]));
    expect(Array.from(told)).toEqual(SAMZA_LAWS.map(({ id }) => id));
  });

  it.each(Object.keys(facts))('is pinned, in two to seven sentences, with every fact in it: %s', async (title) => {
    const lines = storyOf(title);
    const text = lines.join('\n');
    await expect(text + '\n').toMatchFileSnapshot(`golden/story-${title.replaceAll(' ', '-')}.txt`);
    const sentences = text.match(/\.(?=\s|$)/g)?.length ?? 0;
    expect(sentences).toBeGreaterThanOrEqual(2);
    expect(sentences).toBeLessThanOrEqual(7);
    expect(text).not.toContain('{');
    expect(text).not.toContain('  facts ');
    for (const line of lines) expect(length(line)).toBeLessThanOrEqual(100);
  });

  it('leaves out a sentence whose facts are not known, and lists facts that no sentence used', () => {
    const text = violationStory({
      law: 'O2',
      statement: '',
      atMicros: 0,
      facts: { replays: 40, pause_us: 1_500_000, size_bytes: 2_000 },
    }).join('\n');
    expect(text).not.toContain('processed again');
    expect(text).toContain('A record may be repeated only');
    expect(text).toContain('facts   replays 40 · pause_us 1.5 s · size_bytes 2 kB');
  });

  it('shows all facts of a law that has no story, and the name of a window nobody described', () => {
    const text = violationStory({ law: 'Z9', statement: '', atMicros: 0, facts: { task: 2, window: 'W-new' } }).join(
      '\n',
    );
    expect(text).toBe('  window  W-new\n  facts   task 2');
  });
});
