// Simulated time. Every instant and every duration is a whole number of microseconds in an ordinary
// number: exact, equal in every JavaScript engine, and wide enough for 285 years. Fractions appear
// only where rates and costs are computed, and are rounded here, in one place, half up.

/** An instant or a duration in whole microseconds, from 0 to 2^53 - 1; made only by the functions of this file. */
export type Micros = number & { readonly unit: 'µs' };

const MILLISECOND = 1_000;
const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Checks that `n` is a whole, safe, non-negative number of microseconds and returns it as a time; throws RangeError otherwise. */
export function micros(n: number): Micros {
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new RangeError(`a time must be a whole number of µs from 0 to 2^53 - 1, not ${n}`);
  }
  return (n + 0) as Micros; // + 0 turns -0 into 0
}

/** Rounds a non-negative, possibly fractional number of microseconds half up: the one place where cost functions become time. */
export function roundMicros(fractionalMicros: number): Micros {
  if (!(fractionalMicros >= 0)) {
    throw new RangeError(`a time cannot be negative or undefined, got ${fractionalMicros} µs`);
  }
  return micros(Math.round(fractionalMicros));
}

/** Converts milliseconds to time, rounding half up to the microsecond. */
export function fromMillis(millis: number): Micros {
  return roundMicros(millis * MILLISECOND);
}

/** Converts seconds to time, rounding half up to the microsecond. */
export function fromSeconds(seconds: number): Micros {
  return roundMicros(seconds * SECOND);
}

/** Adds two times; throws RangeError rather than leave the exact range. */
export function addMicros(a: Micros, b: Micros): Micros {
  return micros(a + b);
}

/**
 * Writes a duration for people, in at most three digits or two units: "37 µs", "250 ms", "12.5 s", "3 h 36 min", "2 d 4 h".
 * The text depends on nothing but the number (no locale), and `parseDuration` reads it back to within half of its last digit.
 */
export function formatDuration(duration: Micros): string {
  // A value that rounds up to the next unit is written in that unit: 59.96 s is "1 min", never "60 s".
  if (roundTo(duration, MINUTE) >= DAY) return inTwoUnits(duration, [DAY, 'd', HOUR, 'h']);
  if (roundTo(duration, SECOND) >= HOUR) return inTwoUnits(duration, [HOUR, 'h', MINUTE, 'min']);
  if (roundTo(duration, SECOND / 10) >= MINUTE) return inTwoUnits(duration, [MINUTE, 'min', SECOND, 's']);
  if (roundTo(duration, MILLISECOND) >= SECOND) return inThreeDigits(duration, SECOND, 's');
  if (duration >= MILLISECOND) return inThreeDigits(duration, MILLISECOND, 'ms');
  return `${duration} µs`;
}

function roundTo(value: number, step: number): number {
  const rest = value % step;
  return value - rest + (2 * rest >= step ? step : 0);
}

function inTwoUnits(
  value: number,
  [big, bigName, small, smallName]: readonly [number, string, number, string],
): string {
  const rounded = roundTo(value, small);
  const rest = rounded % big;
  const head = `${(rounded - rest) / big} ${bigName}`;
  return rest === 0 ? head : `${head} ${rest / small} ${smallName}`;
}

function inThreeDigits(value: number, unit: number, name: string): string {
  const step = value >= 100 * unit ? unit : value >= 10 * unit ? unit / 10 : unit / 100;
  const hundredths = roundTo(value, step) / (unit / 100);
  const fraction = String(hundredths % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  const whole = String((hundredths - (hundredths % 100)) / 100);
  return `${fraction === '' ? whole : `${whole}.${fraction}`} ${name}`;
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['d', DAY],
  ['h', HOUR],
  ['min', MINUTE],
  ['m', MINUTE],
  ['s', SECOND],
  ['ms', MILLISECOND],
  ['us', 1],
  ['µs', 1], // micro sign, U+00B5
  ['μs', 1], // Greek mu, U+03BC
]);

const DURATION = /^(?:\s*\d+(?:\.\d+)?\s*[a-zµμ]+)+\s*$/;
const LONGEST_TEXT = 80;

/**
 * Reads a duration such as "250ms", "1.5 s", "1h30m" or "3 h 36 min" (units d, h, min or m, s, ms, us or µs, in falling order),
 * in exact decimal arithmetic, rounded half up once. Returns undefined when the text is not a duration or does not fit:
 * the caller, who knows the file and the line, writes the message.
 */
export function parseDuration(text: string): Micros | undefined {
  if (text.length > LONGEST_TEXT || !DURATION.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)(?:\.(\d+))?\s*([a-zµμ]+)/g)];
  const places = parts.reduce((most, part) => Math.max(most, part[2]?.length ?? 0), 0);
  const scale = 10n ** BigInt(places);
  let scaled = 0n;
  let previousSize = Infinity;
  for (const [, whole = '', fraction = '', name = ''] of parts) {
    const size = UNITS.get(name);
    if (size === undefined || size >= previousSize) return undefined;
    scaled += BigInt(whole + fraction.padEnd(places, '0')) * BigInt(size);
    previousSize = size;
  }
  const rounded = (2n * scaled + scale) / (2n * scale);
  return rounded > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : micros(Number(rounded));
}
