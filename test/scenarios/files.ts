// A file system in memory for the loader, and short ways to load from it and to read what it says.
import { type FileContent, type LoadResult, loadScenario, renderInputErrors } from '../../scenarios/index.ts';
import type { RunPlan } from '../../models/plan.ts';

export type Files = Readonly<Record<string, FileContent>>;

/** Loads `path` from these files. */
export function load(files: Files, path: string, sets: readonly string[] = []): LoadResult {
  const missing = { code: 'ENOENT', message: 'no such file' };
  const readFile = (name: string): FileContent => files[name] ?? missing;
  return loadScenario({ path, text: readFile(path) }, { readFile, sets });
}

/** Loads one YAML text as `bad.yaml` beside other files. */
export function loadText(text: FileContent, files: Files = {}, sets: readonly string[] = []): LoadResult {
  return load({ ...files, 'bad.yaml': text }, 'bad.yaml', sets);
}

/** The plan, or a failure that shows the errors. */
export function planOf(result: LoadResult): RunPlan {
  if (result.kind === 'errors') throw new Error(renderInputErrors(result.errors));
  return result.plan;
}

/** All errors as the user sees them; empty when the scenario was loaded. */
export function textOf(result: LoadResult): string {
  return result.kind === 'errors' ? renderInputErrors(result.errors) : '';
}

/** A job that passes all checks, to be spoiled. */
export const goodJob = `job:
  inputs: [{ stream: views, partitions: 4 }]
  containers: 2
  samza:
    task.checkpoint.factory: org.apache.samza.checkpoint.kafka.KafkaCheckpointManagerFactory
    stores.counts.factory: org.apache.samza.storage.kv.RocksDbKeyValueStorageEngineFactory
    stores.counts.changelog: kafka.counts
`;
