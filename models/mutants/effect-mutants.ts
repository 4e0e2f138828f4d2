/**
 * Mutants of any protocol, made without knowing it: at each place where a handler emits an effect, the effect is left
 * out, doubled, exchanged with the one that follows, or held back until the task's next event. The places are found by
 * watching random runs of the original. A survivor is a question to the author: what is this effect for?
 */
import { randomStreams } from '../../sim/random.ts';
import { randomRun } from '../../sim/swarm.ts';
import { FlowWorld } from '../dataflow/flow-world.ts';
import type { CoordinatorHandlers, Protocol, TaskHandlers } from '../dataflow/protocol.ts';
import { type Environment, FAULT_KINDS, PEACE, type Topology, joinTopology } from '../dataflow/topology.ts';
import { KILLED, type Mutant } from './mutant.ts';

/** Where to look for the protocol's effects, and where to run its mutants. */
export interface EffectSurroundings {
  readonly topology?: Topology;
  readonly environment?: Environment;
  /** Random runs to find the places with; 60 unless given. */
  readonly probes?: number;
}

const TAMPERINGS = ['skip', 'duplicate', 'swap', 'delay'] as const;
type Tampering = (typeof TAMPERINGS)[number];

/** One effect that was emitted: its name, and what it was given. */
interface Emission {
  readonly effect: string;
  readonly values: readonly unknown[];
}

/** State of a tampered actor: its own, and effects held back. */
interface Held {
  readonly inner: unknown;
  late: Emission[];
}

/** What to do with an emission at a place; undefined: let it pass. */
type Tamper = (place: string) => Tampering | undefined;

/** Four mutants for each place of the protocol where an effect is emitted, in a fixed order. */
export function effectMutants(protocol: Protocol, surroundings: EffectSurroundings = {}): readonly Mutant[] {
  const { topology = joinTopology(), environment = { ...PEACE, crashes: 1, failedUploads: 1 } } = surroundings;
  const base = tampered(protocol, () => undefined);
  const common = { base, topology, environment, law: '*', expected: KILLED };
  return placesOf(protocol, { topology, environment, probes: surroundings.probes ?? 60 }).flatMap((place) =>
    TAMPERINGS.map((tampering) => ({
      ...common,
      name: `${tampering} ${place}`,
      broken: `${place}: ${WORDS[tampering]}`,
      protocol: tampered(protocol, (at) => (at === place ? tampering : undefined)),
    })),
  );
}

const WORDS: Readonly<Record<Tampering, string>> = {
  skip: 'the effect is left out',
  duplicate: 'the effect happens twice',
  swap: 'the effect happens after the one that follows it',
  delay: 'the effect happens at the next event only',
};

function placesOf(protocol: Protocol, where: Required<EffectSurroundings>): readonly string[] {
  const places = new Set<string>();
  const watched = tampered(protocol, (place) => {
    places.add(place);
    return undefined;
  });
  const world = new FlowWorld(watched, where.topology, where.environment, []);
  for (let run = 0; run < where.probes; run++) {
    randomRun(world, { stream: randomStreams('places', run)('swarm'), maxSteps: 400, faultKinds: FAULT_KINDS });
  }
  return [...places].toSorted();
}

/** Queries, not effects. */
const QUERIES: readonly string[] = ['sent', 'received'];

function tampered(protocol: Protocol, tamper: Tamper): Protocol {
  return {
    ...protocol,
    task: tamperedTask(protocol.task, tamper),
    coordinator: tamperedCoordinator(protocol.coordinator, tamper),
  };
}

function tamperedTask(base: TaskHandlers<unknown>, tamper: Tamper): TaskHandlers<unknown> {
  return {
    start: (place, restored): Held => ({ inner: base.start(place, restored), late: [] }),
    ...(base.record && {
      record: (s, place, input, view, fx) =>
        during(s, 'task record', tamper, fx, (state, port) => base.record!(state, place, input, view, port)),
    }),
    control: (s, place, input, control, fx) =>
      during(s, `task control(${control.name})`, tamper, fx, (state, port) =>
        base.control(state, place, input, control, port),
      ),
    ...(base.timer && {
      timer: (s, place, name, fx) =>
        during(s, 'task timer', tamper, fx, (state, port) => base.timer!(state, place, name, port)),
    }),
    message: (s, place, message, checkpoint, fx) =>
      during(s, `task message(${message})`, tamper, fx, (state, port) =>
        base.message(state, place, message, checkpoint, port),
      ),
    uploaded: (s, place, checkpoint, fx) =>
      during(s, 'task uploaded', tamper, fx, (state, port) => base.uploaded(state, place, checkpoint, port)),
    ...(base.uploadFailed && {
      uploadFailed: (s, place, checkpoint, fx) =>
        during(s, 'task uploadFailed', tamper, fx, (state, port) => base.uploadFailed!(state, place, checkpoint, port)),
    }),
    ...(base.stamp && { stamp: (s) => base.stamp!((s as Held).inner) }),
  };
}

function tamperedCoordinator(base: CoordinatorHandlers<unknown>, tamper: Tamper): CoordinatorHandlers<unknown> {
  return {
    start: (place, nextId, restored, before): Held => ({
      inner: base.start(place, nextId, restored, (before as Held | undefined)?.inner),
      late: [],
    }),
    trigger: (s, place, checkpoint, fx) =>
      during(s, 'coordinator trigger', tamper, fx, (state, port) => base.trigger(state, place, checkpoint, port)),
    message: (s, place, message, fx) =>
      during(s, `coordinator message(${message.name})`, tamper, fx, (state, port) =>
        base.message(state, place, message, port),
      ),
    stored: (s, place, checkpoint, fx) =>
      during(s, 'coordinator stored', tamper, fx, (state, port) => base.stored(state, place, checkpoint, port)),
    ...(base.expired && {
      expired: (s, place, checkpoint, fx) =>
        during(s, 'coordinator expired', tamper, fx, (state, port) => base.expired!(state, place, checkpoint, port)),
    }),
    pending: (s) => base.pending((s as Held).inner),
    ...(base.retains !== undefined && { retains: base.retains }),
    ...(base.registersFiles !== undefined && { registersFiles: base.registersFiles }),
  };
}

/** Runs one handler: what was held back comes first, then its own effects, each as the tampering has it. */
function during<Effects extends object>(
  held: unknown,
  handler: string,
  tamper: Tamper,
  fx: Effects,
  run: (state: unknown, fx: Effects) => void,
): void {
  const state = held as Held;
  const perform = ({ effect, values }: Emission): void => {
    (Reflect.get(fx, effect) as (...values: readonly unknown[]) => void).apply(fx, [...values]);
  };
  const late = state.late;
  state.late = [];
  for (const each of late) perform(each);
  let swapped: Emission | null = null;
  const emit = (emission: Emission): void => {
    const after = swapped;
    swapped = null;
    switch (tamper(`${handler} ${emission.effect}${nameOf(emission)}`)) {
      case 'skip':
        break;
      case 'duplicate':
        perform(emission);
        perform(emission);
        break;
      case 'swap':
        swapped = emission;
        break;
      case 'delay':
        state.late.push(emission);
        break;
      case undefined:
        perform(emission);
    }
    if (after !== null) perform(after);
  };
  const port = new Proxy(fx, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      const effect = String(key);
      if (QUERIES.includes(effect)) return (value as () => unknown).bind(target);
      return (...values: readonly unknown[]) => emit({ effect, values });
    },
  });
  run(state.inner, port);
  if (swapped !== null) perform(swapped);
}

/** The message or control element that is sent, where one is. */
function nameOf({ values }: Emission): string {
  for (const value of values) {
    if (typeof value === 'string') return `(${value})`;
    if (typeof value === 'object' && value !== null && 'name' in value) return `(${String(value.name)})`;
  }
  return '';
}
