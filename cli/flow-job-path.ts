/** Where a dataflow job lies that the user named. */
import { existsSync } from 'node:fs';
import { flowJobCatalog } from '../scenarios/flow-catalog.ts';
import { readFile } from './files.ts';
import { pathOf } from './scenario-source.ts';

/** Null when the word names no dataflow job: then it is for the loader of Samza jobs. */
export async function pathOfFlowJob(scenario: string): Promise<string | null> {
  const entry = flowJobCatalog.find(({ name }) => name === scenario);
  if (entry !== undefined) return pathOf(entry);
  if (!/\.ya?ml$/i.test(scenario) || !existsSync(scenario)) return null;
  const { isFlowJobFile } = await import('../scenarios/load-flow.ts');
  return isFlowJobFile({ path: scenario, text: readFile(scenario) }) ? scenario : null;
}
