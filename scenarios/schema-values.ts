/** Values of a scenario file, with their bounds: times, counts, sizes, and Samza's own keys. */
import { z } from 'zod';
import type { SamzaEntries } from './scenario.ts';

/** 31 years; every time stays exact in µs far beyond it. */
export const SECONDS_MAX = 1_000_000_000;

export const seconds = (): z.ZodNumber => z.number().min(0).max(SECONDS_MAX);
export const millis = (): z.ZodNumber =>
  z
    .number()
    .min(0)
    .max(SECONDS_MAX * 1000);
export const micros = (): z.ZodNumber =>
  z
    .number()
    .min(0)
    .max(SECONDS_MAX * 1_000_000);
export const count = (min: number, max: number): z.ZodInt => z.int().min(min).max(max);
export const bytes = (): z.ZodInt => z.int().min(1).max(1_000_000_000_000);
export const bytesPerSecond = (): z.ZodNumber => z.number().min(1).max(1_000_000_000_000_000);

const INDEX_MAX = 99_999;
export const index = (): z.ZodInt => count(0, INDEX_MAX);

const samzaScalar = z.union([z.string(), z.number(), z.boolean()]);
/** Samza's own keys with their values; numbers and booleans may stand without quotes, lists become comma lists. */
export const samzaKeys: z.ZodType<SamzaEntries> = z.record(z.string(), z.union([samzaScalar, z.array(samzaScalar)]));
