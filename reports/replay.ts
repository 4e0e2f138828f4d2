/** A replayed run against what was saved: the same law, the same digests, and if not, which of them. */
import type { Outcome } from '../models/outcome.ts';
import type { Style } from './style.ts';
import { paragraph } from './text.ts';

/** What the replay file said. */
export interface SavedRun {
  /** Version of Tidemark that wrote the file. */
  readonly savedBy: string;
  readonly law: string | null;
  readonly digests: Outcome['digests'];
}

/** The comparison as data, part of `replay --json`. */
export interface ReplayComparisonDocument {
  readonly same: boolean;
  readonly same_law: boolean;
  readonly same_digests: boolean;
  readonly saved_by: string;
  readonly saved_law: string | null;
  readonly saved_digests: Outcome['digests'];
}

/** The comparison as data and as text. */
export interface ReplayComparison {
  readonly document: ReplayComparisonDocument;
  readonly lines: (style: Style) => readonly string[];
}

/** Compares an outcome with what was saved. */
export function replayComparison(
  { savedBy, law, digests }: SavedRun,
  outcome: Outcome,
  version: string,
): ReplayComparison {
  const names = (['order', 'state', 'cost'] as const).filter((name) => digests[name] !== outcome.digests[name]);
  const sameLaw = law === outcome.verdict.law;
  const document: ReplayComparisonDocument = {
    same: sameLaw && names.length === 0,
    same_law: sameLaw,
    same_digests: names.length === 0,
    saved_by: savedBy,
    saved_law: law,
    saved_digests: digests,
  };
  return {
    document,
    lines: (style) => comparisonLines({ document, names, found: outcome.verdict.law, version }, style),
  };
}

interface Compared {
  readonly document: ReplayComparisonDocument;
  readonly names: readonly string[];
  readonly found: string | null;
  readonly version: string;
}

function comparisonLines({ document, names, found, version }: Compared, style: Style): readonly string[] {
  if (document.same) return [`${style('good', 'SAME')}  law and digests are those of the file`];
  const law = document.same_law
    ? []
    : [`the file has ${lawInWords(document.saved_law)}, this run ${lawInWords(found)}`];
  const digests =
    names.length === 0
      ? []
      : [`the ${names.join(' and ')} ${names.length === 1 ? 'digest differs' : 'digests differ'}`];
  const why =
    document.saved_by === version
      ? 'The file was written by this very version: the file was changed, or this is a fault of Tidemark.'
      : `The file was written by tidemark ${document.saved_by}, this is ${version}: the model may have changed.`;
  return [style('warn', 'CHANGED') + `  ${[...law, ...digests].join('; ')}`, ...paragraph(why)];
}

function lawInWords(law: string | null): string {
  return law === null ? 'no broken law' : `${law} broken`;
}
