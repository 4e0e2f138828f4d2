/** One short name for a scenario with all its values, so that results can be told apart and joined. */
import { createHash } from 'node:crypto';
import type { FlowJobPlan } from '../models/flow-job/plan.ts';
import type { RunPlan } from '../models/plan.ts';

/** 16 hex digits over everything in the plan but seed and replication: the same for all runs of one experiment. */
export function scenarioHash({ seed: _seed, replication: _replication, ...plan }: RunPlan): string {
  return valueHash(plan);
}

/** The same for a dataflow job under one protocol. */
export function flowHash({ plan, protocol }: { readonly plan: FlowJobPlan; readonly protocol: string }): string {
  const { seed: _seed, replication: _replication, ...job } = plan;
  return valueHash({ ...job, protocol });
}

/** 16 hex digits over any plain data. */
export function valueHash(value: object): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 16);
}

/** JSON with sorted names, so that the order in which a plan was put together does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
