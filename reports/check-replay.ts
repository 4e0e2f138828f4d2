/** A replayed path of a dataflow: what it breaks now, and whether that is what the file says. */
import type { FlowReplay } from '../models/dataflow/replay-flow.ts';
import type { FlowPlan } from '../models/dataflow/plans.ts';
import {
  breachLines,
  type CounterexampleDocument,
  counterexampleDocument,
  historyLines,
  pathLines,
} from './check-counterexample.ts';
import { planInWords } from './check-plan.ts';
import { plural } from './numbers.ts';
import type { Style } from './style.ts';
import { paragraph } from './text.ts';

/** What is said besides the replay. */
export interface FlowReplayContext {
  readonly version: string;
  readonly subject: string;
  readonly plan: FlowPlan;
  readonly path: readonly string[];
  /** What the file says. */
  readonly saved: { readonly by: string; readonly law: string | null; readonly state: string };
  readonly command: string;
}

/** True when law and state are those of the file. */
export function isSameFlow({ counterexample, state }: FlowReplay, { saved }: FlowReplayContext): boolean {
  return (counterexample?.law ?? null) === saved.law && state === saved.state;
}

/** The whole report, ending in a newline. */
export function flowReplayReport(replay: FlowReplay, context: FlowReplayContext, style: Style): string {
  const { version, subject, plan, path, command } = context;
  const { counterexample, history } = replay;
  const lines = [
    style('dim', `tidemark ${version} · replay · ${subject}`),
    ...(counterexample === null
      ? [
          `${style('good', 'HOLDS')}  this path breaks no law`,
          ...paragraph(`Bound: this one path of ${plural(path.length, 'action')}; ${planInWords(plan)}.`),
          '',
          ...historyLines(path, history, style),
        ]
      : [...breachLines(counterexample, style), '', ...pathLines(counterexample, '', style)]),
    '',
    ...comparison(replay, context, style),
    `again     ${style('strong', command)}`,
  ];
  return lines.join('\n') + '\n';
}

function comparison(replay: FlowReplay, context: FlowReplayContext, style: Style): readonly string[] {
  const { saved, version } = context;
  if (isSameFlow(replay, context)) return [`${style('good', 'SAME')}  law and state are those of the file`];
  const law = replay.counterexample?.law ?? null;
  const inWords = (id: string | null): string => (id === null ? 'no broken law' : `${id} broken`);
  const changes = [
    ...(law === saved.law ? [] : [`the file has ${inWords(saved.law)}, this path ${inWords(law)}`]),
    ...(replay.state === saved.state ? [] : ['it leads to another state']),
  ];
  const why =
    saved.by === version
      ? 'The file was written by this version: the file or the protocol was changed since.'
      : `The file was written by tidemark ${saved.by}, this is ${version}: the model may have changed.`;
  return [`${style('warn', 'CHANGED')}  ${changes.join('; ')}`, ...paragraph(why)];
}

/** The document of `replay --json` for a path of a dataflow. */
export interface FlowReplayDocument {
  readonly tidemark: string;
  readonly command: string;
  readonly protocol: string;
  readonly verdict: { readonly kind: 'holds' | 'violated'; readonly law: string | null; readonly bound: string };
  readonly counterexample: CounterexampleDocument | null;
  readonly replay: {
    readonly same: boolean;
    readonly same_law: boolean;
    readonly same_state: boolean;
    readonly saved_by: string;
    readonly saved_law: string | null;
  };
}

/** The replay as data. */
export function flowReplayDocument(replay: FlowReplay, context: FlowReplayContext): FlowReplayDocument {
  const { saved, path, plan } = context;
  const law = replay.counterexample?.law ?? null;
  return {
    tidemark: context.version,
    command: context.command,
    protocol: context.subject,
    verdict: {
      kind: law === null ? 'holds' : 'violated',
      law,
      bound: `this one path of ${plural(path.length, 'action')}; ${planInWords(plan)}`,
    },
    counterexample: replay.counterexample === null ? null : counterexampleDocument(replay.counterexample),
    replay: {
      same: isSameFlow(replay, context),
      same_law: law === saved.law,
      same_state: replay.state === saved.state,
      saved_by: saved.by,
      saved_law: saved.law,
    },
  };
}
