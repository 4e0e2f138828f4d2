/** Which line of a picture is whose, from one side to the other: the coordinator, the tasks, the output, the store. */
import type { FlowWorld } from './flow-world.ts';
import { TO_COORDINATOR } from './state.ts';

export const coordinatorLine = (): number => 0;
/** Only jobs with a sink have an output. */
export const outputLine = (world: FlowWorld): number => world.topology.tasks.length + 1;
export const hasOutput = (world: FlowWorld): boolean => world.topology.tasks.some(({ role }) => role === 'sink');
export const storeLine = (world: FlowWorld): number => world.topology.tasks.length + (hasOutput(world) ? 2 : 1);
export const taskLine = (task: number): number => (task === TO_COORDINATOR ? coordinatorLine() : task + 1);
