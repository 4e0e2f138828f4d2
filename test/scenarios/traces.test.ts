// CSV traces of arrivals and failures: what they become, and what a wrong one is told.
import { describe, expect, it } from 'vitest';
import { parseTimestamp, readCsv } from '../../scenarios/csv.ts';
import { renderInputError } from '../../scenarios/index.ts';
import { readArrivals, readFailures } from '../../scenarios/traces.ts';
import { loadText, planOf, textOf } from './files.ts';

const arrivals = 'timestamp,value\n2015-02-26 21:42:53,104\n2015-02-26 21:47:53,0\n2015-02-26 21:52:53,99\n';
const failures =
  'started_at,node,downtime_minutes,cause\n2001-12-20T08:00,194,8955,hardware\n2001-12-20T08:00,2,0.5,\n';

describe('an arrival trace', () => {
  it('counts from its first interval; the last one lasts as long as the median', () => {
    expect(readArrivals('a.csv', arrivals, 'even')).toEqual({
      kind: 'trace',
      arrivals: 'even',
      startMicros: [0, 300_000_000, 600_000_000],
      counts: [104, 0, 99],
      endMicros: 900_000_000,
    });
  });

  it('takes the median of uneven intervals', () => {
    const text = 'timestamp,value\n2020-01-01,1\n2020-01-02,1\n2020-01-03,1\n2020-02-03,1\n';
    expect(readArrivals('a.csv', text, 'even')).toMatchObject({ endMicros: (33 + 1) * 86_400_000_000 });
  });

  it('may have more columns, quotes, Windows line ends, blank lines and no last line break', () => {
    const text =
      '\uFEFF"timestamp",city,value\r\n"2015-02-26T21:42:53Z","a, ""b""",1\r\n\r\n2015-02-26 21:42:54.5,x,2.0';
    expect(readArrivals('a.csv', text.slice(1), 'poisson')).toMatchObject({
      startMicros: [0, 1_500_000],
      counts: [1, 2],
    });
  });

  it('of a million rows loads in seconds', () => {
    const rows = Array.from({ length: 1_000_000 }, (_, i) => {
      const two = (n: number): string => String(n).padStart(2, '0');
      const day = 1 + Math.floor(i / 86_400);
      return `2020-01-${two(day)} ${two(Math.floor(i / 3600) % 24)}:${two(Math.floor(i / 60) % 60)}:${two(i % 60)},${i % 7}`;
    });
    const trace = readArrivals('a.csv', `timestamp,value\n${rows.join('\n')}\n`, 'even');
    expect(trace).toMatchObject({ endMicros: 1_000_000_000_000 });
  });
});

describe('a failure trace', () => {
  it('counts from its first entry; several nodes may fail at the same time', () => {
    expect(readFailures('f.csv', failures)).toEqual({
      atMicros: [0, 0],
      node: [194, 2],
      downMicros: [8955 * 60_000_000, 30_000_000],
    });
  });
});

describe('a wrong trace is told', () => {
  const row = (line: string): string => `timestamp,value\n2015-02-26 21:42:53,104\n${line}\n`;
  it.each([
    ['nothing in it', '', ': is empty', 'timestamp,value'],
    [
      'no header',
      '2015-02-26 21:42:53,104\n',
      ':1:1: has no column timestamp and no column value',
      'first line must name',
    ],
    ['a missing column', 'timestamp,count\n', ':1:1: has no column value; found timestamp, count', 'timestamp,value'],
    ['semicolons', 'timestamp;value\n', ':1:1: has no column timestamp', 'separate the columns by commas'],
    ['a row too short', row('2015-02-26 21:47:53'), ':3:1: this row has 1 of 2 fields', 'was the file cut off?'],
    ['a wrong timestamp', row('26.02.2015,5'), ':3:1 timestamp: must be a date and time', 'YYYY-MM-DD HH:MM:SS'],
    ['a day that does not exist', row('2015-02-29 00:00:00,5'), ':3:1 timestamp: must be a date and time'],
    ['the same timestamp again', row('2015-02-26 21:42:53,5'), ':3:1 timestamp: repeats the timestamp', 'add up equal'],
    ['an earlier timestamp', row('2015-02-26 21:42:52,5'), ':3:1 timestamp: is earlier than', 'sort the rows'],
    ['half a record', row('2015-02-26 21:47:53,5.5'), ':3:21 value: must be a whole number', 'found "5.5"'],
    ['a negative count', row('2015-02-26 21:47:53,-5'), ':3:21 value: must be a whole number', 'found "-5"'],
    ['no count', row('2015-02-26 21:47:53,'), ':3:21 value: must be a whole number', 'found ""'],
    ['NaN', row('2015-02-26 21:47:53,NaN'), ':3:21 value: must be a whole number', 'found "NaN"'],
    ['a quote left open', row('"2015-02-26 21:47:53,5'), ':3:1: this quote is never closed'],
    ['one interval only', 'timestamp,value\n2015-02-26 21:42:53,104\n', ': has 1 interval', 'the last interval'],
  ])('%s', (_, text, place, fragment = '') => {
    const error = readArrivals('a.csv', text, 'even');
    const said = 'source' in error ? renderInputError(error) : '';
    expect(said).toContain(`a.csv${place}`);
    expect(said).toContain(fragment);
  });

  it.each([
    [
      'a failure earlier than the one before',
      '2001-12-20T07:59,1,1,x',
      ':3:1 started_at: is earlier than the row before',
    ],
    ['a node that is no number', '2001-12-20T08:00,n17,1,x', ':3:18 node: must be a whole number from 0, found "n17"'],
    ['a downtime that is no number', '2001-12-20T08:00,1,long,x', ':3:20 downtime_minutes: must be minutes'],
    ['a negative downtime', '2001-12-20T08:00,1,-3,x', ':3:20 downtime_minutes: must be minutes'],
  ])('%s', (_, line, place) => {
    const error = readFailures('f.csv', `started_at,node,downtime_minutes,cause\n2001-12-20T08:00,1,1,x\n${line}\n`);
    expect('source' in error ? renderInputError(error) : '').toContain(`f.csv${place}`);
  });

  it('that it has no rows', () => {
    const error = readFailures('f.csv', 'started_at,node,downtime_minutes,cause\n');
    expect('source' in error ? renderInputError(error) : '').toContain('f.csv: has no rows');
  });

  it.each([
    ['is missing', {}, ':1:16 load.trace: trace a.csv: no such file'],
    ['is a directory', { 'a.csv': { code: 'EISDIR', message: '' } }, ':1:16 load.trace: trace a.csv: is a directory'],
  ])('where the scenario names it, that it %s', (_, files, expected) => {
    expect(textOf(loadText('load: { trace: a.csv }\n', files))).toContain(`bad.yaml${expected}`);
  });

  it('that it is binary, or not UTF-8, in its own name', () => {
    expect(textOf(loadText('load: { trace: a.csv }\n', { 'a.csv': new Uint8Array([1, 0]) }))).toContain(
      'a.csv: is a binary',
    );
    const latin = { 'a.csv': new Uint8Array([0x61, 0x0a, 0xe9]) };
    expect(textOf(loadText('faults: { trace: a.csv }\n', latin))).toContain('a.csv:2:1: is not UTF-8 text');
  });
});

describe('a scenario with traces', () => {
  const files = { 'a.csv': arrivals, 'f.csv': failures };

  it('runs as long as its load', () => {
    const plan = planOf(loadText('load: { trace: a.csv }\nfaults: { trace: f.csv }\n', files));
    expect(plan.horizonMicros).toBe(900_000_000);
    expect(plan.load).toMatchObject({ kind: 'trace', arrivals: 'poisson', counts: [104, 0, 99] });
    expect(plan.faultTrace?.node).toEqual([194, 2]);
  });

  it('or as long as it says', () => {
    expect(planOf(loadText('horizon_s: 5\nload: { trace: a.csv }\n', files)).horizonMicros).toBe(5_000_000);
  });
});

describe('dates', () => {
  it.each([
    ['1970-01-01 00:00:00', 0],
    ['1970-01-02', 86_400_000_000],
    ['1969-12-31T23:59:59', -1_000_000],
    ['2000-02-29 12:30:00.25', 951_827_400_250_000],
    ['2024-03-01T00:00:00Z', 1_709_251_200_000_000],
    ['2024-03-01T02:00:00+02:00', 1_709_251_200_000_000],
    ['2024-02-29T22:30-0130', 1_709_251_200_000_000],
  ])('%s is %i µs after 1970', (text, micros) => {
    expect(parseTimestamp(text)).toBe(micros);
  });

  it.each([
    '',
    'yesterday',
    '2024-13-01',
    '2024-02-30',
    '1900-02-29',
    '2024-01-01 25:00',
    '2024-01-01 00:61:00',
    '24-01-01',
  ])('"%s" is none', (text) => {
    expect(parseTimestamp(text)).toBeNull();
  });

  it('agree with the platform over four centuries', () => {
    const days = Array.from({ length: 1600 }, (_, i) => -100_000 + i * 97);
    const text = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 19);
    expect(days.map((day) => parseTimestamp(text(day)))).toEqual(days.map((day) => day * 86_400_000_000));
  });
});

describe('a CSV row', () => {
  it('keeps commas, quotes and line breaks inside quotes', () => {
    const seen: string[] = [];
    readCsv('x.csv', 'a,b\n"1,2","say ""hi""\nthere"\n', ['b', 'a'], ([b = '', a = '']) => {
      seen.push(a, b);
      return null;
    });
    expect(seen).toEqual(['1,2', 'say "hi"\nthere']);
  });
});
