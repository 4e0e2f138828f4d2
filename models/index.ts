/** Tidemark as a library, in the order a newcomer should learn it. */
export { simulate, type SimulateOptions, type TraceEvent } from './simulate.ts';
export { ReplayMismatch } from './replay-mismatch.ts';
export type * from './plan.ts';
export type * from './outcome.ts';
export type { SamzaConfig, StoreConfig } from './samza/config.ts';
export { COMMIT_STEPS, PROMISE, type CommitStep } from './protocols/samza.ts';
export { SAMZA_LAWS } from './laws/law-book.ts';
export { crashMatrix, type CrashCell, type CrashMatrix, type CrashRow } from './crash-matrix.ts';
export { flowCrashMatrix } from './flow-crash-matrix.ts';

// Protocols: write one, try it in every order of events or on random jobs, and break it on purpose.
export {
  defineProtocol,
  type Control,
  type CoordinatorEffects,
  type CoordinatorHandlers,
  type CoordinatorPlace,
  type FlowPromise,
  type Protocol,
  type RecordView,
  type TaskEffects,
  type TaskHandlers,
  type TaskMessage,
  type TaskPlace,
} from './dataflow/protocol.ts';
export { PROTOCOLS, type ProtocolName } from './protocols/index.ts';
export { flinkCoordinator, flinkCoordinatorKeeping, type FlinkCoordinator } from './protocols/flink-coordinator.ts';
export { check, type CheckOptions, type CheckResult } from './dataflow/check.ts';
export { exploreFlow as explore, type ExploreFlowOptions, type ExploreFlowResult } from './dataflow/explore-flow.ts';
export type { FlowCounterexample } from './dataflow/counterexample.ts';
export { effectMutants, MUTANTS, type Mutant, type MutantResult, runMutants } from './mutants/index.ts';
export { drawPlan, type FlowPlan, TOPOLOGY_NAMES, type TopologyName, topologyOf } from './dataflow/plans.ts';
export { type Environment, FAULT_KINDS, PEACE, type SinkKind, type Topology } from './dataflow/topology.ts';
export { plansOf, tryOrder } from './dataflow/arbitraries.ts';
export { FlowWorld } from './dataflow/flow-world.ts';
export { type FlowLaw, lawsFor } from './dataflow/laws/index.ts';

// The same protocols in simulated time, with costs.
export { runFlowJob, type RunFlowJobOptions } from './flow-job/run.ts';
export { DEFAULT_COSTS, type FlowJobPlan, NO_FAULTS, pipelineGraph, RESTART_AT_ONCE } from './flow-job/plan.ts';
export type { FlowCheckpoint, FlowHistory, FlowJobOutcome, FlowRecovery } from './flow-job/outcome.ts';
export { FLOW_JOB_MUTANTS } from './flow-job/mutants/index.ts';
