/**
 * The scenario of a known defect as a value: what happens, which law it breaks, and where it shows: in a dataflow that is
 * searched, or in a coordinator that is run with a clock. `defect-schema.ts` says what a file may hold; the compiler checks
 * that both agree.
 */

export type DefectScenarioFile = DataflowDefectFile | CoordinatorDefectFile;

interface DefectStory {
  readonly $schema?: string | undefined;
  readonly name?: string | undefined;
  readonly title: string;
  readonly story: string;
  readonly issues: readonly string[];
}

/** A defect of the coordinator's policies; plan and rules are the study's own. */
export interface CoordinatorDefectFile extends DefectStory {
  readonly kind: 'coordinator';
  readonly defect: string;
  readonly expect: { readonly law: string };
}

/** A defect of a protocol, and the job in which it shows. */
export interface DataflowDefectFile extends DefectStory {
  readonly kind: 'dataflow';
  readonly protocol: string;
  readonly topology: TopologyEntry;
  readonly environment: EnvironmentEntry;
  readonly defect: string;
  readonly expect: { readonly law: string };
}

interface JobEntry {
  readonly records: number;
  readonly capacity: number;
  readonly sink: 'plain' | 'idempotent' | 'two-phase';
  readonly deferred: boolean;
  readonly splits: 'own' | 'assigned';
  readonly backend: 'full' | 'incremental';
}

export type TopologyEntry = JobEntry &
  (
    | { readonly shape: 'chain' | 'join' | 'diamond' | 'ring' }
    | {
        readonly shape: 'keyed';
        readonly sources: number;
        readonly parallelism: number;
        readonly rescale_to: readonly number[];
        readonly sinks: 'one' | 'each';
        readonly key_groups?: number | undefined;
      }
    | {
        readonly shape: 'own';
        readonly tasks: readonly { readonly name: string; readonly role: 'source' | 'operator' | 'sink' }[];
        readonly channels: readonly { readonly from: string; readonly to: string; readonly fifo: boolean }[];
      }
  );

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
  readonly unknown_stores: number;
  readonly transaction_timeouts: number;
  readonly savepoints: number;
  readonly lost_events: number;
  readonly calm: boolean;
}
