/**
 * From what the user typed to the scenario of a defect: an issue or a name of the catalogue, or a YAML file. A command that
 * takes a protocol asks here first.
 */
import type { FlowPlan } from '../models/dataflow/plans.ts';
import { type DefectWords, meetsScenario, type SearchVerdict } from '../reports/defect-words.ts';
import { commandText } from './command-text.ts';
import type { ScenarioArgs } from './commands/scheme.ts';
import { exitCode, exitCodeOfVerdict, UsageError, type ExitCode } from './exit.ts';
import { readFile } from './files.ts';
import { didYouMean, type ProtocolSpec, specName } from './protocol-source.ts';
import { pathOf } from './scenario-source.ts';

/** A scenario as a command needs it. */
interface Named {
  readonly words: DefectWords;
  /** What brings it on the command line again. */
  readonly typed: readonly string[];
}

export interface NamedDataflow extends Named {
  readonly kind: 'dataflow';
  readonly spec: ProtocolSpec;
  readonly plan: FlowPlan;
}

/** A defect of the coordinator, by the id of its study. */
export interface NamedCoordinator extends Named {
  readonly kind: 'coordinator';
  readonly id: string;
}

/** The scenario that was named; null when a protocol was, or nothing. Throws UsageError with every mistake found in it. */
export async function namedScenario(args: ScenarioArgs): Promise<NamedDataflow | NamedCoordinator | null> {
  const { scheme, protocol, mutant } = args;
  const withDefect = !args['without-defect'];
  const path = scheme === undefined ? null : await pathOfScenario(scheme);
  if (path === null) {
    if (withDefect) return null;
    throw new UsageError('--without-defect: name a scenario whose defect is to be switched off, such as FLINK-18238');
  }
  const second =
    protocol === undefined ? (mutant === undefined ? null : `--mutant ${mutant}`) : `--protocol ${protocol}`;
  if (second !== null) throw new UsageError(`${scheme} and ${second}: give one of them`);
  const { renderInputErrors } = await import('../scenarios/input-error.ts');
  const { loadDefect } = await import('../scenarios/load-defect.ts');
  const loaded = loadDefect({ path, text: readFile(path) });
  if (loaded.kind === 'errors') throw new UsageError(renderInputErrors(loaded.errors));
  const { scenario } = loaded;
  const { name, title, story, issues, law } = scenario;
  const typed = [scheme as string, ...(withDefect ? [] : ['--without-defect'])];
  if (scenario.kind === 'coordinator') {
    const { id, title: broken } = scenario.defect;
    const words = { name, title, story, issues, defect: { name: id, broken }, withDefect, law };
    return { kind: 'coordinator', id, words, typed };
  }
  const { defect, plan } = scenario;
  const words = { name, title, story, issues, defect: { name: defect.name, broken: defect.broken }, withDefect, law };
  const spec = { kind: withDefect ? 'mutant' : 'base', name: defect.name, base: defect.base.name } as const;
  return { kind: 'dataflow', spec, plan, words, typed };
}

/** What is searched, in a report: the scenario and the protocol, or the protocol alone. */
export function subjectName(spec: ProtocolSpec, scenario: NamedDataflow | null): string {
  return scenario === null ? specName(spec) : `${scenario.words.name} · ${specName(spec)}`;
}

/** Options that say what the job is: a scenario has one. */
export function refuseJobOptions(scenario: Named, given: Readonly<Record<string, boolean>>): void {
  const option = Object.keys(given).find((name) => given[name] === true);
  if (option === undefined) return;
  throw new UsageError(
    `--${option}: ${scenario.words.name} says what the job is\n   remedy: leave the option out, or write a scenario of your own and name its file`,
  );
}

/** The exit code of a search's verdict; a defect that is on and breaks nothing is not as its author expects, and exits 1. */
export function exitCodeOfSearch(verdict: SearchVerdict, scenario: DefectWords | null): ExitCode {
  const code = exitCodeOfVerdict(verdict.kind);
  const isMet = scenario === null || meetsScenario(verdict, scenario);
  return code === exitCode.done && !isMet ? exitCode.violated : code;
}

/** The command line that runs the scenario with these further words. */
export function scenarioCommand(verb: string, { typed }: Named, more: readonly string[]): string {
  return commandText([verb, ...typed, ...more]);
}

async function pathOfScenario(scheme: string): Promise<string | null> {
  if (/\.ya?ml$/i.test(scheme)) return scheme;
  const { catalog } = await import('../scenarios/catalog.ts');
  const { flinkCatalog, flinkEntry } = await import('../scenarios/flink-catalog.ts');
  const entry = flinkEntry(scheme);
  if (entry !== undefined) return pathOf(entry);
  if (catalog.some(({ name }) => name === scheme)) {
    throw new UsageError(
      `${scheme} is a scenario of a job in time, and this command searches dataflows\n   remedy: \`tidemark run ${scheme}\``,
    );
  }
  if (!/^[A-Z]+-\d+$/i.test(scheme)) return null;
  const names = flinkCatalog.flatMap(({ name, also }) => [name, ...also]);
  throw new UsageError(
    `there is no scenario "${scheme}"${await didYouMean(scheme.toUpperCase(), names)}\n   remedy: \`tidemark list\` names them all`,
  );
}
