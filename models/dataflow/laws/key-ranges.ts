/**
 * S3: after a restart everything the checkpoint holds of a key group is with the subtask its records are sent to, and
 * nowhere else: state, records that wait for a timer, records in flight.
 */
import { countsInPart } from '../shared-files.ts';
import type { Application, Element, FlowRecord } from '../state.ts';
import type { FlowFacts, FlowLaw, FlowView } from './law.ts';

export const keyRanges: FlowLaw = {
  id: 'S3',
  statement: 'after a restart each key group has exactly one owner and all its state',
  scope: 'restore',
  check: misplaced,
};

/** What of one record a part or a task holds. */
interface Held {
  readonly application: Application;
  /** Records in front of the subtask. */
  readonly inFlight: readonly FlowRecord[];
}

function isRecord(element: Element): element is FlowRecord {
  return element.is === 'record';
}

const WHERE = ['state', 'waiting', 'in flight'] as const;

function misplaced({ world, state, step }: FlowView): FlowFacts | null {
  const { stage } = world.keyed!;
  const { parallelism } = state.store;
  const stored = state.store.parts
    .filter((part) => part.checkpoint === step.restored && stage.subtasks.includes(part.task))
    .map((part): Held => {
      const application = { ...part.application, seen: countsInPart(state.store, part) };
      return { application, inFlight: part.channels.flatMap(({ records }) => records) };
    });
  const restored = stage.subtasks.map((task): Held => {
    const queues = world.inputs[task]!.map((channel) => state.channel(channel).queue);
    return { application: state.task(task).application, inFlight: queues.flat().filter(isRecord) };
  });
  for (let index = 0; index < world.sources.length * world.topology.records; index++) {
    const record = world.recordAt(index);
    const owner = world.keyed!.owner(record, parallelism);
    const times = ({ application, inFlight }: Held): readonly number[] => {
      const among = (list: Held['inFlight']): number =>
        list.filter(({ source, seq }) => source === record.source && seq === record.seq).length;
      return [application.seen[index]!, among(application.waiting), among(inFlight)];
    };
    for (const [i, where] of WHERE.entries()) {
      const due = stored.reduce((total, each) => total + times(each)[i]!, 0);
      for (const [subtask, each] of restored.entries()) {
        const expected = subtask === owner ? due : 0;
        if (times(each)[i] === expected) continue;
        return {
          checkpoint: step.restored as number,
          key_group: world.keyed!.keyGroup(record),
          record: `${Math.floor(index / world.topology.records)}.${record.seq}`,
          task: world.name(stage.subtasks[subtask]!),
          where,
          restored: times(each)[i]!,
          expected,
        };
      }
    }
  }
  return null;
}
