/**
 * A scenario of a dataflow as a value: a known defect of a snapshot protocol, the job in which it shows, and the law it
 * breaks. `dataflow-schema.ts` says what a file may hold; the compiler checks that both agree.
 */

export interface DataflowScenarioFile {
  readonly $schema?: string | undefined;
  readonly kind: 'dataflow';
  readonly name?: string | undefined;
  readonly title: string;
  readonly story: string;
  readonly issues: readonly string[];
  readonly protocol: string;
  readonly topology: TopologyEntry;
  readonly environment: EnvironmentEntry;
  readonly defect: string;
  readonly expect: { readonly law: string };
}

export type TopologyEntry =
  | {
      readonly shape: 'chain' | 'join' | 'diamond' | 'ring';
      readonly records: number;
      readonly capacity: number;
      readonly sink: 'plain' | 'idempotent' | 'two-phase';
      readonly deferred: boolean;
    }
  | {
      readonly shape: 'own';
      readonly records: number;
      readonly capacity: number;
      readonly sink: 'plain' | 'idempotent' | 'two-phase';
      readonly deferred: boolean;
      readonly tasks: readonly { readonly name: string; readonly role: 'source' | 'operator' | 'sink' }[];
      readonly channels: readonly { readonly from: string; readonly to: string; readonly fifo: boolean }[];
    };

export interface EnvironmentEntry {
  readonly checkpoints: number;
  readonly max_concurrent: number;
  readonly crashes: number;
  readonly coordinator_crashes: number;
  readonly zombies: boolean;
  readonly lost_notifications: number;
  readonly duplicated_messages: number;
  readonly failed_uploads: number;
  readonly failed_commits: number;
  readonly timeouts: number;
  readonly calm: boolean;
}
