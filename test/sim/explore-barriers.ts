// A toy for the search tests: two sources, a join that aligns barriers and feeds a transactional sink, a coordinator, and
// crashes of the whole job. Records are counted, not stored: channels are FIFO, so a count per source says which they were.
// A state is five components that are copied when written; a fork shares them, and their fingerprints are kept.
import type { Explorable, Fingerprint, SearchAction, SearchViolation } from '../../sim/explorable.ts';
import { clonePlain, combineFingerprints, fingerprint } from '../../sim/fingerprint.ts';

/** What is broken; each is named for what it does. */
export type BarrierMutant =
  | 'none'
  | 'no-align'
  | 'snapshot-at-first-barrier'
  | 'late-offset'
  | 'ack-before-upload'
  | 'one-ack-missing'
  | 'reuse-id'
  | 'stuck-after-crash';

export interface BarrierBounds {
  readonly records: number;
  readonly checkpoints: number;
  readonly crashes: number;
  readonly mutant?: BarrierMutant;
}

interface Source {
  emitted: number;
  /** In flight to the join, oldest first: a record is its number (from 1), the barrier of checkpoint n is -n. */
  channel: number[];
  /** Checkpoint whose barrier is to be sent, 0 for none. */
  asked: number;
}
interface Snapshot {
  from: number[];
  to: number[];
}
interface Join {
  counts: number[];
  /** Counts at the last snapshot: where the open transaction begins. */
  base: number[];
  barrierIn: boolean[];
}
interface Coordinator {
  pending: number;
  /** Acknowledgements under way, sorted. */
  acks: string[];
  acked: string[];
  offsets: number[];
}
interface Durable {
  nextId: number;
  completed: number;
  offsets: number[];
  crashes: number;
  /** They outlive the job that began them. */
  uploads: Record<string, Snapshot>;
  store: Record<string, Snapshot>;
  output: number[];
}

export interface BarrierState {
  readonly parts: [Source, Source, Join, Coordinator, Durable];
  readonly prints: (Fingerprint | null)[];
}

const fine: readonly SearchViolation[] = [];
const capacity = 4;

function own<I extends 0 | 1 | 2 | 3 | 4>(state: BarrierState, i: I): BarrierState['parts'][I] {
  const copy = clonePlain(state.parts[i]);
  state.parts[i] = copy;
  state.prints[i] = null;
  return copy;
}

export function barriers({ records, checkpoints, crashes, mutant = 'none' }: BarrierBounds): Explorable<BarrierState> {
  const acksNeeded = mutant === 'one-ack-missing' ? 2 : 3;

  function initial(): BarrierState {
    const source = (): Source => ({ emitted: 0, channel: [], asked: 0 });
    const join: Join = { counts: [0, 0], base: [0, 0], barrierIn: [false, false] };
    const coordinator: Coordinator = { pending: 0, acks: [], acked: [], offsets: [0, 0] };
    const durable: Durable = {
      nextId: 1,
      completed: 0,
      offsets: [0, 0],
      crashes: 0,
      uploads: {},
      store: {},
      output: [0, 0],
    };
    return { parts: [source(), source(), join, coordinator, durable], prints: [null, null, null, null, null] };
  }

  function enabled({ parts }: BarrierState): SearchAction[] {
    const [, , join, coordinator, durable] = parts;
    const actions: SearchAction[] = [];
    const attemptsLeft = durable.nextId <= checkpoints + crashes;
    if (coordinator.pending === 0 && durable.completed < checkpoints && attemptsLeft)
      actions.push({ id: `trigger:coord#${durable.nextId}`, kind: 'trigger' });
    for (const s of [0, 1] as const) {
      const { emitted, channel, asked } = parts[s];
      if (asked !== 0 && channel.length < capacity) actions.push({ id: `barrier:s${s}#${asked}`, kind: 'barrier' });
      if (emitted < records && channel.length < capacity)
        actions.push({ id: `emit:s${s}#${emitted + 1}`, kind: 'emit' });
      const head = channel[0];
      const blocked = join.barrierIn[s] && mutant !== 'no-align';
      if (head !== undefined && !blocked) {
        // Before its own barrier is in, a record changes counts that no snapshot can read yet.
        const ample = head > 0 && !join.barrierIn[s]! && mutant !== 'snapshot-at-first-barrier';
        actions.push({ id: `deliver:s${s}>join#${head}`, kind: 'deliver', ample });
      }
    }
    for (const id of Object.keys(durable.uploads).sort()) actions.push({ id: `upload:join#${id}`, kind: 'upload' });
    for (const who of coordinator.acks) {
      // An acknowledgement that does not complete the checkpoint only fills in the coordinator's list.
      const ample = coordinator.acked.length + 1 < acksNeeded && mutant !== 'late-offset';
      actions.push({ id: `ack:${who}#${coordinator.pending}`, kind: 'ack', ample });
    }
    if (durable.crashes < crashes) actions.push({ id: `crash:job#${durable.crashes + 1}`, kind: 'crash' });
    return actions;
  }

  function apply(state: BarrierState, { id, kind }: SearchAction): readonly SearchViolation[] {
    const s = id.includes(':s1') ? 1 : 0;
    switch (kind) {
      case 'trigger': {
        const coordinator = own(state, 3);
        const durable = own(state, 4);
        coordinator.pending = durable.nextId;
        if (mutant !== 'reuse-id') durable.nextId++;
        own(state, 0).asked = coordinator.pending;
        own(state, 1).asked = coordinator.pending;
        return fine;
      }
      case 'emit': {
        const source = own(state, s);
        source.channel.push(++source.emitted);
        return fine;
      }
      case 'barrier': {
        const source = own(state, s);
        source.channel.push(-source.asked);
        source.asked = 0;
        const coordinator = own(state, 3);
        coordinator.offsets[s] = source.emitted;
        send(coordinator, `s${s}`);
        return fine;
      }
      case 'deliver': {
        deliver(state, s, own(state, s).channel.shift()!);
        return fine;
      }
      case 'upload': {
        const durable = own(state, 4);
        const checkpoint = id.slice(id.indexOf('#') + 1);
        durable.store[checkpoint] = durable.uploads[checkpoint]!;
        delete durable.uploads[checkpoint];
        const current = `${state.parts[3].pending}` === checkpoint;
        if (current && mutant !== 'ack-before-upload') send(own(state, 3), 'join');
        return fine;
      }
      case 'ack': {
        const coordinator = own(state, 3);
        const who = id.slice(4, id.indexOf('#'));
        coordinator.acks = coordinator.acks.filter((other) => other !== who);
        coordinator.acked = [...coordinator.acked, who].sort();
        if (mutant === 'late-offset' && who !== 'join') {
          const late = who === 's1' ? 1 : 0;
          coordinator.offsets[late] = state.parts[late].emitted;
        }
        return coordinator.acked.length < acksNeeded ? fine : complete(state, coordinator);
      }
      case 'crash': {
        crash(state);
        return fine;
      }
      default:
        throw new Error(`no such action: ${id}`);
    }
  }

  function send(coordinator: Coordinator, who: string): void {
    if (coordinator.acked.includes(who) || coordinator.acks.includes(who)) return;
    coordinator.acks = [...coordinator.acks, who].sort();
  }

  function deliver(state: BarrierState, s: 0 | 1, item: number): void {
    const join = own(state, 2);
    if (item > 0) {
      join.counts[s]!++;
      return;
    }
    const first = !join.barrierIn[1 - s];
    join.barrierIn[s] = true;
    const atFirst = mutant === 'snapshot-at-first-barrier';
    if (first === atFirst) {
      own(state, 4).uploads[`${-item}`] = { from: join.base, to: [...join.counts] };
      join.base = [...join.counts];
      if (mutant === 'ack-before-upload') send(own(state, 3), 'join');
    }
    if (!first) join.barrierIn = [false, false];
  }

  function complete(state: BarrierState, coordinator: Coordinator): readonly SearchViolation[] {
    const found: SearchViolation[] = [];
    const checkpoint = coordinator.pending;
    const durable = own(state, 4);
    const stored = durable.store[`${checkpoint}`];
    durable.completed = checkpoint;
    durable.offsets = [...coordinator.offsets];
    Object.assign(coordinator, { pending: 0, acks: [], acked: [] });
    if (mutant === 'reuse-id') durable.nextId = checkpoint + 1;
    if (stored === undefined) return [{ law: 'restorable', facts: { checkpoint } }];
    for (const s of [0, 1]) {
      const [offset, from, to, output] = [durable.offsets[s]!, stored.from[s]!, stored.to[s]!, durable.output[s]!];
      if (to !== offset) found.push({ law: 'consistent-cut', facts: { checkpoint, source: s, offset, to } });
      if (from !== output) found.push({ law: 'exactly-once', facts: { checkpoint, source: s, output, from } });
      durable.output[s] = to;
    }
    return found;
  }

  function crash(state: BarrierState): void {
    const durable = own(state, 4);
    durable.crashes++;
    const restored = durable.store[`${durable.completed}`]?.to ?? [0, 0];
    for (const s of [0, 1] as const) {
      Object.assign(own(state, s), { emitted: durable.offsets[s]!, channel: [], asked: 0 });
    }
    Object.assign(own(state, 2), { counts: [...restored], base: [...restored], barrierIn: [false, false] });
    const pending = mutant === 'stuck-after-crash' ? state.parts[3].pending : 0;
    Object.assign(own(state, 3), { pending, acks: [], acked: [], offsets: [0, 0] });
  }

  return {
    initial,
    enabled,
    apply,
    fork: ({ parts, prints }) => ({ parts: [...parts], prints: [...prints] }),
    fingerprint: ({ parts, prints }) => combineFingerprints(parts.map((part, i) => (prints[i] ??= fingerprint(part)))),
    durable: ({ parts, prints }) => (prints[4] ??= fingerprint(parts[4])),
    atEnd: ({ parts: [, , , { pending }] }) => (pending === 0 ? fine : [{ law: 'not-stuck', facts: { pending } }]),
  };
}
