/**
 * The work of a command as data, so that it can be handed to another thread: what to run, and what comes back.
 * `perform.ts` does it, `worker.ts` does it in a worker thread, `start.ts` starts that thread and stays responsive.
 */
import type { CrashMatrix } from '../../models/crash-matrix.ts';
import type { DefectOutcome } from '../../models/coordinator-study/defect.ts';
import type { ExploreFlowResult } from '../../models/dataflow/explore-flow.ts';
import type { History } from '../../models/dataflow/history-data.ts';
import type { FlowPlan } from '../../models/dataflow/plans.ts';
import type { FlowReplay } from '../../models/dataflow/replay-flow.ts';
import type { MutantResult, TransposedMatrix } from '../../models/mutants/index.ts';
import type { Outcome } from '../../models/outcome.ts';
import type { CheckpointHistory } from '../../models/checkpoint-history/index.ts';
import type { JudgedRun, OutputPromise } from '../../models/flow-job/judged-run.ts';
import type { FlowJobPlan } from '../../models/flow-job/plan.ts';
import type { RunPlan } from '../../models/plan.ts';
import type { StreamJob } from '../../models/tuning/stream-job.ts';
import type { FlowWhatIf, WhatIf } from '../../models/what-if/index.ts';
import type { Divergence } from '../../reports/divergence.ts';
import type { RunPicture } from '../actions/picture-window.ts';
import type { NamedProtocol, ProtocolSpec } from '../protocol-source.ts';

/** Where trace lines go: a file (opened, not created here), or stdout. */
export type TraceTarget = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'stdout' };

/** One run. */
export interface RunJob {
  readonly kind: 'run';
  readonly plan: RunPlan;
  /** Action ids to apply in this order; null lets time choose. */
  readonly replay: readonly string[] | null;
  readonly trace: TraceTarget | null;
  /** Keep the ids of the applied actions, for a replay file. */
  readonly keepActions: boolean;
  /** Run a second time and compare. */
  readonly twice: boolean;
  /** Record a part of it as a history; null: nobody wants to see it. */
  readonly picture: RunPicture | null;
}

/** The whole crash matrix of a protocol. */
export interface CrashMatrixJob {
  readonly kind: 'crash-matrix';
  /** `samza`, or a name of the protocol catalogue. */
  readonly protocol: string;
  readonly seed: string;
}

/** An exhaustive search. */
export interface ExploreJob {
  readonly kind: 'explore';
  readonly protocol: ProtocolSpec;
  readonly plan: FlowPlan;
  readonly order: 'breadth' | 'depth';
  readonly reduction: 0 | 1;
  readonly maxStates: number;
  /** At the first breach, or at the first of this law. */
  readonly stopAtFirst: boolean | string;
}

/** The hunt of mutants. */
export interface MutantsJob {
  readonly kind: 'mutants';
  readonly wanted: MutantsWanted;
  readonly runs: number;
  readonly maxStates: number;
  readonly seed: string;
}

/** The hunt of all mutants, for the sake of the laws and the faults. */
export interface TransposeJob {
  readonly kind: 'transpose';
  readonly runs: number;
  readonly maxStates: number;
  readonly seed: string;
}

/** Which mutants: rows of the catalogue by name, or the effects of one protocol (all of them without names). */
export type MutantsWanted =
  | { readonly kind: 'catalogue'; readonly names: readonly string[] }
  | { readonly kind: 'effects'; readonly protocol: NamedProtocol; readonly names: readonly string[] };

/** A path of a dataflow, taken again. */
export interface ReplayFlowJob {
  readonly kind: 'replay-flow';
  readonly protocol: ProtocolSpec;
  readonly plan: FlowPlan;
  readonly path: readonly string[];
  readonly law: string | null;
}

/** A defect of the coordinator with a clock, in place or mended. */
export interface CoordinatorJob {
  readonly kind: 'coordinator';
  /** Of COORDINATOR_DEFECTS. */
  readonly id: string;
  readonly withDefect: boolean;
}

/** What a report is of: a job that is run, a job at other intervals, or both; or a dataflow job. Made in rounds, see `report-rounds.ts`. */
export interface ReportJob {
  readonly plan: RunPlan | null;
  readonly stream: StreamJob | null;
  readonly flow: FlowReportJob | null;
}

/** A dataflow job under a protocol of CONTENDERS. */
export interface FlowReportJob {
  readonly plan: FlowJobPlan;
  readonly protocol: string;
  /** Of the protocol, for outputs behind the sinks of the plan. */
  readonly promise: OutputPromise;
}

/** One run of a dataflow job, judged by what its protocol promises. */
export interface RunFlowJob extends FlowReportJob {
  readonly kind: 'run-flow';
  /** Run a second time and compare. */
  readonly twice: boolean;
}

/** What it gives back. */
export interface RunFlowResult {
  readonly judged: JudgedRun;
  /** Names of the digests in which a second run differed; null: in none, or there was none. */
  readonly divergence: readonly string[] | null;
}

export type Job =
  RunFlowJob | RunJob | CrashMatrixJob | ExploreJob | MutantsJob | TransposeJob | ReplayFlowJob | CoordinatorJob;

/** What a run gives back. */
export interface RunResult {
  readonly outcome: Outcome;
  /** Ids of all applied actions, or null when there were more than a replay file holds, or none were asked for. */
  readonly actions: readonly string[] | null;
  /** Only after a second run: where it parted from the first, or null when it was the same. */
  readonly divergence: Divergence | null;
  /** The part of the run that was to be shown. */
  readonly history: History | null;
}

/** What a report is made of. */
export interface ReportResult {
  readonly run: { readonly outcome: Outcome; readonly history: CheckpointHistory } | null;
  readonly flow: { readonly judged: JudgedRun; readonly history: CheckpointHistory } | null;
  readonly whatIf: WhatIf | FlowWhatIf | null;
  /** Why there are no other intervals. */
  readonly whyNot: string | null;
}

/** More events than this are not listed in a replay file; its plan alone repeats the run. */
export const ACTIONS_MAX = 200_000;

/** What each kind of job gives back. */
export interface JobResults {
  readonly run: RunResult;
  readonly 'run-flow': RunFlowResult;
  readonly 'crash-matrix': CrashMatrix;
  readonly explore: ExploreFlowResult;
  readonly mutants: readonly MutantResult[];
  readonly transpose: TransposedMatrix;
  readonly 'replay-flow': FlowReplay;
  readonly coordinator: DefectOutcome;
}
