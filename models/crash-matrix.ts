/**
 * Crashes a small job at every named point of the commit (samza.md §5.3, rows P0-P13) and reads off what came back: where
 * the inputs restart, what the state is equal to, which outputs appear twice. Every cell is observed in a simulated crash;
 * the document's table is not in this file, a test holds the two against each other.
 */
import { RecordLedger } from './ledgers/record-ledger.ts';
import { ReferenceState, compareStates } from './ledgers/reference-state.ts';
import { CRASHED_COMMIT, type MatrixVariant, betweenCommits, matrixCrash, matrixPlan } from './crash-matrix-plan.ts';
import type { Outcome } from './outcome.ts';
import type { FaultPlan, FaultTrigger } from './plan.ts';
import type { Job } from './samza/job.ts';
import { simulate } from './simulate.ts';

/** What one simulated crash showed. Offsets are counts of records of the one input partition that was watched. */
export interface CrashCell {
  readonly column: string;
  /** Short answer in the document's own terms: `I0`, `I1`, `S(L0)`, `S(L1)`, `B0`, `ahead +12`, `(I0..X] twice`. */
  readonly answer: string;
  readonly facts: Readonly<Record<string, string | number>>;
  /** Command that reproduces this one crash, without the program's name. */
  readonly command: string;
  readonly lost_inputs: number;
}

export interface CrashRow {
  readonly point: string;
  /** The crash point in words: `after append-v1, before append-v2`. */
  readonly what: string;
  readonly cells: readonly CrashCell[];
}

export interface CrashMatrix {
  readonly protocol: string;
  readonly columns: readonly string[];
  readonly rows: readonly CrashRow[];
  readonly legend: readonly string[];
}

interface Point {
  readonly point: string;
  readonly what: string;
  /** Where the first crash strikes; for blob stores it may be another step than for changelogs. */
  readonly at: FaultTrigger;
  readonly atBlob?: FaultTrigger;
  /** A second crash, in the start that follows. */
  readonly again?: { readonly moment: 'restore' | 'trim' | 'seal'; readonly delayMicros: number };
  /** Columns in which the point does not exist. */
  readonly without?: readonly string[];
}

const step = (name: string, when: 'before' | 'during' | 'after' = 'after'): FaultTrigger => ({
  on: 'step',
  step: name,
  when,
  task: 0,
  commit: CRASHED_COMMIT,
});

const POINTS: readonly Point[] = [
  { point: 'P0', what: 'between commits', at: { on: 'time', atMicros: betweenCommits() } },
  { point: 'P1', what: 'after freeze-offsets, before flush-producers', at: step('freeze-offsets') },
  { point: 'P2', what: 'after flush-producers, before flush-stores', at: step('flush-producers') },
  { point: 'P3', what: 'after flush-stores, before checkpoint-stores', at: step('flush-stores') },
  { point: 'P4', what: 'after checkpoint-stores, before the async stage', at: step('checkpoint-stores') },
  { point: 'P5', what: 'during upload', at: step('submit-async'), atBlob: step('upload', 'during') },
  {
    point: 'P6',
    what: 'after upload, before write-files',
    at: step('write-files-v1', 'before'),
    atBlob: step('upload'),
  },
  { point: 'P7', what: 'after write-files-v1, before append-v1', at: step('write-files-v1') },
  { point: 'P8', what: 'after append-v1, before append-v2', at: step('append-v1') },
  { point: 'P9', what: 'after append-v2, before cleanup', at: step('append-v2') },
  { point: 'P10', what: 'during cleanup', at: step('cleanup', 'during') },
  { point: 'P11', what: 'after cleanup, before trim-input', at: step('cleanup') },
  {
    point: 'P12',
    what: 'P4, and again in restore or trim of the new run',
    at: step('checkpoint-stores'),
    again: { moment: 'restore', delayMicros: 1 },
  },
  {
    point: 'P13',
    what: 'P4, and again before the seal commit is durable',
    at: step('checkpoint-stores'),
    again: { moment: 'seal', delayMicros: 3000 },
    without: ['non-tx same host', 'non-tx new host'],
  },
];

const COLUMNS = ['restart', 'non-tx same host', 'non-tx new host', 'tx', 'blob', 'outputs'] as const;

const READERS = ['reader of 1', 'reader of 2'] as const;

const LEGEND: readonly string[] = [
  'C0 is the last checkpoint before the crash (inputs I0), C1 the commit under way (I1), X the inputs processed at the crash.',
  'restart: the checkpoint the inputs resume from, for readers of version 1 and of version 2 where they differ.',
  'S(L0), S(L1): the state is exactly the fold of the inputs up to I0, I1, restored from the changelog. B0, B1: from a snapshot index.',
  'ahead +n: the state holds n updates of inputs that are processed again, so a counter counts them twice. behind -n: updates missing.',
  '(I0..X] twice: the outputs of these inputs are in the output topic twice; "once" ones had not left the producer at the crash.',
  'non-tx: task.transactional.state.restore.enabled=false; tx: the default; both on the same and on a new host where that differs.',
];

/** What the probes saw of one run. */
interface Observation {
  readonly outcome: Outcome;
  readonly i0: number;
  /** Offset frozen by the crashed commit; -1 when it had not got that far. */
  readonly i1: number;
  readonly x: number;
  readonly restart: number;
  /** Updates the restored state has too many, too few, against the fold of the inputs before the restart position. */
  readonly over: number;
  readonly under: number;
  readonly wrongKeys: number;
  readonly twice: number;
  readonly firstTwice: number;
  readonly lastTwice: number;
  readonly restarts: number;
  readonly host: string;
  readonly restoredFrom: string;
}

/** Columns in order: restart, non-tx same host, non-tx new host, tx, blob, outputs. */
export function crashMatrix(protocol: 'samza', seed: string): CrashMatrix {
  return {
    protocol,
    columns: COLUMNS,
    rows: POINTS.map((point) => ({ point: point.point, what: point.what, cells: cellsOf(point, seed) })),
    legend: LEGEND,
  };
}

function cellsOf(point: Point, seed: string): CrashCell[] {
  const see = (variant: MatrixVariant, readVersion: 1 | 2): Observation => observe(point, variant, readVersion, seed);
  const cell = (column: string, answer: string, by: readonly Observation[]): CrashCell => ({
    column,
    answer,
    facts: factsOf(by),
    command: `crash-matrix samza --seed ${seed} --point ${point.point} --column '${column}'`,
    lost_inputs: Math.max(...by.map((seen) => seen.outcome.records.lost)),
  });
  const has = (column: string): boolean => point.without?.includes(column) !== true;
  const same = has('non-tx same host') ? see('non-tx same host', 1) : null;
  const moved = has('non-tx new host') ? see('non-tx new host', 1) : null;
  const tx = [see('tx same host', 1), see('tx new host', 1)] as const;
  const tx2 = see('tx same host', 2);
  const blob = [see('blob same host', 2), see('blob new host', 2)] as const;
  const restart = [tx[0], tx2] as const;
  return [
    cell('restart', agree(restart.map(restartOf), READERS), restart),
    cell('non-tx same host', same === null ? '-' : stateOf(same), same === null ? tx : [same]),
    cell('non-tx new host', moved === null ? '-' : stateOf(moved), moved === null ? tx : [moved]),
    cell('tx', agree([agree(tx.map(stateOf), ['same host', 'new host']), stateOf(tx2)], READERS), [...tx, tx2]),
    cell('blob', agree(blob.map(blobOf), ['same host', 'new host']), blob),
    cell('outputs', agree(restart.map(outputsOf), READERS), restart),
  ];
}

/** One answer when all agree, else each with its name. */
function agree(answers: readonly string[], names: readonly string[]): string {
  if (answers.every((answer) => answer === answers[0])) return answers[0] as string;
  return answers
    .map((answer, i) => ({ answer, name: names[i] as string }))
    .filter(({ answer }, i) => i === 0 || answers.indexOf(answer) === i)
    .map(({ answer, name }) => `${name}: ${answer}`)
    .join('; ');
}

function restartOf(seen: Observation): string {
  if (seen.restart === seen.i0 + 1) return 'I0';
  return seen.restart === seen.i1 + 1 ? 'I1' : `offset ${seen.restart}`;
}

function stateOf(seen: Observation): string {
  if (seen.wrongKeys === 0) return restartOf(seen) === 'I0' ? 'S(L0)' : 'S(L1)';
  const parts = [];
  if (seen.over > 0) parts.push(`ahead +${seen.over} of ${seen.x + 1 - seen.restart}`);
  if (seen.under > 0) parts.push(`behind -${seen.under}`);
  return parts.join(', ') || `${seen.wrongKeys} keys wrong`;
}

function blobOf(seen: Observation): string {
  return stateOf(seen).replace('S(L', 'B').replace(')', '');
}

function outputsOf(seen: Observation): string {
  if (seen.twice === 0) return 'none';
  const from = restartOf(seen);
  const once = seen.x + 1 - seen.restart - seen.twice;
  return `(${from}..X] twice (${seen.twice})${once > 0 ? `, ${once} once` : ''}`;
}

function factsOf(by: readonly Observation[]): Record<string, string | number> {
  const facts: Record<string, string | number> = {};
  by.forEach((seen, n) => {
    const tag = by.length > 1 ? ` [${n + 1}: ${seen.outcome.scenario.split(' ').slice(2).join(' ')}]` : '';
    facts[`I0${tag}`] = seen.i0;
    facts[`I1${tag}`] = seen.i1 < 0 ? 'not frozen' : seen.i1;
    facts[`X${tag}`] = seen.x;
    facts[`restart offset${tag}`] = seen.restart;
    facts[`updates ahead${tag}`] = seen.over;
    facts[`updates behind${tag}`] = seen.under;
    facts[`outputs twice${tag}`] = seen.twice === 0 ? 0 : `${seen.twice} (${seen.firstTwice} to ${seen.lastTwice})`;
    facts[`restored from${tag}`] = seen.restoredFrom;
    facts[`hosts${tag}`] = seen.host;
    facts[`restarts${tag}`] = seen.restarts;
  });
  return facts;
}

function faultsOf(point: Point, variant: MatrixVariant): FaultPlan[] {
  const first = matrixCrash(variant, variant.startsWith('blob') ? (point.atBlob ?? point.at) : point.at);
  if (point.again === undefined) return [first];
  const trigger: FaultTrigger = { on: 'start', ...point.again, container: 0, start: 1 };
  return [first, { kind: 'container-crash', trigger, container: 0, exitCode: 137 }];
}

function observe(point: Point, variant: MatrixVariant, readVersion: 1 | 2, seed: string): Observation {
  const plan = matrixPlan(variant, { seed, readVersion, faults: faultsOf(point, variant), point: point.point });
  let watched: Job | null = null;
  let frozen = -1;
  let committed = -1;
  let i0 = -1;
  let i1 = -1;
  let x = -1;
  let restart = -1;
  const restored = { over: 0, under: 0, wrongKeys: 0 };
  const outputs = new Map<number, number>();
  let deaths = 0;
  const outcome = simulate(plan, {
    onJob: (job) => {
      watched = job;
      job.probe = {
        onFrozen: (commit) => {
          if (commit.number === CRASHED_COMMIT && deaths === 0) frozen = commit.inputOffsets[0] as number;
        },
        onCheckpoint: (record) => {
          if (deaths === 0 && record.commit < CRASHED_COMMIT)
            committed = Math.max(committed, record.inputOffsets[0] as number);
        },
        onDeath: (container) => {
          if (deaths++ > 0) return;
          i0 = committed;
          i1 = frozen;
          x = container.tasks[0]!.last[0] as number;
        },
        onRestored: (container, task, _store, state) => {
          if (container.incarnation === 0) return;
          const last = container.instance(task).checkpoint?.inputOffsets ?? [-1];
          Object.assign(restored, against(job, state, last));
        },
        onRunning: (container) => {
          if (container.incarnation > 0 && restart < 0) restart = container.tasks[0]!.next[0] as number;
        },
        onOutputs: (_ssp, from, to) => {
          for (let offset = from; offset < to; offset++) outputs.set(offset, (outputs.get(offset) ?? 0) + 1);
        },
      };
    },
  });
  if (watched === null || restart < 0)
    throw new Error(`crash matrix ${point.point}, ${variant}: the job never ran again`);
  const twice = [...outputs].filter(([, copies]) => copies > 1).map(([offset]) => offset);
  return {
    outcome,
    i0,
    i1,
    x,
    restart,
    ...restored,
    twice: twice.length,
    firstTwice: twice.length === 0 ? -1 : Math.min(...twice),
    lastTwice: twice.length === 0 ? -1 : Math.max(...twice),
    restarts: outcome.recoveries.length,
    host: outcome.recoveries.map((each) => `${each.from_host} to ${each.to_host}`).join(', '),
    restoredFrom: outcome.recoveries.at(-1)?.restored_from ?? 'none',
  };
}

/** The restored state against the fold of the inputs the job will not process again. */
function against(
  job: Job,
  state: Parameters<typeof compareStates>[0],
  last: readonly number[],
): Pick<Observation, 'over' | 'under' | 'wrongKeys'> {
  const ledger = new RecordLedger(0);
  ledger.base = 0;
  ledger.processed(0, (last[0] as number) + 1);
  const reference = new ReferenceState(job.plan.job.logic, job.content, [ledger]);
  const { over, under, wrongKeys } = compareStates(state, reference.at(last));
  return { over, under, wrongKeys };
}
