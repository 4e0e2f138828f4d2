/**
 * Where the crash matrix strikes: rows F1-F18 of engines.md §2.13 as directed schedules. Checkpoint 1 (n-1) has completed
 * and record 0 of each source is in it; record 1 is the epoch that checkpoint 2 (n) closes; record 2 comes behind it.
 * In rows with a savepoint, s is checkpoint 2 and n, where there is one, the next.
 */
import type { Protocol } from './dataflow/protocol.ts';
import { flinkCoordinatorKeeping } from './protocols/flink-coordinator.ts';
import type { Phase, PhaseView } from './flow-crash-matrix-run.ts';

export interface FlowPoint {
  readonly point: string;
  readonly what: string;
  readonly phases: readonly Phase[];
  /** The user takes a savepoint between n-1 and n. */
  readonly savepoint?: boolean;
  /** The protocol as it is in this row. */
  readonly protocol?: (protocol: Protocol) => Protocol;
  /** Why the row does not exist for a protocol; null where it does. */
  readonly without?: (protocol: Protocol) => string | null;
}

/** Task numbers of the matrix topology. */
const [JOIN, K0, K1] = [2, 3, 4];
const N = 2;

const emits = (fromSeq: number): RegExp => new RegExp(`^emit:s\\d#[${fromSeq}-9]`);
const EMITS_BEHIND_N = emits(2);

/** Records 0 in, checkpoint n-1 complete, records 1 in and at the sinks. */
const UP_TO_N: readonly Phase[] = [
  { hold: [emits(1)] },
  { take: ['trigger:coordinator'], hold: [emits(1)] },
  { hold: [EMITS_BEHIND_N] },
];

const TRIGGER_N: Phase = { take: ['trigger:coordinator'], hold: [/./] };

/** Checkpoint n runs, and nothing is emitted behind it, until something has happened. */
const runUntil = (until: Phase['until'], ...hold: RegExp[]): Phase => ({
  hold: [EMITS_BEHIND_N, ...hold],
  ...(until === undefined ? {} : { until }),
});

const crash = (who: string): Phase => ({ take: [`crash:${who}`, 'detect:failure'] });

const isPreCommitted =
  (...tasks: number[]) =>
  ({ state }: PhaseView): boolean =>
    tasks.every(
      (task) =>
        state.task(task).parts.some((part) => part.checkpoint === N) ||
        state.network.inFlight.some((each) => each.kind === 'upload' && each.task === task && each.checkpoint === N),
    );

const isStoring = ({ state }: PhaseView): boolean =>
  state.network.inFlight.some((effect) => effect.kind === 'store' && effect.checkpoint === N);

const isStored = ({ state }: PhaseView): boolean => state.store.everCompleted.includes(N);

const isCommitting = (task: number, state: PhaseView['state']): boolean =>
  state.network.inFlight.some((effect) => effect.kind === 'commit' && effect.task === task);

const isToldAndCommitted =
  (task: number, name: string) =>
  ({ state, taken }: PhaseView): boolean =>
    taken.has(`tell:coordinator>${name}#complete-${N}/a0`) && !isCommitting(task, state);

const TOLD_K0: Phase = runUntil(isToldAndCommitted(K0, 'k0'), /^tell:coordinator>k1#complete-2/);

/** Who is asked first belongs to the scheme; how many completed checkpoints are kept does not. */
const triggerOf = ({ coordinator }: Protocol): Pick<Protocol['coordinator'], 'trigger'> => ({
  trigger: (state, place, checkpoint, fx) => coordinator.trigger(state, place, checkpoint, fx),
});

const hasInFlight = (protocol: Protocol): string | null =>
  protocol.needs.recoveryFirst === true ? null : 'no channel state';

const hasSavepoints = (protocol: Protocol): string | null =>
  protocol.coordinator.savepoint === undefined ? 'no savepoints' : null;

const isSaved = ({ state }: PhaseView): boolean => state.store.savepoints.some(({ status }) => status === 'complete');

/** The savepoint is complete; nothing is emitted behind it yet. */
const SAVED: readonly Phase[] = [{ take: ['savepoint:take'], hold: [/./] }, runUntil(isSaved)];

/** Where the join is told by the coordinator, and not by a barrier, its snapshot comes late as well. */
const LATE_CUT = /^tell:coordinator>(?:s1|join)#(?:trigger|snapshot)/;

/** The barrier of s0 is at the join, that of s1 is not; record 2 of s0 follows its barrier. */
const SKEWED: readonly Phase[] = [TRIGGER_N, { hold: [emits(2), LATE_CUT] }, { hold: [/^emit:s1#2/, LATE_CUT] }];

export const FLOW_POINTS: readonly FlowPoint[] = [
  { point: 'F1', what: 'before barrier n at any task', phases: [...UP_TO_N, TRIGGER_N, crash('join')] },
  {
    point: 'F2',
    what: 'after pre-commit n, before all acknowledgements',
    phases: [...UP_TO_N, TRIGGER_N, runUntil(isPreCommitted(K0, K1), /^upload:k\d/), crash('k1')],
  },
  {
    point: 'F3',
    what: 'after all acknowledgements, before the store write',
    phases: [...UP_TO_N, TRIGGER_N, runUntil(isStoring, /^store:/), crash('coordinator')],
  },
  {
    point: 'F4a',
    what: 'the store write, whose outcome is unknown, was done',
    phases: [
      ...UP_TO_N,
      TRIGGER_N,
      runUntil(isStoring, /^store:/),
      { take: ['written-store:', 'crash:coordinator', 'detect:failure'] },
    ],
  },
  {
    point: 'F4b',
    what: 'the store write, whose outcome is unknown, was not done',
    phases: [
      ...UP_TO_N,
      TRIGGER_N,
      runUntil(isStoring, /^store:/),
      { take: ['unwritten-store:', 'crash:coordinator', 'detect:failure'] },
    ],
  },
  {
    point: 'F5',
    what: 'after the store write, before notifyComplete arrives',
    phases: [...UP_TO_N, TRIGGER_N, runUntil(isStored, /#complete-2/), crash('coordinator')],
  },
  {
    point: 'F6',
    what: 'after notifyComplete reached some sinks',
    phases: [...UP_TO_N, TRIGGER_N, TOLD_K0, crash('k1')],
  },
  {
    point: 'F7',
    what: 'commit n done, before the next checkpoint',
    phases: [...UP_TO_N, TRIGGER_N, runUntil(undefined), {}, crash('join')],
  },
  {
    point: 'F8',
    what: 'as F7, and the restart picks n-1',
    phases: [...UP_TO_N, TRIGGER_N, runUntil(undefined), {}, crash('join')],
    protocol: (protocol) => ({
      ...protocol,
      coordinator: { ...flinkCoordinatorKeeping(2), ...triggerOf(protocol) },
      restore: (completed) => completed.toSorted((x, y) => x - y).at(-2) ?? 0,
    }),
  },
  {
    point: 'F9',
    what: 'as F5, and the outage outlasts the transactions',
    phases: [
      ...UP_TO_N,
      TRIGGER_N,
      runUntil(isStored, /#complete-2/),
      { take: ['crash:coordinator', 'abort:broker', 'abort:broker', 'detect:failure'] },
    ],
  },
  {
    point: 'F10',
    what: 'notifyComplete n is lost, no crash',
    phases: [
      ...UP_TO_N,
      TRIGGER_N,
      runUntil(isStored, /#complete-2/),
      { take: ['lose:coordinator>k0#complete-2'], hold: [EMITS_BEHIND_N] },
    ],
  },
  {
    point: 'F11',
    what: 'inputs skewed at barrier n, crash after n',
    phases: [...UP_TO_N, ...SKEWED, {}, crash('join')],
  },
  {
    point: 'F12',
    what: 'between checkpoints, record 1 at the sinks',
    phases: [...UP_TO_N, crash('join')],
  },
  {
    point: 'F13',
    what: 'as F6, and the dead attempt commits after the restart',
    phases: [
      ...UP_TO_N,
      TRIGGER_N,
      runUntil(({ taken }) => taken.has(`tell:coordinator>k1#complete-${N}/a0`), /^commit:k1/),
      crash('k1'),
      { hold: [/^commit:k1#.*\/a0/] },
    ],
  },
  {
    point: 'F14',
    what: 'stop with savepoint s: s is complete, a sink fails before it has committed',
    savepoint: true,
    without: hasSavepoints,
    phases: [
      ...UP_TO_N,
      { take: ['savepoint:stop'], hold: [/./] },
      runUntil(
        ({ state, taken }) => taken.has(`tell:coordinator>k1#complete-${N}/a0`) && !isCommitting(K0, state),
        /^commit:k1/,
      ),
      { take: ['crash:k1', 'restart:user'] },
    ],
  },
  {
    point: 'F15',
    what: 'the user goes back to savepoint s, and the job has gone on to n',
    savepoint: true,
    without: hasSavepoints,
    phases: [...UP_TO_N, ...SAVED, {}, TRIGGER_N, {}, { take: ['savepoint:restore'] }],
  },
  {
    point: 'F16',
    what: 'as F15, with nothing behind s but the commit of what it holds',
    savepoint: true,
    without: hasSavepoints,
    phases: [...UP_TO_N, ...SAVED, TRIGGER_N, runUntil(undefined), { take: ['savepoint:restore'] }],
  },
  {
    point: 'F17',
    what: 'after n with channel state, and again before it is processed',
    without: hasInFlight,
    phases: [
      ...UP_TO_N,
      { hold: [/^emit:s1#2/, /^deliver:s0>join#r/] },
      TRIGGER_N,
      { hold: [/^emit:s1#2/, /^deliver:s0>join#r/], timers: true, until: isStored },
      crash('join'),
      { hold: [/^deliver:/, /^emit:/] },
      crash('join'),
    ],
  },
  {
    point: 'F18',
    what: 'clock skew: the alignment timer fires too early',
    without: ({ name }) => (name === 'flink-unaligned-timeout' ? null : 'no alignment timer'),
    phases: [
      ...UP_TO_N,
      TRIGGER_N,
      runUntil(({ state }) => state.task(JOIN).timers.length > 0),
      { take: ['timer:join'], hold: [EMITS_BEHIND_N] },
      {},
      crash('join'),
    ],
  },
];
