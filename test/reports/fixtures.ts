// Small hand-made outcomes and matrices, so that the texts can be pinned without running the simulator.
import type { CrashMatrix } from '../../models/crash-matrix.ts';
import type { LawReport, Outcome, Recovery, TaskBudget } from '../../models/outcome.ts';
import type { RunReportContext } from '../../reports/index.ts';
import { plain } from '../../reports/index.ts';

const HOUR = 3_600_000_000;

export const laws: readonly LawReport[] = [
  {
    law: 'O1',
    statement: 'no input is lost: each input offset is processed at least once',
    checked: 7_200,
    violations: 0,
    first: null,
  },
  {
    law: 'O3',
    statement: 'state equals the fold of the inputs up to the checkpoint right after a transactional restore',
    checked: 0,
    violations: 0,
    first: null,
  },
  {
    law: 'Q1',
    statement: 'the six parts of each task’s time add up to the horizon',
    checked: 2,
    violations: 0,
    first: null,
  },
];

export function recovery(change: Partial<Recovery> = {}): Recovery {
  return {
    container: 0,
    cause: 'container crash',
    at_us: 1_234_500_000,
    from_host: 0,
    to_host: 1,
    detect_us: 1_500_000,
    restart_us: 12_300_000,
    restore_us: 4_560_000,
    catchup_us: 2_340_000,
    restored_bytes: 228_000_000,
    replayed_records: 412,
    skipped_records: 0,
    restored_from: 'changelog',
    finished: true,
    ...change,
  };
}

export function budget(task: number, idle: number): TaskBudget {
  const used = {
    useful_us: (3 * HOUR) / 4,
    blocked_us: 2_000_000,
    snapshot_us: 5_000_000,
    restart_us: 18_360_000,
    replay_us: 1_640_000,
  };
  return { task, ...used, idle_us: idle };
}

const used = (3 * HOUR) / 4 + 2_000_000 + 5_000_000 + 18_360_000 + 1_640_000;

export const holding: Outcome = {
  scenario: 'page-views',
  seed: '1',
  verdict: { kind: 'holds', law: null, bound: 'one run of 1 h with seed 1 and 1 container crash' },
  digests: { order: '0123456789abcdef', state: 'fedcba9876543210', cost: '00112233aabbccdd' },
  simulated_s: 3600,
  events: 123_456,
  ties: 78,
  records: {
    offered: 7_200,
    processed: 7_190,
    lost: 0,
    duplicated: 412,
    pending: 10,
    before_start: 0,
    outputs: 7_190,
    outputs_duplicated: 412,
    outputs_lost: 0,
  },
  state: { keys: 100, overcounted: 0, undercounted: 0, wrong_keys: 0 },
  checkpoints: 118,
  checkpoint_detail: {
    started: 119,
    completed: 118,
    skipped: 0,
    blocked: 0,
    failed: 0,
    timed_out: 0,
    cut_off: 1,
    sync_us_total: 5_000_000,
    async_us_total: 7_000_000,
    sync_us_max: 61_000,
    async_us_max: 92_000,
  },
  checkpoint_phases: [
    { step: 'flush-producers', stage: 'sync', count: 118, total_us: 2_000_000, max_us: 31_000 },
    { step: 'flush-stores', stage: 'sync', count: 118, total_us: 3_000_000, max_us: 40_000 },
    { step: 'append-checkpoint-v1', stage: 'async', count: 118, total_us: 7_000_000, max_us: 92_000 },
  ],
  recoveries: [recovery()],
  budgets: [budget(0, HOUR - used), budget(1, HOUR - used)],
  storage: {
    changelog_bytes_written: 720_000,
    changelog_bytes_end: 720_000,
    changelog_bytes_max: 720_000,
    checkpoint_topic_bytes_written: 48_000,
    local_disk_bytes_end: 240_000,
    local_disk_bytes_max: 240_000,
    blob_bytes_uploaded: 0,
    blob_bytes_end: 0,
    blob_bytes_max: 0,
    restore_bytes_read: 228_000,
  },
  faults: [
    {
      fault: 'container-crash',
      planned: 2,
      injected: 1,
      bit: 1,
      without_effect: [{ reason: 'the container was already dead', count: 1 }],
    },
  ],
  laws,
  batch_layer: null,
  job_failed: false,
  windows: [],
};

export const losing: Outcome = {
  ...holding,
  scenario: 'first-run-loss',
  verdict: { kind: 'violated', law: 'O1', bound: 'one run of 1 h with seed 1 and 1 container crash' },
  records: { ...holding.records, processed: 7_170, lost: 20, outputs: 7_170, outputs_lost: 20 },
  laws: [
    {
      law: 'O1',
      statement: 'no input is lost: each input offset is processed at least once',
      checked: 7_200,
      violations: 20,
      first: {
        law: 'O1',
        statement: 'no input is lost: each input offset is processed at least once',
        atMicros: 3_600_000_000,
        facts: {
          ssp: 'page-views-2',
          records_lost: 20,
          first_offset: 58,
          passed_over_at_us: 42_345_678,
          window: 'W-first',
        },
      },
    },
    ...laws.slice(1),
  ],
  windows: [{ window: 'W-first', ssp: 'page-views-2', records: 20, at_us: 42_345_678 }],
};

export const cutShort: Outcome = {
  ...holding,
  verdict: { kind: 'unknown', law: null, bound: 'the run was stopped after 65,536 events' },
  recoveries: [],
  faults: [],
};

export const context: RunReportContext = {
  version: '0.1.0',
  plan: {
    title: 'Page views counted per page',
    expect: { kind: 'holds' },
    protocol: 'samza',
    ties: 'fifo',
    replication: 0,
  },
  command: 'tidemark run page-views --seed 1',
  scenarioHash: '89abcdef01234567',
  notes: [],
  style: plain,
};

const columns = ['restart', 'non-tx same host', 'non-tx new host', 'tx', 'blob', 'outputs'];

function matrixRow(point: string, what: string, answers: readonly string[]): CrashMatrix['rows'][number] {
  return {
    point,
    what,
    cells: columns.map((column, i) => ({
      column,
      answer: answers[i] ?? '',
      facts: { last_processed: 57, checkpointed_offset: 41, restored_key_count: 12 },
      command: `crash-matrix samza --point ${point} --column '${column}'`,
      lost_inputs: 0,
    })),
  };
}

export const matrix: CrashMatrix = {
  protocol: 'samza',
  columns,
  rows: [
    matrixRow('P0', 'between two commits', ['I0', 'ahead +16', 'ahead +12', 'S(L0)', 'B0', 'I0..X twice (16)']),
    matrixRow('P9', 'after append-checkpoint v2, before clean-up', [
      'I1',
      'ahead +4',
      'ahead +4',
      'S(L1)',
      'B1',
      'I1..X twice (4)',
    ]),
  ],
  legend: [
    'I0, I1: the input offsets of the last completed checkpoint, and of the one under way',
    'S(L0), S(L1): the state at the changelog offset of that checkpoint',
    'ahead +n: the state holds n updates whose inputs are processed again',
  ],
};
