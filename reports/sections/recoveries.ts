/**
 * Recoveries: how many, how long each stage took over all of them, and the worst few one by one. A run of weeks has a
 * hundred, so the list is cut and says so.
 */
import { max, mean, quantileSorted, sum } from 'd3-array';
import type { Outcome, Recovery } from '../../models/outcome.ts';
import { bytes, count, duration, plural } from '../numbers.ts';
import type { Style } from '../style.ts';
import { length, REPORT_WIDTH, table, type Column } from '../text.ts';

const WORST_SHOWN = 5;

/** Counts, statistics of each stage, the worst few. */
export function recoveriesSection({ recoveries }: Outcome, style: Style): readonly string[] {
  if (recoveries.length === 0) return [style('strong', 'Recoveries') + '  none: nothing died'];
  const unfinished = recoveries.filter((recovery) => !recovery.finished).length;
  const cut =
    unfinished === 0
      ? ''
      : `, ${count(unfinished)} of them not finished (the end of the run or another death came first)`;
  return [
    style('strong', 'Recoveries') + `  ${count(recoveries.length)}${cut}`,
    ...stageTable(recoveries, style),
    ...worstTable(recoveries, style),
  ];
}

const stages: readonly {
  readonly name: string;
  readonly of: (recovery: Recovery) => number;
  readonly meaning: string;
}[] = [
  { name: 'detect', of: (recovery) => recovery.detect_us, meaning: 'death until the application master knows' },
  {
    name: 'restart',
    of: (recovery) => recovery.restart_us,
    meaning: 'request, launch, start, checkpoint read',
  },
  { name: 'restore', of: (recovery) => recovery.restore_us, meaning: 'state, trim, seal commit' },
  { name: 'catch-up', of: (recovery) => recovery.catchup_us, meaning: 'first message until the head found then' },
];

const stageColumns: readonly Column[] = [
  { title: 'stage', align: 'left' },
  { title: 'n', align: 'right' },
  { title: 'mean', align: 'right' },
  { title: 'p50', align: 'right' },
  { title: 'max', align: 'right' },
  { title: '', align: 'left', wrapAt: 46 },
];

/** Only recoveries that ran to their end, and for the catch-up only those that caught up, enter the statistics. */
function stageTable(recoveries: readonly Recovery[], style: Style): readonly string[] {
  const finished = recoveries.filter((recovery) => recovery.finished);
  if (finished.length === 0) return [];
  const rows = stages.map(({ name, of, meaning }) => {
    const times = finished
      .map(of)
      .filter((micros) => micros >= 0)
      .sort((a, b) => a - b);
    const middle = quantileSorted(times, 0.5);
    return [
      name,
      count(times.length),
      spanOrDash(mean(times)),
      spanOrDash(middle),
      spanOrDash(max(times)),
      meaning + (times.length < finished.length ? `; ${count(finished.length - times.length)} not by the end` : ''),
    ];
  });
  return table(stageColumns, rows, { style });
}

const worstColumns: readonly Column[] = [
  { title: 'at s', align: 'right' },
  { title: 'container', align: 'left' },
  { title: 'to running', align: 'right' },
  { title: 'catch-up', align: 'right' },
  { title: 'state from', align: 'left' },
  { title: 'replayed', align: 'right' },
  { title: 'skipped', align: 'right' },
  { title: 'cause', align: 'left' },
];

/** The cause has the room that the other columns leave. */
function worstTable(recoveries: readonly Recovery[], style: Style): readonly string[] {
  const worst = [...recoveries].sort((a, b) => total(b) - total(a) || a.at_us - b.at_us).slice(0, WORST_SHOWN);
  const rows = worst.map((recovery) => [
    String(Math.floor(recovery.at_us / 1e6)),
    `${recovery.container}${hosts(recovery)}`,
    recovery.finished ? duration(toRunning(recovery)) : 'not finished',
    recovery.catchup_us < 0 ? '-' : duration(recovery.catchup_us),
    recovery.restored_from + (recovery.restored_bytes > 0 ? ` ${bytes(recovery.restored_bytes)}` : ''),
    count(recovery.replayed_records),
    count(recovery.skipped_records),
    recovery.cause,
  ]);
  const others = worstColumns
    .slice(0, -1)
    .map(({ title }, i) => max([title, ...rows.map((row) => row[i] ?? '')], length) ?? 0);
  const room = Math.max(12, REPORT_WIDTH - 2 - sum(others) - 2 * others.length);
  const columns = worstColumns.map((column) => (column.title === 'cause' ? { ...column, wrapAt: room } : column));
  const title =
    recoveries.length > WORST_SHOWN
      ? [style('dim', `  the ${WORST_SHOWN} longest of ${plural(recoveries.length, 'recovery', 'recoveries')}:`)]
      : [];
  return [...title, ...table(columns, rows, { style })];
}

function hosts({ from_host, to_host }: Recovery): string {
  if (to_host < 0) return `, host ${from_host}→?`;
  return from_host === to_host ? `, host ${from_host}` : `, host ${from_host}→${to_host}`;
}

function toRunning({ detect_us, restart_us, restore_us }: Recovery): number {
  return detect_us + restart_us + restore_us;
}

function total(recovery: Recovery): number {
  return recovery.finished ? toRunning(recovery) + Math.max(0, recovery.catchup_us) : Number.MAX_SAFE_INTEGER;
}

function spanOrDash(micros: number | undefined): string {
  return micros === undefined ? '-' : duration(micros);
}
