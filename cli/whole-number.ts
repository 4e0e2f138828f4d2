import { UsageError } from './exit.ts';

/** The value of an option as a whole number within bounds; throws UsageError. */
export function whole(option: string, value: number, { least, most }: { least: number; most: number }): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`--${option} must be a whole number from ${least} to ${most}`);
}
