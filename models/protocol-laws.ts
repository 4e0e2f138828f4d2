/**
 * All 25 laws of anchors.md §6.1 in its order, whoever asks them: 21 of every path of a dataflow, three of a timed run, one
 * of whole searches and of runs that are repeated.
 */
import { FLOW_LAWS } from './dataflow/laws/index.ts';
import { FLOW_JOB_LAWS } from './flow-job/laws/breach.ts';

export interface ProtocolLaw {
  readonly id: string;
  readonly statement: string;
  /** When it is asked, in words that follow "asked". */
  readonly asked: string;
}

const ASKED = {
  step: 'after every step',
  completion: 'when a checkpoint completes',
  restore: 'after every restart',
  end: 'at the end of a path',
} as const;

const ofTimedRuns = (['Q1', 'Q2', 'X2'] as const).map((id): ProtocolLaw => {
  return { id, statement: FLOW_JOB_LAWS[id], asked: 'of a timed run' };
});

const sameAgain: ProtocolLaw = {
  id: 'X1',
  statement: 'equal plans give equal digests, and what means nothing tells no two states apart',
  asked: 'of whole searches and of runs that are repeated',
};

export const PROTOCOL_LAWS: readonly ProtocolLaw[] = [
  ...FLOW_LAWS.map(({ id, statement, scope }) => ({ id, statement, asked: ASKED[scope] })),
  ...ofTimedRuns.filter(({ id }) => id !== 'X2'),
  sameAgain,
  ...ofTimedRuns.filter(({ id }) => id === 'X2'),
];
