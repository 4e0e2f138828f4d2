// One set of data, three forms: they say the same, exactly, and the page needs nothing but itself.
import { describe, expect, it } from 'vitest';
import { CheckpointHistoryWriter } from '../../../models/checkpoint-history/index.ts';
import { jsonText, type ReportData, reportHtml, reportMarkdown } from '../../../reports/index.ts';
import { cellText } from '../../../reports/report-page/table-view.ts';
import { goodJob, loadText, planOf } from '../../scenarios/files.ts';
import type { FlowJobPlan } from '../../../models/flow-job/plan.ts';
import { recoveryOf as flowRecoveryOf } from '../../../reports/report-page/flow-part.ts';
import { budget, losing, recovery } from '../fixtures.ts';
import { empty, noCheckpoints, reportOf, study, watched } from './data.ts';
import { at, tablesOf, unbalanced } from './page-text.ts';

const crash = 'faults: { plan: [{ kind: container-crash, at_s: 200, container: 1 }] }\nhorizon_s: 400\n';
const plan = planOf(loadText(`${goodJob}${crash}`));
const { outcome, history } = watched(plan);
const simulated = reportOf(outcome, history, { study });

/** As the page has an exact value: as text, nothing for null. */
function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}

const HOUR = 3_600_000_000;

/** 20 tasks, a long and nasty name, 1200 checkpoints of which some failed, 103 recoveries. */
const large: ReportData = (() => {
  const writer = new CheckpointHistoryWriter('commit of a task');
  for (let i = 0; i < 1200; i++) {
    const part = {
      task: `task ${i % 20}`,
      end_to_end_us: 900 + i,
      sync_us: 300,
      async_us: 600 + i,
      alignment_us: null,
      bytes: i,
    };
    const fails = i % 100 === 50;
    writer.add(
      {
        checkpoint: `task ${i % 20} commit ${Math.floor(i / 20)}`,
        trigger: 'interval',
        status: fails ? 'failed' : 'completed',
        reason: fails ? 'upload: the <blob store> did not answer | for 120 s' : null,
        triggered_us: i * 1e6,
        end_to_end_us: part.end_to_end_us,
        waited_us: 0,
        sync_us: 300,
        async_us: 600 + i,
        alignment_us: null,
        bytes: i,
        in_flight_bytes: null,
        acknowledged: fails ? 0 : 1,
        tasks: 1,
        slowest: 'upload',
        slowest_us: 600 + i,
      },
      fails ? [] : [part],
    );
  }
  return reportOf(
    {
      ...losing,
      scenario: 'a-scenario-with-a-name-that-goes-on-and-on-and-does-not-end-where-others-do',
      recoveries: Array.from({ length: 103 }, (_, i) =>
        recovery({ container: i % 4, at_us: i * HOUR, catchup_us: i === 7 ? -1 : i * 1e6 }),
      ),
      budgets: Array.from({ length: 20 }, (_, task) => budget(task, HOUR / 5 + task)),
    },
    writer.close(),
    { study, title: '<script>alert("a title")</script> & more' },
  );
})();

const all: readonly (readonly [name: string, data: ReportData])[] = [
  ['simulated', simulated],
  ['empty', empty],
  ['large', large],
  ['without a run', { ...simulated, run: null }],
  ['violated', reportOf(losing, noCheckpoints)],
];

it('a stage of a recovery that was not reached has no time, and a start that never came no host', () => {
  const cutShort = recovery({ to_host: -1, restart_us: -1, restore_us: -1, catchup_us: -1, finished: false });
  const { run } = reportOf({ ...losing, recoveries: [cutShort] }, noCheckpoints);
  expect(run!.recoveries[0]).toMatchObject({ to_host: null, restart_us: null, restore_us: null, catchup_us: null });
  expect(run!.recoveries[0]).toMatchObject({ detect_us: 1_500_000, finished: false });
});

it('a failure that nobody has noticed by the end has a time of death and nothing else', () => {
  const late = { target: 0, crashed_us: 29_990_000, detected_us: -1, downtime_us: -1, catchup_us: -1 };
  const unread = { restored_checkpoint: -1, restored_bytes: 0, replayed_records: 0 };
  const tasks = [{ name: 'map-2' }] as unknown as FlowJobPlan['tasks'];
  expect(flowRecoveryOf({ ...late, ...unread }, { tasks })).toMatchObject({
    who: 'map-2',
    detect_us: null,
    restart_us: null,
    catchup_us: null,
    restored_from: 'none',
    finished: false,
  });
});

describe.each(all)('a report: %s', (_name, data) => {
  const html = reportHtml(data);
  const document: unknown = JSON.parse(jsonText(data));

  it('has every value of its tables in the JSON document, exactly and in that order', () => {
    for (const { path, keys, rows } of tablesOf(html)) {
      const expected = at(document, path) as readonly Record<string, string | number | undefined>[];
      expect(rows, path).toEqual(expected.map((row) => keys.map((key) => textOf(row[key]))));
    }
  });

  it('has the same tables in Markdown, with as many rows and columns', () => {
    const tables = tablesOf(html);
    const shapes = Array.from(reportMarkdown(data).matchAll(/(?:^\|.*\|\n?)+/gm), ([table]) => {
      const lines = table.trim().split('\n');
      return [lines.length - 2, lines[1]!.split('|').length - 2];
    });
    expect(shapes).toEqual(tables.map(({ keys, rows }) => [rows.length, keys.length]));
  });

  it('opens without a network, and every tag is closed', () => {
    expect(html).not.toMatch(/(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?\/\//i);
    expect(html).not.toMatch(/<link|<img|@import|<iframe|fetch\(/);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(unbalanced(html)).toBeNull();
  });

  it('shows no number that is none', () => {
    expect(html.replace(/<script>.*<\/script>/s, '')).not.toMatch(/NaN|Infinity|undefined|\bnull\b|\[object/);
    expect(reportMarkdown(data)).not.toMatch(/NaN|Infinity|undefined|\bnull\b|\[object/);
  });

  it('is the same bytes again', () => {
    expect(reportHtml(structuredClone(data))).toBe(html);
    expect(reportMarkdown(structuredClone(data))).toBe(reportMarkdown(data));
  });
});

describe('the page', () => {
  it('has these sections, charts and tables', async () => {
    const html = reportHtml(simulated);
    const parts = html.matchAll(/<h2 id="(\w+)-title">|<figcaption><strong>(.*?)<\/strong>|<table data-path="(.*?)">/g);
    const lines = Array.from(parts, ([, section, chart, path]) =>
      section !== undefined ? section : chart !== undefined ? `  chart: ${chart}` : `  table: ${path}`,
    );
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/report-structure.txt');
  });

  it('names every chart for those who cannot see it, and has a table for what it shows', () => {
    const html = reportHtml(simulated);
    const charts = html.match(/<svg class="tm-chart" role="img" aria-label="[^"]{20,}"/g);
    expect(charts).toHaveLength((html.match(/<figure>/g) ?? []).length);
    for (const id of html.matchAll(/href="#(\w+)"/g)) expect(html).toContain(`<section id="${id[1]}"`);
  });

  it('says what is not there', () => {
    const html = reportHtml(empty);
    for (const words of [
      'None was started.',
      'None: nothing died.',
      'No fault was planned.',
      'Not studied: the test gives none.',
    ])
      expect(html).toContain(words);
  });

  it('lists the newest checkpoints and the first that did not complete, and counts all', () => {
    const entries = large.run!.checkpoints.entries;
    expect(entries.filter(({ status }) => status === 'failed')).toHaveLength(12);
    expect(entries).toHaveLength(210);
    expect(reportHtml(large)).toContain('1,188 completed, 12 failed. 210 are listed');
  });

  it('reads names of the document as people say them, and keeps the exact value beside', () => {
    for (const text of [reportHtml(simulated), reportMarkdown(simulated)])
      expect(text).toContain('input kept for replay');
    expect(reportHtml(simulated)).toContain('<td data-v="replayLog">input kept for replay</td>');
    expect(reportMarkdown(simulated)).not.toMatch(/replayLog|writtenPerSecond/);
  });

  it('writes money in cents', () => {
    const column = { key: 'usd', title: 'USD', kind: 'usd' } as const;
    const texts = [0, 0.000002, 0.005, 12.345, 12345.6].map((usd) => cellText({ usd }, column));
    expect(texts).toEqual(['0.00', 'below 0.01', '0.01', '12.35', '12,346']);
  });

  it('escapes what a scenario says', () => {
    expect(reportHtml(large)).toContain('&lt;script&gt;alert(&quot;a title&quot;)&lt;/script&gt; &amp; more');
    expect(reportMarkdown(large)).toContain(String.raw`upload: the \<blob store\> did not answer \| for 120 s`);
  });

  it('tells the story of a broken law before anything else', () => {
    const html = reportHtml(reportOf(losing, noCheckpoints));
    expect(html.indexOf('VIOLATED O1')).toBeGreaterThan(0);
    expect(html.indexOf('page-views-2 lost 20 records')).toBeGreaterThan(html.indexOf('VIOLATED O1'));
    expect(html.indexOf('page-views-2 lost 20 records')).toBeLessThan(html.indexOf('Cost by term</h2>'));
  });
});

describe('the numbers', () => {
  it('of a time budget add up to the horizon, task by task, and in sum', () => {
    const { budgets, cost } = simulated.run!;
    for (const { task: _task, name: _name, ...parts } of budgets)
      expect(Object.values(parts).reduce((sum, each) => sum + each, 0)).toBe(400e6);
    expect(cost.reduce((sum, { total_us: total }) => sum + total, 0)).toBe(budgets.length * 400e6);
    const { cost: terms, elapsed_us: elapsed } = study.configured;
    expect(terms.reduce((sum, { total_us: total }) => sum + total, 0)).toBe(elapsed);
  });
});
