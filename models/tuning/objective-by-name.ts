/** An objective from its name and the job's prices; the terms of a weighted one are scaled by runs at the interval of now. */
import type { Objective, WeightedTerm } from './objective.ts';
import type { ObjectiveName, StreamJob } from './stream-job.ts';
import { type TuneJob, withInterval } from './tune-job.ts';
import type { Rounds } from './tune.ts';

const SCALE_REPLICATIONS = 4;
const SCALE_FAILURES = 50;

/** The objective; rounds of runs come before it only where weights need scales. */
export function* objectiveByName(name: ObjectiveName, job: StreamJob): Rounds<Objective> {
  if (name !== 'weighted') return plainObjective(name, job);
  const terms = Object.entries(job.weights)
    .filter(([, weight]) => weight > 0)
    .map(([each, weight]) => ({
      objective: plainObjective(each as Exclude<ObjectiveName, 'weighted'>, job),
      weight,
    }));
  const now = job.plan.checkpoint.intervalMicros / 1e6;
  const jobs = terms.flatMap(({ objective }) =>
    Array.from({ length: SCALE_REPLICATIONS }, (_, replication): TuneJob => {
      return {
        interval_s: now,
        replication,
        plan: withInterval(job.plan, now, SCALE_FAILURES),
        objectives: [objective],
      };
    }),
  );
  const samples = yield jobs;
  return {
    kind: 'weighted',
    terms: terms.map((term, i): WeightedTerm => {
      const own = samples.slice(i * SCALE_REPLICATIONS, (i + 1) * SCALE_REPLICATIONS);
      return { ...term, scale: own.reduce((sum, { costs }) => sum + costs[0]!, 0) / SCALE_REPLICATIONS };
    }),
  };
}

function plainObjective(name: Exclude<ObjectiveName, 'weighted'>, job: StreamJob): WeightedTerm['objective'] {
  switch (name) {
    case 'latency':
      return { kind: 'latency', view: job.latencyView ?? 'first-output' };
    case 'money':
      return { kind: 'money', prices: job.prices };
    case 'utilisation':
    case 'recovery-slo':
    case 'storage':
      return { kind: name };
  }
}
