/**
 * Random runs with personalities. A run that treats all actions alike visits the same middle of the state space again and
 * again; here each run draws a weight for every kind of action, some near zero, and sets some kinds aside for a while.
 * Faults come in a storm that ends at a drawn step; the calm after it lets what was lost for ever show at the end.
 *
 * A kind's weight is a hash of the kind and one number drawn per run, so it does not depend on when the kind is first met.
 */
import { type Counterexample, mayEnd } from './explore-path.ts';
import { VisitedSet } from './explore-visited.ts';
import type { Explorable, Fingerprint, SearchAction, SearchViolation } from './explorable.ts';
import { fingerprint } from './fingerprint.ts';
import { mix32 } from './hash.ts';
import type { RandomStream } from './random.ts';

/** How one random run is made. */
export interface RandomRunOptions {
  /** A stream of this run's own, such as `randomStreams(seed, run)('swarm')`. */
  readonly stream: RandomStream;
  /** Actions after which the run is given up. */
  readonly maxSteps: number;
  /** Multiplies the drawn weight of a kind (1 unless given); a kind of weight 0 is taken only when nothing else is enabled. */
  readonly weights?: Readonly<Record<string, number>>;
  /** `uniform` draws no weights: each enabled action is as likely as the next. `swarm` unless given. */
  readonly bias?: 'swarm' | 'uniform';
  /** Kinds that may happen but need not; none of them happens after a drawn step of at most `stormSteps`. */
  readonly faultKinds?: readonly string[];
  /** Half of `maxSteps` unless given. */
  readonly stormSteps?: number;
  /** As in `explore`: false goes on after a breach, a law's id stops at that law only. True unless given. */
  readonly stopAtFirst?: boolean | string;
}

/** What a random run did. */
export interface RandomRun {
  readonly ids: readonly string[];
  /** For each broken law, in the order broken, its first breach and the ids up to it. */
  readonly violations: readonly Counterexample[];
  readonly steps: number;
  /** The run came to the end of its path: it was neither given up nor stopped by a breach on the way. */
  readonly ended: boolean;
  /** Distinct fingerprints of what a crash would have left, in the order reached. */
  readonly durable: readonly Fingerprint[];
}

/** Runs the model once from the initial state, choosing at random; the same stream gives the same run. */
export function randomRun<State>(model: Explorable<State>, options: RandomRunOptions): RandomRun {
  const { stream, maxSteps, faultKinds = [], stopAtFirst = true } = options;
  const personality = drawPersonality(options);
  const stormEnd = faultKinds.length === 0 ? 0 : drawStormEnd(stream, options.stormSteps ?? Math.floor(maxSteps / 2));
  const state = model.initial();
  const durable = new VisitedSet();
  durable.add(model.durable(state));
  const ids: string[] = [];
  const violations: Counterexample[] = [];
  const note = (found: readonly SearchViolation[]): void => {
    for (const { law, facts } of found) {
      if (violations.every((known) => known.law !== law)) violations.push({ law, facts, path: ids.slice() });
    }
  };
  const isStopped = (): boolean =>
    violations.length > 0 && (stopAtFirst === true || violations.some(({ law }) => law === stopAtFirst));

  let ended = false;
  while (!isStopped() && !ended) {
    const enabled = model.enabled(state);
    if (mayEnd(enabled, faultKinds) && (enabled.length === 0 || ids.length >= stormEnd)) {
      ended = true;
      note(model.atEnd(state));
      continue;
    }
    if (ids.length >= maxSteps) break;
    const candidates = ids.length < stormEnd ? enabled : enabled.filter(({ kind }) => !faultKinds.includes(kind));
    const action = choose(candidates, (kind) => personality(kind, ids.length), stream);
    ids.push(action.id);
    note(model.apply(state, action));
    durable.add(model.durable(state));
  }
  const reached = Array.from({ length: durable.size }, (_, i) => durable.at(i));
  return { ids, violations, steps: ids.length, ended, durable: reached };
}

/** What is left of the weight of a kind that is set aside: next to nothing, but more than a weight of 0. */
const SET_ASIDE = 2 ** -20;

/** Weight of a kind at a step. */
type Personality = (kind: string, step: number) => number;

function drawPersonality({ stream, maxSteps, weights = {}, bias = 'swarm' }: RandomRunOptions): Personality {
  const salt = stream.int(2 ** 32);
  const traits = new Map<string, { weight: number; offFrom: number; offTo: number }>();
  const spans = 32 - Math.clz32(maxSteps);
  return (kind, step) => {
    let trait = traits.get(kind);
    if (trait === undefined) {
      const base = Object.hasOwn(weights, kind) ? weights[kind]! : 1;
      trait =
        bias === 'uniform' ? { weight: base, offFrom: 0, offTo: 0 } : hashTrait(mix32(salt, fingerprint(kind).low));
      if (bias === 'swarm') trait.weight *= base;
      traits.set(kind, trait);
    }
    return step >= trait.offFrom && step < trait.offTo ? trait.weight * SET_ASIDE : trait.weight;
  };

  function hashTrait(hash: number): { weight: number; offFrom: number; offTo: number } {
    // One kind in four is rare; the others differ by up to 64 times. One in four is set aside for a stretch of steps whose
    // beginning and length are drawn over orders of magnitude, since how long a path of this model is, nobody knows.
    const weight = (hash & 3) === 0 ? 1 / 64 : powerOfTwo((hash >>> 2) % 7) / 8;
    const offFrom = powerOfTwo((hash >>> 8) % (spans + 1)) - 1;
    const isSetAside = ((hash >>> 5) & 3) === 0;
    return { weight, offFrom, offTo: isSetAside ? offFrom + powerOfTwo((hash >>> 16) % (spans + 1)) : offFrom };
  }
}

/** Draws by weight; where every weight is 0, each candidate is as likely as the next. One draw. */
function choose(
  candidates: readonly SearchAction[],
  weightOf: (kind: string) => number,
  stream: RandomStream,
): SearchAction {
  let total = 0;
  for (const { kind } of candidates) total += weightOf(kind);
  if (!(total > 0)) return candidates[stream.int(candidates.length)]!;
  let rest = stream.next() * total;
  let chosen = candidates[0]!;
  for (const candidate of candidates) {
    const weight = weightOf(candidate.kind);
    if (weight <= 0) continue;
    chosen = candidate;
    rest -= weight;
    if (rest < 0) break;
  }
  return chosen;
}

/** For half of the runs the latest step allowed; for the others each order of magnitude is as likely as the next. */
function drawStormEnd(stream: RandomStream, latest: number): number {
  const span = powerOfTwo(stream.int(33 - Math.clz32(latest)));
  const early = stream.int(span);
  return stream.int(2) === 0 ? latest : Math.min(latest, early);
}

/** 2^n, and 2^31 for a larger n. */
function powerOfTwo(n: number): number {
  return (1 << Math.min(n, 31)) >>> 0;
}
