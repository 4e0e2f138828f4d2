/** What stands at the head of every scenario file, whatever its kind. */
import { z } from 'zod';

export const nameField = (): z.ZodOptional<z.ZodString> =>
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]*$/, 'must be letters and digits joined by hyphens')
    .optional()
    .describe('name of the scenario; default the file’s');

export const titleField = (): z.ZodString => z.string().min(1).describe('one line');

export const teachesField = (): z.ZodOptional<z.ZodString> =>
  z.string().min(1).optional().describe('what can be learned from it');

export const seedField = (): z.ZodDefault<z.ZodUnion<readonly [z.ZodString, z.ZodInt]>> =>
  z
    .union([z.string().min(1), z.int()])
    .default('1')
    .describe('root of all random draws');
