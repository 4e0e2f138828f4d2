/**
 * The history of one path of a dataflow world: the path is replayed, and what each action did is read off the difference
 * between the state before and after it, so neither the world nor the protocols know that they are being watched.
 */
import type { SearchViolation } from '../../sim/explorable.ts';
import { mayEnd } from '../../sim/explore-path.ts';
import type { FlowWorld } from './flow-world.ts';
import type { History, HistoryLine, HistoryViolation } from './history-data.ts';
import { guiltyMessages } from './history-guilty.ts';
import { coordinatorLine, hasOutput, outputLine, storeLine } from './history-lines.ts';
import { StepRecorder } from './history-steps.ts';
import { HistoryWriter } from './history-writer.ts';
import { FAULT_KINDS } from './topology.ts';

export type * from './history-data.ts';

export interface HistoryOptions {
  /** The law whose breach is looked for; without it, the first of any law. */
  readonly law?: string;
  /** Kinds of actions that may happen but need not: with nothing else enabled the path has ended. */
  readonly faultKinds?: readonly string[];
  readonly title?: string;
}

/** Replays a path and records it up to the breach, which is its end if the path comes from a search. Throws when an id is not enabled in its turn. */
export function historyOf(world: FlowWorld, ids: readonly string[], options: HistoryOptions = {}): History {
  const state = world.initial();
  const writer = new HistoryWriter();
  const recorder = new StepRecorder(world, writer);
  const isWanted = (found: SearchViolation): boolean => options.law === undefined || found.law === options.law;
  let found: SearchViolation | undefined;
  for (const [i, id] of ids.entries()) {
    const enabled = world.enabled(state);
    const action = enabled.find((candidate) => candidate.id === id);
    if (action === undefined) {
      const near = enabled.slice(0, 8).map((each) => each.id);
      throw new Error(`action ${i + 1} of the path, ${id}, is not enabled here; enabled are ${near.join(', ')}`);
    }
    const before = world.fork(state);
    found = world.apply(state, action).find(isWanted);
    recorder.record(before, state, action);
    if (found !== undefined) break;
  }
  const ended = found === undefined && mayEnd(world.enabled(state), options.faultKinds ?? FAULT_KINDS);
  const atEnd = ended ? world.atEnd(state).find(isWanted) : undefined;
  return {
    title: options.title ?? `${world.protocol.name} on ${world.topology.name}`,
    protocol: world.protocol.name,
    timed: false,
    lines: linesOf(world),
    events: writer.events,
    messages: writer.messages,
    cuts: writer.cuts(),
    spans: writer.spans,
    attempts: recorder.attempts,
    violation: violationOf(world, writer, found ?? atEnd, atEnd !== undefined),
    notes: [],
  };
}

/** Coordinator, tasks, output, store: lines of the picture from one side to the other. */
function linesOf(world: FlowWorld): HistoryLine[] {
  const { tasks } = world.topology;
  const lines: HistoryLine[] = [];
  const put = (line: number, name: string, role: HistoryLine['role']): void => {
    lines[line] = { name, role, group: name };
  };
  put(coordinatorLine(), 'coordinator', 'coordinator');
  tasks.forEach(({ name, role }, task) => put(task + 1, name, role));
  if (hasOutput(world)) put(outputLine(world), 'output', 'output');
  put(storeLine(world), 'store', 'store');
  return lines;
}

function violationOf(
  world: FlowWorld,
  writer: HistoryWriter,
  found: SearchViolation | undefined,
  atEnd: boolean,
): HistoryViolation | null {
  if (found === undefined) return null;
  const messages = guiltyMessages(world, found, writer.messages);
  const records = new Set<string>();
  const events = new Set<number>();
  for (const index of messages) {
    const { from, to, record } = writer.messages[index]!;
    events.add(from);
    if (to !== null) events.add(to);
    if (record !== null) records.add(record);
  }
  return {
    law: found.law,
    statement: world.laws.find((law) => law.id === found.law)?.statement ?? '',
    facts: found.facts,
    event: writer.events.findLast((event) => !event.secondary)?.n ?? null,
    atEnd,
    messages,
    events: [...events].toSorted((x, y) => x - y),
    records: [...records],
  };
}
