/** A topology written out task by task, checked for what a job needs: names that are there once, and a way to each task. */
import type { Topology } from '../models/dataflow/topology.ts';
import { nearest } from '../models/nearest-word.ts';
import type { TopologyEntry } from './defect-scenario.ts';
import { finding, type Finding } from './explain-issue.ts';

type OwnTopology = Extract<TopologyEntry, { shape: 'own' }>;

/** The topology, or what is wrong with it. */
export function ownTopology(entry: OwnTopology): Topology | readonly Finding[] {
  const findings = [...wrongTasks(entry), ...wrongChannels(entry)];
  if (findings.length > 0) return findings;
  const { tasks, channels, records, capacity, sink } = entry;
  const numberOf = (name: string): number => tasks.findIndex((task) => task.name === name);
  return {
    name: 'own',
    tasks,
    channels: channels.map(({ from, to, fifo }) => ({ from: numberOf(from), to: numberOf(to), fifo })),
    records,
    capacity,
    sink,
    hops: 0,
  };
}

function wrongTasks({ tasks, channels }: OwnTopology): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [i, { name, role }] of tasks.entries()) {
    const path = ['topology', 'tasks', i, 'name'];
    if (tasks.findIndex((task) => task.name === name) < i)
      findings.push(finding(path, `"${name}" is the name of another task`, 'give each task a name of its own'));
    const isFed = channels.some(({ to }) => to === name);
    if (isFed === (role === 'source')) {
      const message =
        role === 'source' ? 'is a source and has an input' : `is ${article(role)} and nothing leads to it`;
      findings.push(finding(path, message, 'sources begin the job, and every other task has an input'));
    }
    const feeds = channels.some(({ from }) => from === name);
    if (feeds === (role === 'sink')) {
      const message = role === 'sink' ? 'is a sink and has an output' : `is ${article(role)} and leads nowhere`;
      findings.push(finding(path, message, 'sinks end the job, and every other task has an output'));
    }
  }
  return findings;
}

const article = (role: string): string => (role === 'operator' ? 'an operator' : `a ${role}`);

function wrongChannels({ tasks, channels }: OwnTopology): readonly Finding[] {
  const names = tasks.map(({ name }) => name);
  return channels.flatMap((channel, i) =>
    (['from', 'to'] as const).flatMap((end): readonly Finding[] => {
      const name = channel[end];
      if (names.includes(name)) return [];
      const path = ['topology', 'channels', i, end];
      const remedy = `one of ${names.join(', ')}`;
      return [
        { path, target: 'value', message: `no task is called "${name}"`, suggestion: nearest(name, names), remedy },
      ];
    }),
  );
}
