/** What guarantees cost: protocols on one job, under the same random numbers. */
export {
  CONTENDERS,
  promiseOf,
  runContender,
  unfitFor,
  type ComparedJob,
  type ComparedRun,
  type Contender,
} from './contenders.ts';
export {
  METRIC_LIST,
  metricsOf,
  type MetricBasis,
  type MetricName,
  type MetricUnit,
  type MetricValues,
} from './metrics.ts';
export { flowTwinOf, NOT_SAMZAS } from './samza-side.ts';
export { compareRuns, type ComparedMetric, type ComparedProtocol } from './comparison.ts';
