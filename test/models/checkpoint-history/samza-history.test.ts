// The history is a second count of what the ledger of commits counts, so both must agree in every scenario; and watching a
// run does not change it.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CheckpointHistoryWriter, type CheckpointStatus } from '../../../models/checkpoint-history/index.ts';
import { simulate } from '../../../models/simulate.ts';
import { catalog, loadScenario } from '../../../scenarios/index.ts';
import { watched } from '../../reports/report-page/data.ts';
import { planOf } from '../../scenarios/files.ts';

const fileOf = (name: string): string => {
  const entry = catalog.find((each) => each.name === name)!;
  return new URL(`../../../scenarios/${entry.file}`, import.meta.url).pathname;
};
const readFile = (path: string): Uint8Array => readFileSync(path);

const scenarios = [
  'container-crash',
  'host-loss-with-affinity',
  'blob-upload-outage',
  'blob-slow-uploads',
  'blob-outage-too-long',
  'async-commit',
  'commit-timeout-overlap',
  'zombie-after-partition',
];

describe.each(scenarios)('the history of %s', (name) => {
  const path = fileOf(name);
  const plan = planOf(loadScenario({ path, text: readFile(path) }, { readFile }));
  const { outcome, history } = watched(plan);
  const counted = (status: CheckpointStatus): number =>
    history.counts.find((each) => each.status === status)?.count ?? 0;

  it('counts commits as the ledger does', () => {
    const { completed, failed, skipped, timed_out, cut_off, started } = outcome.checkpoint_detail;
    expect({
      completed: counted('completed'),
      failed: counted('failed'),
      skipped: counted('skipped'),
      timed_out: counted('timed-out'),
      cut_off: counted('cut-off'),
    }).toEqual({ completed, failed, skipped, timed_out, cut_off });
    expect(counted('completed') + counted('failed') + counted('cut-off')).toBeLessThanOrEqual(started);
  });

  it('has the longest synchronous and asynchronous part that the ledger has', () => {
    const { sync_us_max, async_us_max } = outcome.checkpoint_detail;
    const most = (measure: string): number =>
      Math.max(0, ...history.durations.filter((each) => each.measure === measure).map(({ max }) => max));
    expect(most('synchronous part')).toBe(sync_us_max);
    expect(most('asynchronous part')).toBeGreaterThanOrEqual(async_us_max);
  });

  it('has the bytes that were written to changelogs and uploaded, but for what no commit covered', () => {
    const { changelog_bytes_written: written, blob_bytes_uploaded: uploaded } = outcome.storage;
    const bytes = history.sizes.reduce((sum, { n, mean }) => sum + n * mean, 0);
    expect(bytes).toBeLessThanOrEqual(written + uploaded + 1e-6);
    expect(bytes).toBeGreaterThan(0);
  });

  it('does not change the run', () => {
    expect(simulate(plan).digests).toEqual(outcome.digests);
  });
});

describe('a history', () => {
  it('lists the newest, and the first that did not complete, by trigger', () => {
    const writer = new CheckpointHistoryWriter('checkpoint');
    for (let i = 0; i < 1000; i++) {
      const status = i % 2 === 0 ? 'completed' : 'failed';
      writer.add(
        {
          checkpoint: String(i),
          trigger: 'interval',
          status,
          reason: status === 'failed' ? 'expired' : null,
          triggered_us: i,
          end_to_end_us: i,
          waited_us: null,
          sync_us: null,
          async_us: null,
          alignment_us: null,
          bytes: null,
          in_flight_bytes: null,
          acknowledged: 1,
          tasks: 1,
          slowest: null,
          slowest_us: null,
        },
        [],
      );
    }
    const { entries, total, reasons, durations } = writer.close();
    expect(total).toBe(1000);
    expect(entries).toHaveLength(300);
    expect(entries[0]!.checkpoint).toBe('1');
    expect(entries.at(-1)!.checkpoint).toBe('999');
    expect(reasons).toEqual([{ status: 'failed', reason: 'expired', count: 500 }]);
    expect(durations.map(({ of, n, min, max, p50 }) => [of, n, min, max, p50])).toEqual([
      ['completed', 500, 0, 998, 499],
      ['not completed', 500, 1, 999, 500],
    ]);
  });
});
