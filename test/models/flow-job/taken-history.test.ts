// Who takes the history of a run gets what the outcome would list, and the run is the same.
import { expect, test } from 'vitest';

import type { FlowCheckpoint, StorageSample } from '../../../models/flow-job/outcome.ts';
import { NO_FAULTS } from '../../../models/flow-job/plan.ts';
import { runFlowJob } from '../../../models/flow-job/run.ts';
import { PROTOCOLS } from '../../../models/protocols/index.ts';
import { pipelinePlan } from './pipeline-plan.ts';

test.each(Object.values(PROTOCOLS))('$name', (protocol) => {
  const stage = { parallelism: 2, stateBytes: 1_000_000 };
  const plan = pipelinePlan([stage, stage, stage], {
    // The last checkpoint is under way at the end, and one is given up for the crash.
    horizonMicros: 8_001_000,
    faults: { ...NO_FAULTS, crashes: [{ target: 3, atMicros: 4_002_000 }] },
  });
  const listed = runFlowJob(plan, protocol);
  const ended: FlowCheckpoint[] = [];
  const samples: StorageSample[] = [];
  const taken = runFlowJob(plan, protocol, {
    history: { checkpoint: (each) => ended.push(each), stored: (each) => samples.push(each) },
  });
  const byNumber = [...ended, ...taken.checkpoints].toSorted((a, b) => a.triggered_us - b.triggered_us);
  expect(byNumber).toEqual(listed.checkpoints);
  expect(ended.every(({ status }) => status !== 'pending')).toBe(true);
  expect(taken.checkpoints.every(({ status }) => status === 'pending')).toBe(true);
  expect(samples).toEqual(listed.storage.samples);
  expect(taken.storage.samples).toEqual([]);
  expect({ ...taken, checkpoints: listed.checkpoints, storage: listed.storage }).toEqual(listed);
});
