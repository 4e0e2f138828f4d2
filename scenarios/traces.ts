/** The two CSV traces a scenario can name: how many records arrived when, and which hosts failed when. */
import type { FaultTrace, LoadPlan } from '../models/plan.ts';
import { parseTimestamp, readCsv, type CsvProblem } from './csv.ts';
import { inputError, type InputError } from './input-error.ts';

export type TraceLoad = Extract<LoadPlan, { kind: 'trace' }>;

/** Most records one interval may hold, so that sums stay exact. */
const COUNT_MAX = 1_000_000_000;

/**
 * `timestamp,value`: value records arrive from timestamp to the next one. Timestamps rise strictly; the last interval
 * lasts as long as the median one.
 */
export function readArrivals(source: string, text: string, arrivals: TraceLoad['arrivals']): TraceLoad | InputError {
  const startMicros: number[] = [];
  const counts: number[] = [];
  let first = 0;
  let last = -Infinity;
  const rows = readCsv(source, text, ['timestamp', 'value'], ([timestamp = '', value = ''], row) => {
    const at = parseTimestamp(timestamp);
    if (at === null) return wrongTimestamp(timestamp);
    if (at <= last) {
      const message = `${at === last ? 'repeats' : 'is earlier than'} the timestamp of the row before`;
      return { field: 0, message, remedy: 'sort the rows by time and add up equal timestamps' };
    }
    if (!/^\d{1,10}(\.0*)?$/.test(value) || Number(value) > COUNT_MAX) {
      const message = `must be a whole number of records from 0 to ${COUNT_MAX}, found "${value}"`;
      return { field: 1, message, remedy: 'value counts the records of the interval that begins at timestamp' };
    }
    if (row === 0) first = at;
    last = at;
    startMicros.push(at - first);
    counts.push(Number(value));
    return null;
  });
  if (typeof rows !== 'number') return rows;
  if (rows < 2) {
    const message = `has ${rows} interval${rows === 1 ? '' : 's'}; an arrival trace needs at least two`;
    return inputError({ source, message, remedy: 'the length of the last interval is taken from the others' });
  }
  return {
    kind: 'trace',
    arrivals,
    startMicros,
    counts,
    endMicros: (startMicros[rows - 1] as number) + medianGap(startMicros),
  };
}

/**
 * `started_at,node,downtime_minutes` (and more columns, which are not read): host failures in the order of time; times
 * count from the first row.
 */
export function readFailures(source: string, text: string): FaultTrace | InputError {
  const atMicros: number[] = [];
  const node: number[] = [];
  const downMicros: number[] = [];
  let first = 0;
  let last = -Infinity;
  const columns = ['started_at', 'node', 'downtime_minutes'];
  const rows = readCsv(source, text, columns, ([startedAt = '', nodeText = '', downtime = ''], row) => {
    const at = parseTimestamp(startedAt);
    if (at === null) return wrongTimestamp(startedAt);
    if (at < last) {
      return { field: 0, message: 'is earlier than the row before', remedy: 'sort the rows by started_at' };
    }
    if (!/^\d{1,9}$/.test(nodeText)) {
      const message = `must be a whole number from 0, found "${nodeText}"`;
      return { field: 1, message, remedy: 'number the nodes; node n strikes host n modulo the hosts of the scenario' };
    }
    if (!/^\d{1,9}(\.\d+)?$/.test(downtime)) {
      const message = `must be minutes, a number from 0, found "${downtime}"`;
      return { field: 2, message, remedy: 'how long the node was down' };
    }
    if (row === 0) first = at;
    last = at;
    atMicros.push(at - first);
    node.push(Number(nodeText));
    downMicros.push(Math.round(Number(downtime) * 60_000_000));
    return null;
  });
  if (typeof rows !== 'number') return rows;
  if (rows === 0)
    return inputError({ source, message: 'has no rows', remedy: 'leave faults.trace out for no failures' });
  return { atMicros, node, downMicros };
}

function wrongTimestamp(found: string): CsvProblem {
  const message = `must be a date and time such as 2015-02-26 21:42:53, found "${found.slice(0, 40)}"`;
  return { field: 0, message, remedy: 'write YYYY-MM-DD HH:MM:SS or YYYY-MM-DDTHH:MM:SS' };
}

function medianGap(starts: readonly number[]): number {
  const gaps = starts.slice(1).map((start, i) => start - (starts[i] as number));
  gaps.sort((a, b) => a - b);
  return gaps[Math.floor((gaps.length - 1) / 2)] as number;
}
