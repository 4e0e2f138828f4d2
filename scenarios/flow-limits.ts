/** How much of a dataflow job is simulated, and which of its keys do not go together. */
import type { FlowJobChannel, FlowJobTask } from '../models/flow-job/plan.ts';
import { finding, type Finding } from './explain-issue.ts';
import type { FlowScenarioFile } from './flow-scenario.ts';

/** More makes a run so slow that it is probably a mistake. */
const CHANNELS_MAX = 20_000;
const RECORDS_MAX = 200_000_000;

/** What is wrong between keys that are fine one by one, and what would be too much to simulate. */
export function limitFindings(
  file: FlowScenarioFile,
  tasks: readonly FlowJobTask[],
  channels: readonly FlowJobChannel[],
): readonly Finding[] {
  const findings: Finding[] = [];
  if (file.hot_share > 0 && file.routing === 'broadcast')
    findings.push(finding(['hot_share'], 'needs routing: keyed', 'with broadcast every task gets every record'));
  if (channels.length > CHANNELS_MAX) {
    const message = `make ${channels.length} channels between ${tasks.length} tasks; at most ${CHANNELS_MAX} are simulated`;
    findings.push(finding(['stages'], message, 'lower the parallelism'));
  }
  return [...findings, ...loadFindings(file)];
}

function loadFindings({ load, horizon_s: horizon, channel_capacity: capacity }: FlowScenarioFile): readonly Finding[] {
  const { rate_per_s: rate, arrivals, batch_records: batch } = load;
  const findings: Finding[] = [];
  const records = rate * horizon;
  if (records / batch > RECORDS_MAX) {
    const message =
      batch === 1
        ? `offers ${records} records in horizon_s; at most ${RECORDS_MAX} are simulated one by one`
        : `offers ${records} records in horizon_s, in batches of ${batch}; at most ${RECORDS_MAX} batches are simulated`;
    const remedy = 'lower the rate, raise load.batch_records, or scale rate, service times and state together';
    findings.push(finding(['load', 'rate_per_s'], message, remedy));
  }
  if (batch > 1 && arrivals !== 'regular') {
    const message = `needs arrivals: regular, found ${arrivals}: the records of a batch come at equal distances`;
    findings.push(
      finding(['load', 'batch_records'], message, 'set load.arrivals to regular, or leave batch_records out'),
    );
  }
  if (batch > capacity) {
    const message = `must be at most channel_capacity (${capacity}), found ${batch}: a channel has no room for a batch`;
    findings.push(finding(['load', 'batch_records'], message, 'raise channel_capacity, or take smaller batches'));
  }
  return findings;
}
