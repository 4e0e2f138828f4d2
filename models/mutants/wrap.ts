/**
 * Small changes to a protocol: other handlers, or other effects. Effects are overridden one by one; those not named go
 * through as they are, also those that are added to the interface later.
 */
import type {
  CoordinatorEffects,
  CoordinatorHandlers,
  Protocol,
  TaskEffects,
  TaskHandlers,
  TaskPlace,
} from '../dataflow/protocol.ts';

/** The protocol with some of its task handlers replaced. The footprints were those of the handlers it had. */
export function withTask(
  protocol: Protocol,
  change: (base: TaskHandlers<unknown>) => Partial<TaskHandlers<unknown>>,
): Protocol {
  return {
    ...protocol,
    needs: { ...protocol.needs, inTurn: false },
    task: { ...withoutFootprints(protocol.task), ...change(protocol.task) },
  };
}

/** The protocol with some of its coordinator's handlers replaced. */
export function withCoordinator(
  protocol: Protocol,
  change: (base: CoordinatorHandlers<unknown>) => Partial<CoordinatorHandlers<unknown>>,
): Protocol {
  const { coordinator } = protocol;
  return { ...protocol, coordinator: { ...withoutFootprints(coordinator), ...change(coordinator) } };
}

/** The handlers without what they say they leave alone: other handlers may not. */
function withoutFootprints<Handlers extends { readonly quiet?: unknown }>(handlers: Handlers): Handlers {
  const copy: { -readonly [Key in keyof Handlers]?: Handlers[Key] } = { ...handlers };
  delete copy.quiet;
  return copy as Handlers;
}

/** Names of the handlers that may emit effects. */
export type TaskHandler = 'record' | 'control' | 'timer' | 'message' | 'uploaded' | 'uploadFailed';
export type CoordinatorHandler = 'trigger' | 'message' | 'stored' | 'expired';

/** Where a task's handler emits: its state, its place, and which handler it is. */
export interface TaskSite {
  readonly state: unknown;
  readonly place: TaskPlace;
  readonly handler: TaskHandler;
}

/** The protocol with some effects of its tasks replaced, in every handler. */
export function withEffects(
  protocol: Protocol,
  override: (fx: TaskEffects, site: TaskSite) => Partial<TaskEffects>,
): Protocol {
  return withTask(protocol, (base) => {
    const over = (fx: TaskEffects, state: unknown, place: TaskPlace, handler: TaskHandler): TaskEffects =>
      overlay(fx, override(fx, { state, place, handler }));
    return {
      ...(base.record && {
        record: (s, place, input, view, fx) => base.record!(s, place, input, view, over(fx, s, place, 'record')),
      }),
      control: (s, place, input, control, fx) => base.control(s, place, input, control, over(fx, s, place, 'control')),
      ...(base.timer && { timer: (s, place, name, fx) => base.timer!(s, place, name, over(fx, s, place, 'timer')) }),
      message: (s, place, message, checkpoint, fx) =>
        base.message(s, place, message, checkpoint, over(fx, s, place, 'message')),
      uploaded: (s, place, checkpoint, fx) => base.uploaded(s, place, checkpoint, over(fx, s, place, 'uploaded')),
      ...(base.uploadFailed && {
        uploadFailed: (s, place, checkpoint, fx) =>
          base.uploadFailed!(s, place, checkpoint, over(fx, s, place, 'uploadFailed')),
      }),
    };
  });
}

/** Where a coordinator's handler emits. */
export interface CoordinatorSite {
  readonly tasks: number;
  readonly handler: CoordinatorHandler;
}

/** The protocol with some effects of its coordinator replaced, in every handler. */
export function withCoordinatorEffects(
  protocol: Protocol,
  override: (fx: CoordinatorEffects, site: CoordinatorSite) => Partial<CoordinatorEffects>,
): Protocol {
  return withCoordinator(protocol, (base) => {
    const over = (fx: CoordinatorEffects, tasks: number, handler: CoordinatorHandler): CoordinatorEffects =>
      overlay(fx, override(fx, { tasks, handler }));
    return {
      trigger: (s, place, checkpoint, fx) => base.trigger(s, place, checkpoint, over(fx, place.tasks, 'trigger')),
      message: (s, place, message, fx) => base.message(s, place, message, over(fx, place.tasks, 'message')),
      stored: (s, place, checkpoint, fx) => base.stored(s, place, checkpoint, over(fx, place.tasks, 'stored')),
      ...(base.expired && {
        expired: (s, place, checkpoint, fx) => base.expired!(s, place, checkpoint, over(fx, place.tasks, 'expired')),
      }),
    };
  });
}

/** `fx` with some methods replaced; the others keep their own `this`. */
export function overlay<Effects extends object>(fx: Effects, replaced: Partial<Effects>): Effects {
  return new Proxy(fx, {
    get(target, key) {
      const value: unknown = Reflect.get(Object.hasOwn(replaced, key) ? replaced : target, key, target);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
}
