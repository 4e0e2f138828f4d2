/** Effects with the author's arguments looked at first: a channel that is not the task's, a control without a name. */
import type { Protocol, TaskPlace } from './protocol.ts';

/** What each argument of an effect must be. */
type Kind = 'input' | 'output' | 'task' | 'checkpoint' | 'control' | 'flag' | 'text' | 'number?';

const TASK_EFFECTS: Readonly<Record<keyof Parameters<Protocol['task']['control']>[4], readonly Kind[]>> = {
  send: ['output', 'control'],
  broadcast: ['control'],
  block: ['input', 'flag'],
  prioritise: ['checkpoint', 'input'],
  setTimer: ['text'],
  cancelTimer: ['text'],
  snapshot: ['checkpoint'],
  captureRecord: ['checkpoint', 'input'],
  captureOvertaken: ['checkpoint', 'input'],
  upload: ['checkpoint'],
  discard: ['checkpoint'],
  sent: ['output'],
  received: ['input'],
  tell: ['text', 'checkpoint', 'number?'],
  preCommit: ['checkpoint'],
  commitUpTo: ['checkpoint'],
};

const COORDINATOR_EFFECTS: Readonly<Record<keyof Parameters<Protocol['coordinator']['stored']>[3], readonly Kind[]>> = {
  tell: ['task', 'text', 'checkpoint'],
  store: ['checkpoint'],
  discard: ['checkpoint'],
  deleteFile: ['text'],
};

/** The same effects; a wrong call throws a TypeError that says what was expected, so it is blamed on the handler. */
export function checkedEffects<Effects extends object>(effects: Effects, place: object): Effects {
  const isTask = 'role' in place;
  const known: Readonly<Record<string, readonly Kind[]>> = isTask ? TASK_EFFECTS : COORDINATOR_EFFECTS;
  return new Proxy(effects, {
    get(target, key) {
      const name = String(key);
      const kinds = known[name];
      const effect: unknown = Reflect.get(target, key, target);
      if (kinds === undefined) {
        if (typeof key === 'symbol') return effect;
        throw new TypeError(`fx.${name} does not exist; there are ${Object.keys(known).join(', ')}`);
      }
      return (...values: readonly unknown[]) => {
        kinds.forEach((kind, i) => {
          const problem = problemOf(kind, values[i], place);
          if (problem !== null) throw new TypeError(`argument ${i + 1} of fx.${name} should be ${problem}`);
        });
        return (effect as (...values: readonly unknown[]) => unknown).apply(target, [...values]);
      };
    },
  });
}

function problemOf(kind: Kind, value: unknown, place: object): string | null {
  const not = (isRight: boolean, expected: string): string | null =>
    isRight ? null : `${expected}, not ${value === undefined ? 'undefined' : JSON.stringify(value)}`;
  const channels = (which: 'inputs' | 'outputs'): readonly number[] => (place as TaskPlace)[which];
  switch (kind) {
    case 'input':
      return not(
        channels('inputs').includes(value as number),
        `an input of the task (${channels('inputs').join(', ')})`,
      );
    case 'output':
      return not(
        channels('outputs').includes(value as number),
        `an output of the task (${channels('outputs').join(', ')})`,
      );
    case 'task': {
      const { tasks } = place as { readonly tasks: number };
      return not(isWhole(value) && (value as number) < tasks, `a task from 0 to ${tasks - 1}`);
    }
    case 'checkpoint':
      return not(isWhole(value), 'the id of a checkpoint');
    case 'control': {
      const { name, checkpoint } = (value ?? {}) as { readonly name?: unknown; readonly checkpoint?: unknown };
      return not(typeof name === 'string' && isWhole(checkpoint), 'a control element { name, checkpoint }');
    }
    case 'flag':
      return not(typeof value === 'boolean', 'true or false');
    case 'text':
      return not(typeof value === 'string', 'a text');
    case 'number?':
      return not(value === undefined || typeof value === 'number', 'a number');
  }
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
