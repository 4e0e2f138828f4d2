// The history of a dataflow job says of each checkpoint what its ledger says, task by task.
import { describe, expect, it } from 'vitest';
import { flowCheckpointHistory } from '../../../models/checkpoint-history/index.ts';
import type { FlowCheckpoint } from '../../../models/flow-job/outcome.ts';

const completed: FlowCheckpoint = {
  checkpoint: 1,
  attempt: 1,
  triggered_us: 1000,
  status: 'completed',
  reason: null,
  duration_us: 900,
  acknowledged_us: 800,
  alignment_us: [0, 500, 20],
  sync_us: [10, 30, 10],
  async_us: [100, 200, 40],
  ack_us: [150, 800, 700],
  bytes: 4096,
  channel_state_bytes: 64,
};
const aborted: FlowCheckpoint = {
  ...completed,
  checkpoint: 2,
  triggered_us: 2000,
  status: 'aborted',
  reason: 'expired',
  alignment_us: [0, -1, -1],
  sync_us: [10, -1, -1],
  async_us: [100, -1, -1],
  ack_us: [150, -1, -1],
};
const pending: FlowCheckpoint = {
  ...aborted,
  checkpoint: 3,
  triggered_us: 3000,
  status: 'pending',
  reason: null,
  duration_us: -1,
};
const names = ['source', 'join', 'sink'];
const { entries, by_task, counts, reasons, slowest } = flowCheckpointHistory(
  { checkpoints: [completed, aborted, pending] },
  names,
);

describe('the history of a dataflow job', () => {
  it('has the longest phase over the tasks, what it waited for, and who has acknowledged', () => {
    expect(entries[0]).toMatchObject({
      checkpoint: '1',
      end_to_end_us: 900,
      alignment_us: 500,
      sync_us: 30,
      async_us: 200,
      bytes: 4096,
      in_flight_bytes: 64,
      acknowledged: 3,
      tasks: 3,
      slowest: 'join, alignment',
      slowest_us: 800,
    });
    expect(entries[1]).toMatchObject({ status: 'aborted', reason: 'expired', acknowledged: 1, alignment_us: 0 });
    expect(entries[2]).toMatchObject({ status: 'pending', end_to_end_us: null });
    expect(slowest).toEqual([{ what: 'join, alignment', count: 1 }]);
  });

  it('sums up completed ones by task, and counts the others', () => {
    expect(by_task.map(({ task, alignment_max_us, sync_mean_us }) => [task, alignment_max_us, sync_mean_us])).toEqual([
      ['source', 0, 10],
      ['join', 500, 30],
      ['sink', 20, 10],
    ]);
    expect(counts.map(({ status, count }) => [status, count])).toEqual([
      ['completed', 1],
      ['aborted', 1],
      ['pending', 1],
    ]);
    expect(reasons).toEqual([{ status: 'aborted', reason: 'expired', count: 1 }]);
  });
});
