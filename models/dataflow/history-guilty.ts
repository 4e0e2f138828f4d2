/**
 * From the facts of a breach to the messages they speak of: by channel and number (C2, C3, C5), by record (E1, E2, S1), by
 * what was told too early (D1), by transaction (E3).
 */
import type { SearchViolation } from '../../sim/explorable.ts';
import type { FlowWorld } from './flow-world.ts';
import type { HistoryMessage } from './history-data.ts';

/** Indexes into `messages`, ascending. */
export function guiltyMessages(
  world: FlowWorld,
  { facts }: SearchViolation,
  messages: readonly HistoryMessage[],
): number[] {
  const isGuilty = suspect(world, facts);
  return messages.flatMap((message, i) => (isGuilty(message) ? [i] : []));
}

function suspect(world: FlowWorld, facts: SearchViolation['facts']): (message: HistoryMessage) => boolean {
  const { channel, record, message, transaction } = facts;
  const number = facts['orphan'] ?? facts['lost'] ?? facts['number'];
  if (channel !== undefined && typeof number === 'number') {
    return (each) => each.kind === 'record' && each.channel === channel && each.number === number;
  }
  if (typeof record === 'string') {
    const name = recordOfFacts(world, record);
    return (each) => each.record === name;
  }
  if (typeof facts['split'] === 'number')
    return (each) => each.kind === 'rpc' && each.label === `split ${facts['split']}`;
  if (message !== undefined) return (each) => each.kind === 'rpc' && each.label === `${message} ${facts['checkpoint']}`;
  if (facts['effect'] === 'upload')
    return (each) => each.kind === 'upload' && each.label === `part ${facts['checkpoint']}`;
  if (transaction !== undefined) return (each) => each.kind === 'commit' && each.label === `t${transaction}`;
  return () => false;
}

/** Laws write `source.seq`, with the number of the source among the sources; pictures write `s0#0`. */
export function recordOfFacts(world: FlowWorld, record: string): string {
  const [source, seq] = record.split('.');
  const task = world.sources[Number(source)];
  return task === undefined ? record : `${world.name(task)}#${seq}`;
}
