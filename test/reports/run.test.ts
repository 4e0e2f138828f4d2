import { describe, expect, it } from 'vitest';
import { length, meetsExpectation, REPORT_WIDTH, runDocument, runReport, type Style } from '../../reports/index.ts';
import { budget, context, cutShort, holding, losing, recovery } from './fixtures.ts';

const hour = 3_600_000_000;
const manyRecoveries = Array.from({ length: 103 }, (_, i) =>
  recovery({
    container: i % 4,
    at_us: (i + 1) * 12 * hour,
    restore_us: 1_000_000 * (i + 1),
    catchup_us: i === 102 ? -1 : 500_000 * i,
    finished: i !== 50,
    restored_from: i % 2 === 0 ? 'local' : 'changelog',
  }),
);

/** A run of 55 days with everything that can be said about one. */
const long = {
  ...losing,
  scenario: 'lanl-system-20',
  simulated_s: 55 * 86_400,
  events: 123_456_789,
  recoveries: manyRecoveries,
  budgets: Array.from({ length: 20 }, (_, task) => budget(task, 55 * 24 * hour - 2_727_000_000 + task)),
  checkpoint_detail: { ...holding.checkpoint_detail, skipped: 12, blocked: 3, failed: 2, timed_out: 1 },
  batch_layer: { batches: 55, served_error_max: 412, corrected_total: 9_876, served_error_end: 3 },
  job_failed: true,
};

describe('the report of a run', () => {
  it.each([
    ['holds', runReport(holding, context)],
    ['violated', runReport(losing, { ...context, notes: ['task.window.ms is accepted and does nothing here'] })],
    [
      'violated-as-expected',
      runReport(losing, { ...context, plan: { ...context.plan, expect: { kind: 'violated', law: 'O1' } } }),
    ],
    ['unknown', runReport(cutShort, context)],
    ['long', runReport(long, context)],
  ])('is pinned: %s', async (name, text) => {
    await expect(text).toMatchFileSnapshot(`golden/run-${name}.txt`);
  });

  it.each([holding, losing, cutShort, long])('fits its width and leaves no space at the end of a line', (outcome) => {
    for (const line of runReport(outcome, context).split('\n')) {
      // Commands stay in one piece, whatever their length.
      if (!/^(look|again) /.test(line)) expect(length(line)).toBeLessThanOrEqual(REPORT_WIDTH);
      expect(line).toBe(line.trimEnd());
    }
  });

  it('says the verdict before anything else and the command last', () => {
    const lines = runReport(losing, context).trimEnd().split('\n');
    expect(lines.findIndex((line) => line.startsWith('VIOLATED'))).toBeLessThan(4);
    expect(lines.at(-1)).toBe(`again     ${context.command}`);
  });

  it('has the same words with and without colour', () => {
    const colour: Style = (tone, text) => `\u001B[${tone}m${text}\u001B[m`;
    const styled = runReport(long, { ...context, style: colour });
    expect(styled).not.toBe(runReport(long, context));
    // oxlint-disable-next-line no-control-regex -- these are the control characters put in above
    expect(styled.replaceAll(/\u001B\[(?:good|bad|warn|dim|strong)?m/g, '')).toBe(runReport(long, context));
  });

  it('says loudly when the parts of a task’s time do not add up', () => {
    const broken = { ...holding, budgets: [budget(0, 1)] };
    expect(runReport(broken, context)).toContain('DO NOT add up');
  });

  it('names laws that never had anything to check', () => {
    expect(runReport(holding, context)).toContain('never checked: O3');
  });
});

describe('the document of a run', () => {
  it('has the names that others rely on', () => {
    const document = runDocument(losing, { ...context, expect: { kind: 'violated', law: 'O1' } });
    expect(document).toMatchObject({
      verdict: { kind: 'violated', law: 'O1' },
      digests: holding.digests,
      simulated_s: 3600,
      records: { offered: 7_200, processed: 7_170, lost: 20, duplicated: 412 },
      checkpoints: 118,
      command: context.command,
      scenario_hash: context.scenarioHash,
      expected: { kind: 'violated', law: 'O1', met: true },
    });
    expect(document.recoveries).toHaveLength(1);
  });
});

describe('an expectation', () => {
  it('is met by the same verdict, and for a violation by the same law', () => {
    expect(meetsExpectation(holding, { kind: 'holds' })).toBe(true);
    expect(meetsExpectation(losing, { kind: 'violated', law: 'O1' })).toBe(true);
    expect(meetsExpectation(losing, { kind: 'violated', law: 'O3' })).toBe(false);
    expect(meetsExpectation(losing, { kind: 'holds' })).toBe(false);
    expect(meetsExpectation(cutShort, { kind: 'unknown' })).toBe(true);
  });
});
