/** What to run: shipped scenarios, the scenario file and its schema, and the way from a file to a RunPlan. */
export { DEFAULT_SCENARIO, catalog, type CatalogEntry } from './catalog.ts';
export {
  SCENARIO_BYTES_MAX,
  TRACE_BYTES_MAX,
  loadScenario,
  type LoadOptions,
  type LoadResult,
  type ScenarioFile,
} from './load-scenario.ts';
export { flinkCatalog, flinkEntry, type FlinkEntry } from './flink-catalog.ts';
export { loadDefect, type DefectLoadResult, type DefectScenario } from './load-defect.ts';
export { streamCatalog, type StreamEntry } from './stream-catalog.ts';
export { isStreamFile, loadStream, type StreamLoadResult } from './load-stream.ts';
export { streamJsonSchema } from './stream-schema.ts';
export { flowJobCatalog, type FlowJobEntry } from './flow-catalog.ts';
export { isFlowJobFile, loadFlowJob, type FlowLoadResult } from './load-flow.ts';
export type { FlowJobScenario } from './flow-plan.ts';
export { flowJsonSchema } from './flow-schema.ts';
export { defectJsonSchema } from './defect-schema.ts';
export { inputError, renderInputError, renderInputErrors, type Excerpt, type InputError } from './input-error.ts';
export { decodeText, placeAt, type FileContent, type ReadFile } from './source-text.ts';
export { scenarioJsonSchema } from './schema.ts';
