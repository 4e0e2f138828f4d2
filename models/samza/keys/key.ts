/** A row of the table of Samza's configuration keys. */
import type { SamzaConfig, StoreConfig } from '../config.ts';

/** What a value must look like. `integer` bounds are Samza's own; `text` takes anything. */
export type SamzaKeyType =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'ratio' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'one-of'; readonly values: readonly string[] }
  | { readonly kind: 'versions' }
  | { readonly kind: 'names' }
  | { readonly kind: 'text' };

/** The part of a plan a key decides: a field of SamzaConfig, of one store, or of the job around it. */
export type SamzaField =
  | keyof SamzaConfig
  | `store.${keyof StoreConfig}`
  | 'job.name'
  | 'job.defaultSystem'
  | 'job.containers'
  | 'job.inputs'
  | 'job.offsetDefault'
  | 'job.resetOffset'
  | 'job.deleteCommitted';

/** One row of the table. In a pattern X is a store or stream, S a system, R a reporter, and a last `*` is any rest. */
export interface SamzaKey {
  readonly pattern: string;
  readonly type: SamzaKeyType;
  /** Samza's default as it would be written in a file; null when the key has none. */
  readonly default: string | null;
  readonly unit: 'ms' | 's' | 'bytes' | 'entries' | null;
  /** `accepted` keys are known to Samza and checked, and do nothing here. */
  readonly effect: 'modelled' | 'accepted';
  readonly field: SamzaField | null;
  readonly meaning: string;
}
