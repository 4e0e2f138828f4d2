/** How estimates and errors look in the reports of calibrations. */
import { duration, share } from './numbers.ts';

/** A share of 1 as per cent with a sign: `+3.1 %`. */
export function signedShare(value: number): string {
  return `${value < 0 ? '-' : '+'}${share(Math.abs(value), 1)}`;
}

/** Seconds as tables want them: `66.8`. */
export function oneDecimal(seconds: number): string {
  return seconds.toFixed(1);
}

/** A number in four digits, and its standard error with as many decimals: `0.6036 ± 0.0093`. */
export function withError(value: number, standardError: number): string {
  const digits = value.toPrecision(4);
  const decimals = digits.includes('e') ? 0 : (digits.split('.')[1] ?? '').length;
  return `${value.toFixed(decimals)} ± ${standardError.toFixed(decimals)}`;
}

/** A duration given in seconds. */
export function spanOf(seconds: number): string {
  return duration(seconds * 1e6);
}
