/**
 * Crashes a small dataflow at every point of engines.md §2.13 and reads off which checkpoint came back, what became of the
 * operators' state, and what a committed reader of each kind of sink saw. Every cell is observed in a simulated run; the
 * document's table is not in this file, a test holds the two against each other.
 */
import type { CrashCell, CrashMatrix } from './crash-matrix.ts';
import type { Protocol } from './dataflow/protocol.ts';
import type { SinkKind } from './dataflow/topology.ts';
import { type FlowObservation, observeFlow } from './flow-crash-matrix-run.ts';
import { FLOW_POINTS, type FlowPoint } from './flow-crash-points.ts';
import { PROTOCOLS, type ProtocolName } from './protocols/index.ts';

const SINKS: readonly SinkKind[] = ['two-phase', 'idempotent', 'plain'];

const COLUMNS = ['restored', 'state', ...SINKS] as const;

const LEGEND: readonly string[] = [
  'n is the checkpoint under way or just completed, n-1 the one before; two sources, a join, two sinks that get every record.',
  's: a savepoint the user has taken. restored: the checkpoint each restart takes; none: nothing crashed.',
  'state: how often the join has counted each record in the end: exact, over +k (k updates too many), under -k (k missing).',
  'two-phase, idempotent, plain: what a reader of committed output sees in the end: once, k twice, k lost.',
  'late (n): outputs of the epoch before n became visible only after the fault, in the transaction of n; late (n+1): of the next one.',
  '-: the protocol has no such point, or the sink has nothing that it could strike.',
];

/** The matrix of one protocol of the catalogue. */
export function flowCrashMatrix(protocolName: ProtocolName): CrashMatrix {
  const protocol = PROTOCOLS[protocolName];
  return {
    protocol: protocolName,
    columns: COLUMNS,
    rows: FLOW_POINTS.map((point) => ({ point: point.point, what: point.what, cells: cellsOf(protocol, point) })),
    legend: LEGEND,
  };
}

function cellsOf(protocol: Protocol, point: FlowPoint): CrashCell[] {
  const command = (column: string): string =>
    `crash-matrix ${protocol.name} --point ${point.point} --column '${column}'`;
  const absent = point.without?.(protocol) ?? null;
  if (absent !== null) {
    return COLUMNS.map((column) => ({
      column,
      answer: '-',
      facts: { why: absent },
      command: command(column),
      lost_inputs: 0,
    }));
  }
  const subject = point.protocol?.(protocol) ?? protocol;
  const seen = SINKS.map((sink) => observeFlow(subject, sink, point.phases));
  const [first] = seen as [FlowObservation, ...FlowObservation[]];
  const cell = (column: string, answer: string, by: FlowObservation): CrashCell => ({
    column,
    answer: by.missing === null ? answer : '-',
    facts: factsOf(by),
    command: command(column),
    lost_inputs: by.under,
  });
  return [
    cell('restored', restoredOf(first, point), first),
    cell('state', stateOf(first), first),
    ...SINKS.map((sink, i) => cell(sink, outputOf(seen[i]!, point), seen[i]!)),
  ];
}

/** Checkpoint numbers of the schedule in the document's words. */
function checkpointName(checkpoint: number, { savepoint }: FlowPoint): string {
  if (checkpoint === 0) return 'nothing';
  const names = savepoint === true ? ['n-1', 's', 'n'] : ['n-1', 'n'];
  return names[checkpoint - 1] ?? `n+${checkpoint - names.length}`;
}

function restoredOf({ restored }: FlowObservation, point: FlowPoint): string {
  return restored.map((each) => checkpointName(each, point)).join(', then ') || 'none';
}

function stateOf({ over, under }: FlowObservation): string {
  return [over > 0 ? `over +${over}` : '', under > 0 ? `under -${under}` : ''].filter(Boolean).join(', ') || 'exact';
}

function outputOf(seen: FlowObservation, point: FlowPoint): string {
  const answer = [seen.twice > 0 ? `${seen.twice} twice` : '', seen.lost > 0 ? `${seen.lost} lost` : ''];
  const late = Math.max(0, seen.epoch - seen.epochEarly - seen.lost);
  const under = seen.epochCommittedUnder;
  const how = under === 0 ? 'late' : `late (${checkpointName(under, point)})`;
  const part = late === seen.epoch ? '' : `${late} of ${seen.epoch} `;
  return [answer.filter(Boolean).join(', ') || 'once', late > 0 ? `${part}${how}` : ''].filter(Boolean).join(', ');
}

function factsOf(seen: FlowObservation): Record<string, string | number> {
  return {
    'restored checkpoints': seen.restored.join(' ') || 'none',
    'updates too many': seen.over,
    'updates missing': seen.under,
    'outputs twice': seen.twice,
    'outputs lost': seen.lost,
    'epoch of n visible before the fault': `${seen.epochEarly} of ${seen.epoch}`,
    'transactions aborted': seen.aborted,
    'transactions left behind': seen.lingering,
    'laws broken': seen.broken.join(' ') || 'none',
    'fault after': seen.faultAfter,
    actions: seen.steps,
    ...(seen.missing === null ? {} : { 'not played': seen.missing }),
  };
}
