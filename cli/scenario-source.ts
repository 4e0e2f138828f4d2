/**
 * From what the user typed to a plan: a name in the catalogue, a YAML scenario or a Samza properties file, plus the
 * options that change values in it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunPlan } from '../models/plan.ts';
import type { CatalogEntry } from '../scenarios/catalog.ts';
import { commandText, shellWord } from './command-text.ts';
import { UsageError } from './exit.ts';
import { readFile } from './files.ts';
import { packageRoot } from './home.ts';

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
  const { renderInputErrors } = await import('../scenarios/input-error.ts');
  const { loadScenario } = await import('../scenarios/load-scenario.ts');
  const path = await locate(scenario);
  const loaded = loadScenario({ path, text: readFile(path) }, { readFile, sets: setsOf(overrides) });
  if (loaded.kind === 'errors') throw new UsageError(asTyped(renderInputErrors(loaded.errors), overrides));
  return { plan: loaded.plan, notes: loaded.notes, command: commandOf(scenario, overrides, loaded.plan.seed) };
}

/** Where a scenario of the catalogue lies on this machine. */
export function pathOf({ file }: Pick<CatalogEntry, 'file'>): string {
  return join(packageRoot(), 'scenarios', file);
}

/** A name in the catalogue goes before a file of that name; anything that looks like a path is one. */
async function locate(scenario: string): Promise<string> {
  if (/[/\\]|\.(ya?ml|properties)$/i.test(scenario)) return scenario;
  const { catalog } = await import('../scenarios/catalog.ts');
  const { flinkEntry } = await import('../scenarios/flink-catalog.ts');
  const { flowJobCatalog } = await import('../scenarios/flow-catalog.ts');
  const entry = catalog.find(({ name }) => name === scenario);
  if (entry !== undefined) return pathOf(entry);
  if (existsSync(scenario)) return scenario;
  if (flinkEntry(scenario) !== undefined) {
    throw new UsageError(
      `${scenario} is a scenario of a dataflow, which has no clock\n   remedy: \`tidemark check ${scenario}\` or \`tidemark explore ${scenario}\``,
    );
  }
  if (flowJobCatalog.some(({ name }) => name === scenario)) {
    throw new UsageError(
      `${scenario} is a dataflow job, which this command does not take\n   remedy: \`tidemark run ${scenario}\`, \`tidemark report ${scenario}\` or \`tidemark compare ${scenario}\``,
    );
  }
  const { nearest } = await import('../models/nearest-word.ts');
  const names = catalog.map(({ name }) => name);
  const near = nearest(scenario, names);
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

/** Messages about a value that came from a short option name that option. */
function asTyped(text: string, { seed, ties, horizonSeconds }: Overrides): string {
  return text
    .replaceAll(`--set seed=${JSON.stringify(seed)}`, `--seed ${shellWord(seed ?? '')}`)
    .replaceAll(`--set ties=${ties}`, `--ties ${ties}`)
    .replaceAll(`--set horizon_s=${horizonSeconds}`, `--horizon-s ${horizonSeconds}`);
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
