/** One long run at the interval that is configured: time by term, latency, what is moved, money, recoveries. */
import type { ConfiguredRun, WhatIf } from '../../../models/what-if/index.ts';
import { duration, plural } from '../../numbers.ts';
import { recoveryChart, type RecoveryStage } from '../recovery-chart.ts';
import type { Block, Section } from '../section.ts';
import { shown, tableView, type TableView } from '../table-view.ts';

const ROOT = 'what_if.configured';

/** Accounts of the run; they belong to the same job as the curves. */
export function configuredSection({ configured: run, configured_s: interval, scope }: WhatIf): Section {
  const who = scope === 'job' ? 'The job' : 'One container';
  const blocks: Block[] = [
    {
      kind: 'text',
      text: `${who} at its interval of ${shown(interval, 'seconds')}, simulated for ${duration(run.elapsed_us)} with ${plural(run.failures, 'failure')}.`,
    },
    { kind: 'table', isOpen: true, table: costTable(run) },
    ...latencyBlocks(run),
    ...recoveryBlocks(run),
    { kind: 'table', isOpen: false, table: durationTable(run) },
    { kind: 'table', isOpen: false, table: countTable(run) },
    { kind: 'table', isOpen: false, table: movedTable(run) },
    { kind: 'table', isOpen: true, table: moneyTable(run) },
  ];
  return { id: 'configured', title: 'At the configured interval', blocks };
}

const costTable = ({ cost, elapsed_us }: ConfiguredRun): TableView =>
  tableView(`${ROOT}.cost`, `Time by term; adds up to ${duration(elapsed_us)}, exactly`, cost, [
    { key: 'term', title: 'Term', kind: 'text' },
    { key: 'total_us', title: 'Time', kind: 'micros' },
    { key: 'share', title: 'Share', kind: 'share' },
  ]);

function latencyBlocks({ latency }: ConfiguredRun): Block[] {
  if (latency === null) return [{ kind: 'text', text: 'It cannot keep up, so records wait ever longer.', tone: 'bad' }];
  const table = tableView(`${ROOT}.latency`, 'Latency of records, from arrival', latency, [
    { key: 'view', title: 'Until', kind: 'text' },
    { key: 'records', title: 'Records', kind: 'count' },
    { key: 'mean_us', title: 'Mean', kind: 'micros' },
    { key: 'p50_us', title: 'p50', kind: 'micros' },
    { key: 'p90_us', title: 'p90', kind: 'micros' },
    { key: 'p99_us', title: 'p99', kind: 'micros' },
    { key: 'p999_us', title: 'p99.9', kind: 'micros' },
    { key: 'max_us', title: 'Most', kind: 'micros' },
  ]);
  return [{ kind: 'table', isOpen: true, table }];
}

const STAGES: readonly RecoveryStage<'outage_us' | 'catch_up_us'>[] = [
  { key: 'outage_us', name: 'outage: detect, restart, restore', colour: 5 },
  { key: 'catch_up_us', name: 'catch up', colour: 6 },
];

function recoveryBlocks({ recoveries, failures }: ConfiguredRun): Block[] {
  if (recoveries.length === 0) return [];
  const chart = recoveryChart(recoveries, STAGES, {
    title: 'Recoveries of the simulated job',
    description: `Outage and catching up of ${plural(recoveries.length, 'recovery', 'recoveries')}.`,
    after: 'the failure',
    labelOf: ({ failed_at_us: at }) => `at ${duration(at)}`,
    aboutOf: ({ failed_at_us: at }) => `failure at ${duration(at)}`,
  });
  const table = tableView(
    `${ROOT}.recoveries`,
    `The first ${plural(recoveries.length, 'recovery', 'recoveries')} of ${plural(failures, 'failure')}`,
    recoveries,
    [
      { key: 'failed_at_us', title: 'Failed at', kind: 'moment' },
      { key: 'age_us', title: 'Age of the newest checkpoint', kind: 'micros' },
      { key: 'restarts', title: 'Failures in the outage', kind: 'count' },
      { key: 'outage_us', title: 'Outage', kind: 'micros' },
      { key: 'catch_up_us', title: 'Catch up', kind: 'micros' },
    ],
  );
  const text = 'A recovery that another failure or the end of the run cut short has no time of catching up.';
  return [{ kind: 'charts', charts: [{ title: 'Recovery timeline', text, chart, table }] }];
}

const durationTable = ({ durations }: ConfiguredRun): TableView =>
  tableView(`${ROOT}.durations`, 'Checkpoints and recoveries: how long', durations, [
    { key: 'what', title: 'What', kind: 'text' },
    { key: 'n', title: 'n', kind: 'count' },
    { key: 'min_us', title: 'Least', kind: 'micros' },
    { key: 'mean_us', title: 'Mean', kind: 'micros' },
    { key: 'max_us', title: 'Most', kind: 'micros' },
  ]);

const countTable = ({ checkpoints }: ConfiguredRun): TableView =>
  tableView(`${ROOT}.checkpoints`, 'Checkpoints: what became of them', checkpoints, [
    { key: 'what', title: 'What', kind: 'text' },
    { key: 'count', title: 'Checkpoints', kind: 'count' },
  ]);

const movedTable = ({ moved }: ConfiguredRun): TableView =>
  tableView(`${ROOT}.moved`, 'Bytes moved, and requests to the store', moved, [
    { key: 'what', title: 'What', kind: 'text' },
    { key: 'bytes', title: 'Bytes', kind: 'bytes' },
    { key: 'requests', title: 'Requests', kind: 'count' },
  ]);

const moneyTable = ({ money }: ConfiguredRun): TableView =>
  tableView(`${ROOT}.money`, 'Money, in US dollars for a month of 30 days', money, [
    { key: 'cause', title: 'Cause', kind: 'text' },
    { key: 'usd_per_month', title: 'USD a month', kind: 'usd' },
  ]);
