/** Whether a value is what its key takes, as strictly as Samza reads it. */
import type { SamzaKey } from './key.ts';
import { splitNames } from './values.ts';

/** Null when the value is fine, else what is wrong and what to write. */
export function checkValue(spec: SamzaKey, value: string): { message: string; remedy: string } | null {
  const { type } = spec;
  const unit = spec.unit === null ? '' : ` (${spec.unit})`;
  const usual = spec.default === null ? '' : `; Samza’s default is ${spec.default}`;
  switch (type.kind) {
    case 'integer': {
      if (!/^[+-]?\d{1,16}$/.test(value)) {
        return {
          message: `must be a whole number${unit}, found "${value}"`,
          remedy: `write digits only, no unit${usual}`,
        };
      }
      const number = Number(value);
      if (number >= type.min && number <= type.max) return null;
      const limit = number < type.min ? `at least ${type.min}` : `at most ${type.max}`;
      return { message: `must be ${limit}${unit}, found ${value}`, remedy: `${spec.meaning}${usual}` };
    }
    case 'ratio':
      if (/^\d*\.?\d+$/.test(value) && Number(value) <= 1) return null;
      return { message: `must be a number from 0 to 1, found "${value}"`, remedy: `${spec.meaning}${usual}` };
    case 'boolean':
      if (/^(true|false)$/i.test(value)) return null;
      return {
        message: `must be true or false, found "${value}"`,
        remedy: `Samza reads every other word as false${usual}`,
      };
    case 'one-of':
      if (type.values.includes(value)) return null;
      return {
        message: `must be one of ${type.values.join(', ')}, found "${value}"`,
        remedy: `${spec.meaning}${usual}`,
      };
    case 'versions': {
      const found = splitNames(value);
      const fine = found.length > 0 && found.every((version) => version === '1' || version === '2');
      if (fine && new Set(found).size === found.length) return null;
      return {
        message: `must list checkpoint versions 1 and 2, each at most once, found "${value}"`,
        remedy: `write 1 or 2 or 1,2${usual}`,
      };
    }
    case 'names':
    case 'text':
    default:
      return null;
  }
}
