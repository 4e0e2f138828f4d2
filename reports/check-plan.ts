/** A plan of a protocol check in words: the job, and what may go wrong in it. */
import type { FlowPlan } from '../models/dataflow/plans.ts';
import type { KeyedStage } from '../models/dataflow/key-groups.ts';
import type { Environment } from '../models/dataflow/topology.ts';
import { plural } from './numbers.ts';

/** `join: s0, s1, join, sink (two-phase) · 1 record per source · 1 checkpoint and one in calm · 1 crashed task`. */
export function planInWords({ topology, environment }: FlowPlan): string {
  return [jobInWords(topology), ...faultsInWords(environment)].join(' · ');
}

function jobInWords(topology: FlowPlan['topology']): string {
  const { name, tasks, channels, records, sink, deferred, capacity, keyed, backend } = topology;
  const hasSink = tasks.some(({ role }) => role === 'sink');
  return [
    `${name}: ${tasks.map((task) => task.name).join(', ')}${hasSink ? ` (${sink} sink)` : ''}`,
    `${plural(records, 'record')} per source`,
    ...(channels.every(({ fifo }) => fifo) ? [] : ['channels without order']),
    ...(capacity < records ? [`${plural(capacity, 'record')} of credit per channel`] : []),
    ...(keyed === undefined ? [] : [rescalingInWords(keyed)]),
    ...(deferred === true ? ['operators wait for timers'] : []),
    ...(backend === 'incremental' ? ['incremental backend'] : []),
  ].join(' · ');
}

function rescalingInWords({ parallelism, rescaleTo, maxParallelism }: KeyedStage): string {
  return `${plural(parallelism, 'keyed subtask')}${rescaleTo.map((next) => `, then ${next}`).join('')}, of ${plural(maxParallelism, 'key group')}`;
}

/** The budgets that are not zero. */
export function faultsInWords(environment: Environment): readonly string[] {
  const { checkpoints, maxConcurrent, zombies, calm } = environment;
  const budgets: readonly (readonly [number, string])[] = [
    [environment.crashes, 'crashed task'],
    [environment.coordinatorCrashes, 'crashed coordinator'],
    [environment.lostNotifications, 'lost notification'],
    [environment.duplicatedMessages, 'duplicated message'],
    [environment.failedUploads, 'failed upload'],
    [environment.failedCommits, 'failed commit'],
    [environment.timeouts, 'expired checkpoint'],
    [environment.unknownStores ?? 0, 'unknown completion'],
    [environment.transactionTimeouts ?? 0, 'timed-out transaction'],
    [environment.lostEvents ?? 0, 'lost event'],
    [environment.savepoints ?? 0, 'savepoint'],
  ];
  const crashes = environment.crashes + environment.coordinatorCrashes;
  return [
    `${plural(checkpoints, 'checkpoint')}${maxConcurrent > 1 ? `, ${maxConcurrent} at a time` : ''}${calm ? ' and one in calm' : ''}`,
    ...budgets.filter(([budget]) => budget > 0).map(([budget, name]) => plural(budget, name)),
    ...(crashes > 0 && environment.failover === 'region' ? ['failover by region'] : []),
    ...(crashes > 0 && zombies ? ['late effects of the dead'] : []),
  ];
}
