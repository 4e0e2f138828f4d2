/**
 * From what the user typed to a protocol that can be run: a name of the catalogue, a mutant, or a module of the user's own.
 * What was typed is kept as data, because each worker thread has to load the protocol for itself.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { guarded, ProtocolError, protocolProblem } from '../models/dataflow/guard.ts';
import { type FlowSubject, subjectOf } from '../models/dataflow/subject.ts';
import type { FlowPlan } from '../models/dataflow/plans.ts';
import type { Mutant } from '../models/mutants/index.ts';
import type { SchemeArgs } from './commands/scheme.ts';
import { UsageError } from './exit.ts';

/** Which protocol, as data, of those that can be named on the command line. */
export type NamedProtocol =
  | { readonly kind: 'catalogue'; readonly name: string }
  | { readonly kind: 'mutant'; readonly name: string; readonly base: string }
  | { readonly kind: 'file'; readonly path: string };

/** Which protocol; `base` is the one that the mutant of that name was made from. */
export type ProtocolSpec = NamedProtocol | { readonly kind: 'base'; readonly name: string; readonly base: string };

/** Names the protocol; throws UsageError when there is none of that name. */
export async function protocolSpec({ scheme, protocol: file, mutant }: SchemeArgs): Promise<NamedProtocol> {
  const given = [
    scheme,
    file === undefined ? undefined : `--protocol ${file}`,
    mutant === undefined ? undefined : `--mutant ${mutant}`,
  ];
  const [first, second] = given.filter((each) => each !== undefined);
  if (second !== undefined) throw new UsageError(`${first} and ${second}: give one of them`);
  if (mutant !== undefined) return mutantSpec(mutant);
  const protocol = file ?? scheme ?? DEFAULT_PROTOCOL;
  if (file !== undefined || looksLikeFile(protocol)) {
    if (existsSync(protocol)) return { kind: 'file', path: protocol };
    throw new UsageError(
      `${protocol}: no such file\n   remedy: give a module (.js, .mjs) whose default export is a protocol`,
    );
  }
  const { PROTOCOLS } = await import('../models/protocols/index.ts');
  const names = Object.keys(PROTOCOLS);
  if (names.includes(protocol)) return { kind: 'catalogue', name: protocol };
  if (protocol === 'samza') {
    throw new UsageError(
      'samza has no coordinator whose checkpoints could be searched: it is simulated with time\n' +
        '   remedy: `tidemark run` and `tidemark crash-matrix samza`; here there are ' +
        names.join(', '),
    );
  }
  throw new UsageError(
    `there is no protocol "${protocol}"${await didYouMean(protocol, names)}\n` +
      `   remedy: one of ${names.join(', ')}; a file of your own ends in .js, .mjs or .ts`,
  );
}

/** The same protocol, if it still exists; throws UsageError when a replay file names one that does not. */
export async function checkedSpec(spec: ProtocolSpec): Promise<ProtocolSpec> {
  const nothing = { scheme: undefined, protocol: undefined, mutant: undefined };
  switch (spec.kind) {
    case 'catalogue':
      return protocolSpec({ ...nothing, scheme: spec.name });
    case 'mutant':
      return protocolSpec({ ...nothing, mutant: spec.name });
    case 'base':
      return { ...spec, base: (await mutantSpec(spec.name)).base };
    case 'file':
      return protocolSpec({ ...nothing, protocol: spec.path });
  }
}

/** True for what can only be a path. */
export function looksLikeFile(protocol: string): boolean {
  return /[/\\]|\.[cm]?[jt]s$/i.test(protocol);
}

/** The protocol's words on the command line, to be pasted. */
export function specWords(spec: NamedProtocol): readonly string[] {
  switch (spec.kind) {
    case 'catalogue':
      return [spec.name];
    case 'mutant':
      return ['--mutant', spec.name];
    case 'file':
      return ['--protocol', spec.path];
  }
}

/** The protocol's name in a report. */
export function specName(spec: ProtocolSpec): string {
  switch (spec.kind) {
    case 'catalogue':
      return spec.name;
    case 'mutant':
      return `${spec.base} (mutant ${spec.name})`;
    case 'base':
      return spec.base;
    case 'file':
      return spec.path;
  }
}

/** Loads it; throws UsageError with place and remedy when the user's module is not a protocol. */
export async function loadSubject(spec: ProtocolSpec): Promise<FlowSubject> {
  switch (spec.kind) {
    case 'catalogue': {
      const { PROTOCOLS } = await import('../models/protocols/index.ts');
      return subjectOf(PROTOCOLS[spec.name as keyof typeof PROTOCOLS]);
    }
    case 'mutant': {
      const { protocol, base } = await mutantNamed(spec.name);
      return { protocol, promised: base };
    }
    case 'base': {
      const { protocol, base } = await mutantNamed(spec.name);
      return { protocol: base, promised: base, canary: protocol };
    }
    case 'file':
      return loadOwn(spec.path);
  }
}

async function mutantSpec(mutant: string): Promise<Extract<NamedProtocol, { kind: 'mutant' }>> {
  return { kind: 'mutant', name: mutant, base: (await mutantNamed(mutant)).base.name };
}

/** The job and the faults in which a mutant shows. */
export async function surroundingsOf(mutant: string): Promise<FlowPlan> {
  const { topology, environment } = await mutantNamed(mutant);
  return { topology, environment };
}

async function mutantNamed(mutant: string): Promise<Mutant> {
  const { ALL_MUTANTS, TIMED_MUTANTS } = await import('../models/mutants/index.ts');
  const names = ALL_MUTANTS.map(({ name }) => name);
  const found = ALL_MUTANTS.find(({ name }) => name === mutant);
  if (TIMED_MUTANTS.some(({ name }) => name === mutant)) {
    throw new UsageError(
      `--mutant ${mutant}: it runs in a timed world, and has no orders to try\n   remedy: \`tidemark mutants --name ${mutant}\``,
    );
  }
  if (found === undefined) {
    throw new UsageError(
      `there is no mutant "${mutant}"${await didYouMean(mutant, names)}\n   remedy: \`tidemark mutants --list\` names them all`,
    );
  }
  return found;
}

/** A module of the user's own, watched, and tried twice before anything is concluded from it. */
async function loadOwn(path: string): Promise<FlowSubject> {
  const subject = subjectOf(guarded(await loadFile(path)));
  const { assertSteady } = await import('../models/dataflow/steady.ts');
  try {
    assertSteady(subject);
  } catch (error) {
    throw asUsage({ kind: 'file', path }, error);
  }
  return subject;
}

/** The protocol that is meant when none is named. */
const DEFAULT_PROTOCOL = 'flink-aligned';

async function loadFile(path: string): Promise<Parameters<typeof guarded>[0]> {
  if (/\.[cm]?ts$/.test(path) && !(process.features as { readonly typescript?: unknown }).typescript) {
    throw new UsageError(
      `${path}: Node ${process.versions.node} cannot read TypeScript\n   remedy: use Node 22.18 or later, or compile it to .js`,
    );
  }
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(pathToFileURL(resolve(path)).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new UsageError(`${path}: ${whyNotLoaded(error)}`);
  }
  const value = module['default'] ?? module['protocol'];
  if (value === undefined) {
    const exported = Object.keys(module);
    const near = exported.length === 0 ? 'nothing' : exported.join(', ');
    throw new UsageError(
      `${path}: has no default export and none named "protocol"; it exports ${near}\n` +
        '   remedy: export default defineProtocol({ ... })',
    );
  }
  const problem = protocolProblem(value);
  if (problem === null) return value as Parameters<typeof guarded>[0];
  throw new UsageError(
    `${path}: is not a protocol: ${problem}\n   remedy: examples/own-protocol/ has a whole one, models/dataflow/protocol.ts the types`,
  );
}

function whyNotLoaded(error: unknown): string {
  const { message, code, stack } = error as NodeJS.ErrnoException;
  if (code === 'ERR_MODULE_NOT_FOUND' && /package 'tidemark'/.test(message)) {
    return (
      "cannot import 'tidemark' from there\n" +
      '   remedy: install tidemark beside it, or leave the import out: defineProtocol only adds types'
    );
  }
  // Syntax errors carry their place in the first line of the stack.
  const place = /:(\d+)\s*$/m.exec(stack?.split('\n')[0] ?? '')?.[1];
  return `${place === undefined ? '' : `line ${place}: `}cannot be loaded: ${message}`;
}

/** ` - did you mean "x"?`, or nothing. */
export async function didYouMean(word: string, names: readonly string[]): Promise<string> {
  const { nearest } = await import('../models/nearest-word.ts');
  const near = nearest(word, names);
  return near === null ? '' : ` - did you mean "${near}"?`;
}

/** A mistake of the user's protocol, met while it ran. */
export function asUsage(spec: ProtocolSpec, error: unknown): unknown {
  return error instanceof ProtocolError ? new UsageError(`${specName(spec)}: ${error.message}`) : error;
}
