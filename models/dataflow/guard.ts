/**
 * A protocol somebody else wrote, before and while it runs: has it all that the world will call, and do its handlers keep
 * to the rules? A handler that throws, or a state that is no plain data, is the author's mistake and is said in those words.
 */
import { fingerprint } from '../../sim/fingerprint.ts';
import { checkedEffects } from './guard-effects.ts';
import type { Protocol } from './protocol.ts';

/** A mistake in the author's protocol; the message names the handler and says what to do. */
export class ProtocolError extends Error {
  override readonly name: string = 'ProtocolError';
}

const TASK_HANDLERS = ['start', 'control', 'message', 'uploaded'] as const;
const COORDINATOR_HANDLERS = ['start', 'trigger', 'message', 'stored', 'pending'] as const;
const OPTIONAL_COORDINATOR_HANDLERS = ['savepoint', 'failover', 'storeUnknown', 'expired', 'quiet'] as const;
const OPTIONAL_TASK_HANDLERS = ['record', 'uploadFailed', 'timer', 'stamp', 'quiet'] as const;

type Fields = Readonly<Record<string, unknown>>;

/** What is missing or wrong in something that should be a protocol, as a sentence; null: nothing. */
export function protocolProblem(value: unknown): string | null {
  if (!isObject(value)) return `it is ${nameOfType(value)}, not an object`;
  const { name, promise, needs, task, coordinator } = value;
  if (typeof name !== 'string' || name === '') return '"name" should be a text';
  if (!isObject(promise)) return '"promise" should say what state and output are promised';
  if (!['exactly-once', 'at-least-once', 'none'].includes(String(promise['state'])))
    return '"promise.state" should be exactly-once, at-least-once or none';
  const { output } = promise;
  for (const sink of ['plain', 'idempotent', 'two-phase']) {
    const promised = isObject(output) ? output[sink] : undefined;
    if (!['exactly-once', 'at-least-once', 'at-most-once', 'none'].includes(String(promised)))
      return `"promise.output" should have, for "${sink}", exactly-once, at-least-once, at-most-once or none`;
  }
  if (!isObject(needs) || typeof needs['fifo'] !== 'boolean' || typeof needs['cycles'] !== 'boolean')
    return '"needs" should be { fifo: boolean, cycles: boolean }';
  return (
    handlersProblem('task', task, TASK_HANDLERS) ?? handlersProblem('coordinator', coordinator, COORDINATOR_HANDLERS)
  );
}

function handlersProblem(part: string, handlers: unknown, wanted: readonly string[]): string | null {
  if (!isObject(handlers)) return `"${part}" should be an object with the handlers ${wanted.join(', ')}`;
  const missing = wanted.find((name) => typeof handlers[name] !== 'function');
  if (missing !== undefined)
    return `"${part}.${missing}" should be a function, and is ${nameOfType(handlers[missing])}`;
  const known: readonly string[] =
    part === 'task'
      ? [...TASK_HANDLERS, ...OPTIONAL_TASK_HANDLERS]
      : [...COORDINATOR_HANDLERS, ...OPTIONAL_COORDINATOR_HANDLERS];
  const unknown = Object.keys(handlers).find((name) => typeof handlers[name] === 'function' && !known.includes(name));
  return unknown === undefined ? null : `"${part}.${unknown}" is no handler: the world would never call it`;
}

/** The same protocol, whose handlers are watched; what they do wrong is thrown as a ProtocolError. */
export function guarded(protocol: Protocol): Protocol {
  return {
    ...protocol,
    task: watched('task', protocol.task),
    coordinator: watched('coordinator', protocol.coordinator),
  };
}

/** Lines of a stack that lie on our side of a handler. */
const OUR_OWN = /[/\\](?:models[/\\]dataflow|sim)[/\\]/;

type Handler = (this: unknown, ...values: unknown[]) => unknown;

function watched<Handlers extends object>(part: string, handlers: Handlers): Handlers {
  const entries = Object.entries(handlers).map(([name, handler]: [string, unknown]) => [
    name,
    typeof handler === 'function' ? watchedHandler(`${part}.${name}`, handler as Handler) : handler,
  ]);
  return Object.fromEntries(entries) as Handlers;
}

/** Handlers that answer with a value and have no effects; all others change the state they are given. */
const ANSWERS: readonly string[] = [
  'task.start',
  'coordinator.start',
  'coordinator.pending',
  'task.stamp',
  'task.quiet',
  'coordinator.quiet',
];

function watchedHandler(name: string, handler: Handler): Handler {
  return function call(this: unknown, ...values) {
    let result: unknown;
    try {
      result = handler.apply(this, ANSWERS.includes(name) ? values : withCheckedEffects(values));
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
      const place = stack?.split('\n').find((line) => /^\s+at .*:\d+:\d+\)?$/.test(line) && !OUR_OWN.test(line));
      throw new ProtocolError(
        `the handler ${name} threw: ${message}${place === undefined ? '' : `\n  ${place.trim()}`}`,
      );
    }
    if (!ANSWERS.includes(name) && typeof result === 'object' && result !== null) {
      throw new ProtocolError(
        `the handler ${name} returned an object: handlers change the state they are given and return nothing`,
      );
    }
    const state = name.endsWith('.start') ? result : values[0];
    if (state === undefined) throw new ProtocolError(`the handler ${name} returned no state`);
    try {
      fingerprint(state);
    } catch (error) {
      throw new ProtocolError(
        `after ${name} the state is no plain data (${(error as Error).message}): use numbers, strings, booleans, null, arrays and plain objects`,
      );
    }
    return result;
  };
}

/** A handler's place is its second argument, its effects are the last. */
function withCheckedEffects(values: readonly unknown[]): unknown[] {
  return [...values.slice(0, -1), checkedEffects(values.at(-1) as object, values[1] as object)];
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOfType(value: unknown): string {
  return value === null
    ? 'null'
    : value === undefined
      ? 'missing'
      : Array.isArray(value)
        ? 'a list'
        : `a ${typeof value}`;
}
