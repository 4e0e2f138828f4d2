/** What the keys say about the job outside SamzaConfig: its name, containers, inputs, and where they start. */
import { isTrue, splitNames, type Values } from './values.ts';

/** Where an input starts and what happens to its checkpoint; null where the file says nothing. */
export interface StreamKeys {
  readonly stream: string;
  readonly offsetDefault: 'upcoming' | 'oldest' | null;
  readonly resetOffset: boolean;
  readonly deleteCommitted: boolean;
}

/** What the keys say about the job outside SamzaConfig. */
export interface JobKeys {
  readonly name: string | null;
  readonly containers: number | null;
  readonly defaultSystem: string | null;
  readonly inputs: readonly { readonly system: string | null; readonly stream: string }[];
  readonly streams: readonly StreamKeys[];
  readonly systems: readonly { readonly system: string; readonly offsetDefault: 'upcoming' | 'oldest' }[];
}

export function readJob(values: Values): JobKeys {
  const streams = new Map<string, { -readonly [K in keyof StreamKeys]: StreamKeys[K] }>();
  const streamOf = (name: string): { -readonly [K in keyof StreamKeys]: StreamKeys[K] } => {
    const found = streams.get(name) ?? {
      stream: name,
      offsetDefault: null,
      resetOffset: false,
      deleteCommitted: false,
    };
    streams.set(name, found);
    return found;
  };
  const systems = new Map<string, 'upcoming' | 'oldest'>();
  for (const { spec, names: found, value } of values.values()) {
    const start = value === 'oldest' ? 'oldest' : 'upcoming';
    const [first = '', second = ''] = found;
    if (spec.pattern === 'streams.X.samza.offset.default') streamOf(first).offsetDefault = start;
    else if (spec.pattern === 'systems.S.streams.X.samza.offset.default') streamOf(second).offsetDefault ??= start;
    else if (spec.pattern === 'streams.X.samza.reset.offset') streamOf(first).resetOffset = isTrue(value);
    else if (spec.pattern === 'streams.X.samza.delete.committed.messages')
      streamOf(first).deleteCommitted = isTrue(value);
    else if (spec.pattern === 'systems.S.default.stream.samza.offset.default') systems.set(first, start);
    else if (spec.pattern === 'systems.S.samza.offset.default' && !systems.has(first)) systems.set(first, start);
  }
  const containers = values.get('job.container.count');
  return {
    name: values.get('job.name')?.value ?? null,
    containers: containers === undefined ? null : Number(containers.value),
    defaultSystem: values.get('job.default.system')?.value ?? null,
    inputs: splitNames(values.get('task.inputs')?.value ?? '').map((name) => {
      const dot = name.indexOf('.');
      return dot < 0 ? { system: null, stream: name } : { system: name.slice(0, dot), stream: name.slice(dot + 1) };
    }),
    streams: [...streams.values()],
    systems: [...systems].map(([system, offsetDefault]) => ({ system, offsetDefault })),
  };
}
