/**
 * How numbers look in every report: thousands separators, a unit, three significant digits.
 * Our own functions and not `Intl`, whose output depends on the engine's locale data; the same value gives the same text
 * everywhere.
 */
import { grouped } from '../models/grouped-digits.ts';
import { formatDuration, roundMicros } from '../sim/time.ts';

const MICROS_PER_SECOND = 1_000_000;
const MICROS_PER_HOUR = 3_600 * MICROS_PER_SECOND;

/** A whole number with thousands separators: `1,234,567`. A fraction keeps at most three decimals. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [whole = '0', fraction = ''] = Math.abs(value)
    .toFixed(Number.isInteger(value) ? 0 : 3)
    .split('.');
  const decimals = fraction.replace(/0+$/, '');
  return (value < 0 ? '-' : '') + grouped(whole) + (decimals === '' ? '' : '.' + decimals);
}

/** A span of µs as `sim/` spells it: `12 µs`, `3.21 ms`, `45.6 s`, `12 min 3 s`, `5 h 12 min`, `55 d 3 h`; fractions are rounded. */
export function duration(micros: number): string {
  if (!Number.isFinite(micros)) return String(micros);
  return micros < 0 ? '-' + duration(-micros) : formatDuration(roundMicros(micros));
}

/** A moment of simulated time as seconds with all six decimals, spelled as in a trace: `72.345678`. */
export function seconds(micros: number): string {
  const whole = Math.floor(micros / MICROS_PER_SECOND);
  const rest = Math.round(micros - whole * MICROS_PER_SECOND);
  return `${whole}.${String(rest).padStart(6, '0')}`;
}

/** A moment for a sentence: the trace's spelling, and from two hours on also the readable one: `9000.000000 s (2 h 30 min)`. */
export function moment(micros: number): string {
  const exact = `${seconds(micros)} s`;
  return micros < 2 * MICROS_PER_HOUR ? exact : `${exact} (${duration(micros)})`;
}

/** Bytes in decimal units: `999 B`, `1.23 kB`, `45.6 GB`. */
export function bytes(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value < 0) return '-' + bytes(-value);
  if (value < 1_000) return `${count(Math.round(value))} B`;
  let scaled = value;
  for (const unit of ['kB', 'MB', 'GB', 'TB']) {
    scaled /= 1_000;
    if (Number(scaled.toPrecision(3)) < 1_000) return `${threeDigits(scaled)} ${unit}`;
  }
  return `${count(Math.round(scaled))} TB`;
}

/** A part of a whole as per cent with one decimal; `<0.1 %` keeps a small part from looking like none, `-` is no whole. */
export function share(part: number, whole: number): string {
  if (whole === 0) return '-';
  const percent = (100 * part) / whole;
  if (percent > 0 && percent < 0.1) return '<0.1 %';
  if (percent < 100 && percent > 99.9) return '>99.9 %';
  return `${percent.toFixed(1)} %`;
}

/** `1 task`, `2 tasks`, `0 tasks`; the plural is the singular with an s unless given. */
export function plural(value: number, singular: string, many: string = singular + 's'): string {
  return `${count(value)} ${value === 1 ? singular : many}`;
}

function threeDigits(value: number): string {
  return count(Number(value.toPrecision(3)));
}
