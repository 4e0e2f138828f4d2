/**
 * A comparison of protocols: who differs clearly from the first in what, then a table for each kind of price. A cell is the mean
 * over replications with its 95 % half-width, and below it the difference from the first protocol, paired by replication.
 */
import {
  type ComparedMetric,
  type ComparedProtocol,
  METRIC_LIST,
  type MetricName,
  type MetricUnit,
} from '../models/comparison/index.ts';
import { bytes, count, duration, plural } from './numbers.ts';
import type { Style } from './style.ts';
import { labelled, paragraph, table } from './text.ts';

/** What is said besides the numbers. */
export interface CompareContext {
  readonly version: string;
  readonly scenario: string;
  readonly title: string;
  readonly seed: string;
  readonly horizonMicros: number;
  readonly sink: string;
  /** The first replication, how many are here, and how many were asked for. */
  readonly first: number;
  readonly replications: number;
  readonly asked: number;
  /** What each protocol promises for the outputs of this job, in order. */
  readonly promises: readonly string[];
  readonly notes: readonly string[];
  readonly command: string;
}

interface Group {
  readonly title: string;
  readonly metrics: readonly MetricName[];
}

const GROUPS: readonly Group[] = [
  { title: 'Time of all tasks', metrics: ['overhead_share', 'blocked_share', 'snapshot_share', 'replay_share'] },
  { title: 'Output', metrics: ['throughput_per_s', 'output_latency_mean_us', 'output_latency_p99_us'] },
  { title: 'Records', metrics: ['duplicated_records', 'lost_records', 'replayed_records'] },
  {
    title: 'Checkpoints',
    metrics: ['checkpoints_completed', 'checkpoints_aborted', 'checkpoint_duration_us', 'alignment_us'],
  },
  {
    title: 'Storage',
    metrics: ['checkpoint_bytes', 'channel_state_bytes', 'storage_mean_bytes', 'storage_max_bytes'],
  },
  { title: 'Network', metrics: ['control_elements', 'rpc_messages', 'network_bytes'] },
  { title: 'Failures', metrics: ['recoveries', 'restart_share', 'recovery_us'] },
  { title: 'Phases of a recovery', metrics: ['detect_us', 'restart_us', 'restore_us', 'catchup_us'] },
];

/** Prices that a sentence names; the others say why. */
const HEADLINES: readonly MetricName[] = [
  'overhead_share',
  'throughput_per_s',
  'output_latency_mean_us',
  'output_latency_p99_us',
  'checkpoint_duration_us',
  'checkpoint_bytes',
  'storage_mean_bytes',
  'network_bytes',
  'recovery_us',
  'replayed_records',
  'duplicated_records',
  'lost_records',
];

/** The whole report, ending in a newline. */
export function compareReport(compared: readonly ComparedProtocol[], context: CompareContext, style: Style): string {
  const { version, scenario, title, seed, horizonMicros, replications, asked, command, notes } = context;
  const baseline = compared[0]!.protocol;
  const lines = [
    style(
      'dim',
      `tidemark ${version} · compare · ${scenario} · seed ${seed} · ${duration(horizonMicros)} simulated · ${plural(replications, 'replication')}`,
    ),
    title,
    '',
    ...(replications < asked
      ? [style('warn', `STOPPED  after ${count(replications)} of ${plural(asked, 'replication')}`), '']
      : []),
    ...headlines(compared, context, style),
    ...GROUPS.flatMap((group) => groupTable(group, compared, style)),
    '',
    ...paragraph(
      `±: half of the 95 % interval of the mean over ${plural(replications, 'replication')}. Below it the difference from ${baseline}, ` +
        'paired by replication; * its 95 % interval does not contain 0 (of 20 differences that are none, one gets a star). ' +
        '- : the runs have no such number.',
    ),
    ...paragraph(
      'In a replication all dataflow jobs meet the same arrivals, the same delay of each record on each channel, the same luck of ' +
        'each upload and message, and the same failures.',
    ),
    ...notes.flatMap((note, i) => labelled(i === 0 ? 'notes' : '', note)),
    `again     ${style('strong', command)}`,
  ];
  return lines.join('\n') + '\n';
}

/** A line per protocol: what it promises, and where it is clearly dearer or cheaper than the first. */
function headlines(compared: readonly ComparedProtocol[], context: CompareContext, style: Style): readonly string[] {
  const width = Math.max(...compared.map(({ protocol }) => protocol.length)) + 2;
  return [
    style('strong', `Against ${compared[0]!.protocol}, behind ${context.sink} sinks`),
    ...compared.flatMap((each, i) => {
      const promised = context.promises[i]!;
      const promise = promised === 'none' ? 'promises nothing' : `outputs ${promised}`;
      return labelled(each.protocol, i === 0 ? promise : `${promise}; ${clearly(each, context.replications)}`, {
        labelWidth: width,
      });
    }),
  ];
}

function clearly({ metrics }: ComparedProtocol, replications: number): string {
  if (replications < 2) return 'one replication shows no clear difference';
  const clear = HEADLINES.flatMap((name) => {
    const { difference } = metrics[name];
    if (difference === null || !difference.isClear) return [];
    const { label, unit } = metricOf(name);
    return [`${label} ${signed(unit, difference.mean)}`];
  });
  return clear.length === 0 ? 'no clear difference' : clear.join(', ');
}

function metricOf(name: MetricName): { readonly label: string; readonly unit: MetricUnit } {
  return METRIC_LIST.find((metric) => metric.name === name)!;
}

/** Nothing when no protocol has any of the numbers. */
function groupTable({ title, metrics }: Group, compared: readonly ComparedProtocol[], style: Style): readonly string[] {
  const known = metrics.filter((name) => compared.some((each) => each.metrics[name].value !== null));
  if (known.length === 0) return [];
  const columns = [
    { title: 'protocol', align: 'left' as const },
    ...known.map((name) => ({ title: metricOf(name).label, align: 'right' as const })),
  ];
  const rows = compared.map((each) => [
    each.protocol,
    ...known.map((name) => cell(metricOf(name).unit, each.metrics[name])),
  ]);
  return ['', style('strong', title), ...table(columns, rows, { style })];
}

function cell(unit: MetricUnit, { value, difference }: ComparedMetric): string {
  if (value === null) return '-';
  const mean = amount(unit, value.mean) + plusMinus(unit, value.halfWidth95);
  if (difference === null) return mean;
  if (difference.mean === 0 && difference.halfWidth95 === 0) return `${mean}\nsame`;
  return `${mean}\n${signed(unit, difference.mean)}${plusMinus(unit, difference.halfWidth95)}${difference.isClear ? ' *' : '  '}`;
}

/** Nothing for a constant, and for a single run, whose spread nobody knows. */
function plusMinus(unit: MetricUnit, halfWidth: number): string {
  return halfWidth === 0 || !Number.isFinite(halfWidth) ? '' : ` ±${amount(unit, halfWidth)}`;
}

function signed(unit: MetricUnit, value: number): string {
  return (value < 0 ? '-' : '+') + amount(unit, Math.abs(value));
}

/** Three significant digits with the unit. */
export function amount(unit: MetricUnit, value: number): string {
  switch (unit) {
    case 'share':
      return value > 0 && value < 0.000_01 ? '<0.001 %' : `${threeDigits(100 * value)} %`;
    case 'bytes':
      return bytes(value);
    case 'us':
      return duration(Number(value.toPrecision(3)));
    case 'per-second':
      return `${threeDigits(value)}/s`;
    case 'count':
      return threeDigits(value);
  }
}

/** Whole numbers of up to nine digits as they are. */
function threeDigits(value: number): string {
  if (Number.isInteger(value) && value < 1e9) return count(value);
  return count(Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3)));
}
