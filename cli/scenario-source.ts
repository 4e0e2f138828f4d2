/**
 * From what the user typed to a plan: a name in the catalogue, a YAML scenario or a Samza properties file, plus the
 * options that change values in it.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RunPlan } from '../models/plan.ts';
import { commandText } from './command-text.ts';
import { UsageError } from './exit.ts';
import { readFile } from './files.ts';
import { packageRoot } from './home.ts';

/** A scenario of the catalogue. */
export interface CatalogueEntry {
  readonly name: string;
  readonly topic: string;
  readonly path: string;
}

/** All scenarios that come with the package, by topic and name. */
export function catalogue(): readonly CatalogueEntry[] {
  const root = join(packageRoot(), 'scenarios');
  const topics = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return topics
    .flatMap(({ name: topic }) =>
      readdirSync(join(root, topic))
        .filter((file) => file.endsWith('.yaml'))
        .map((file) => ({ name: basename(file, '.yaml'), topic, path: join(root, topic, file) })),
    )
    .sort((a, b) => (a.topic === b.topic ? compare(a.name, b.name) : compare(a.topic, b.topic)));
}

/** Values that options put over the scenario's own. */
export interface Overrides {
  readonly set: readonly string[];
  readonly seed: string | undefined;
  readonly ties: string | undefined;
  readonly horizonSeconds: number | undefined;
}

/** A plan and how to get it again. */
export interface LoadedPlan {
  readonly plan: RunPlan;
  readonly notes: readonly string[];
  /** The command line that runs this plan. */
  readonly command: string;
}

/** Loads what the user named; throws UsageError with every mistake found in it. */
export async function loadPlan(scenario: string, overrides: Overrides): Promise<LoadedPlan> {
  const { loadScenario, renderInputErrors } = await import('../scenarios/index.ts');
  const { path, shown } = await locate(scenario);
  const loaded = loadScenario({ path: shown, text: readFile(path) }, { readFile, sets: setsOf(overrides) });
  if (loaded.kind === 'errors') throw new UsageError(renderInputErrors(loaded.errors));
  return { plan: loaded.plan, notes: loaded.notes, command: commandOf(scenario, overrides, loaded.plan.seed) };
}

interface Located {
  readonly path: string;
  /** The file's name in messages: as typed. */
  readonly shown: string;
}

async function locate(scenario: string): Promise<Located> {
  if (/[/\\]|\.(ya?ml|properties)$/.test(scenario)) return { path: scenario, shown: scenario };
  const entries = catalogue();
  const entry = entries.find(({ name }) => name === scenario);
  if (entry !== undefined) return { path: entry.path, shown: entry.path };
  if (existsSync(scenario)) return { path: scenario, shown: scenario };
  const { nearest } = await import('../models/samza/keys.ts');
  const near = nearest(
    scenario,
    entries.map(({ name }) => name),
  );
  throw new UsageError(
    `there is no scenario "${scenario}"${near === null ? '' : ` - did you mean "${near}"?`}\n` +
      '   remedy: `tidemark list` names them all; a file of your own ends in .yaml or .properties',
  );
}

/** The short options are nothing but shorter ways to set a value; they come last and win. */
function setsOf({ set, seed, ties, horizonSeconds }: Overrides): readonly string[] {
  const short = [
    seed === undefined ? null : `seed=${JSON.stringify(seed)}`,
    ties === undefined ? null : `ties=${ties}`,
    horizonSeconds === undefined ? null : `horizon_s=${horizonSeconds}`,
  ];
  return [...set, ...short.filter((text) => text !== null)];
}

function commandOf(scenario: string, { set, ties, horizonSeconds }: Overrides, seed: string): string {
  return commandText([
    'run',
    scenario,
    ...set.flatMap((value) => ['--set', value]),
    '--seed',
    seed,
    ...(ties === undefined ? [] : ['--ties', ties]),
    ...(horizonSeconds === undefined ? [] : ['--horizon-s', String(horizonSeconds)]),
  ]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
