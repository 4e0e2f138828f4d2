/**
 * Tells a violation in a few plain sentences: what happened, where, and why that contradicts the promise.
 * A story is data: a list of sentences, each with its wordings from the most to the least informed; the first wording
 * whose `{facts}` are all known is told. Facts that no sentence used are listed after it, so nothing is swallowed.
 */
import type { Violation } from '../models/outcome.ts';
import { type Sentence, stories } from './stories.ts';
import { bytes, count, duration, moment } from './numbers.ts';
import { labelled, paragraph } from './text.ts';
import { windows } from './windows.ts';

/** The violation as indented lines of at most the report's width. */
export function violationStory(violation: Violation): readonly string[] {
  const told = new Set<string>();
  const sentences = (stories[violation.law] ?? [])
    .map((sentence) => tell(sentence, violation.facts, told))
    .filter((text) => text !== '');
  const lines = sentences.flatMap((sentence) => paragraph(sentence));
  lines.push(...windowLine(violation.facts, told));
  const untold = Object.entries(violation.facts).filter(([name, value]) => !told.has(name) && isKnown(value));
  if (untold.length > 0) {
    lines.push(
      ...labelled('facts', untold.map(([name, value]) => `${name} ${factText(name, value)}`).join(' · '), {
        labelWidth: 8,
      }),
    );
  }
  return lines;
}

/** A fact as text: times and sizes by the unit in its name (`_us`, `_bytes`), other numbers with separators. */
export function factText(name: string, value: string | number): string {
  if (typeof value === 'string') return value;
  if (name === 'at_us' || name.endsWith('_at_us')) return moment(value);
  if (name.endsWith('_us')) return duration(value);
  if (name.endsWith('_bytes')) return bytes(value);
  return count(value);
}

function windowLine(facts: Violation['facts'], told: Set<string>): readonly string[] {
  const window = facts['window'];
  if (window === undefined || window === '') return [];
  told.add('window');
  const meaning = windows[String(window)];
  return labelled('window', meaning === undefined ? String(window) : `${window}: ${meaning}.`, { labelWidth: 8 });
}

function tell(wordings: Sentence, facts: Violation['facts'], told: Set<string>): string {
  for (const wording of wordings) {
    const names = Array.from(wording.matchAll(/\{(\w+)\}/g), (match) => match[1] ?? '');
    if (names.some((name) => !isKnown(facts[name]))) continue;
    for (const name of names) told.add(name);
    return singular(wording.replaceAll(/\{(\w+)\}/g, (_all, name: string) => factText(name, facts[name] ?? '')));
  }
  return '';
}

/** -1 is how the ledgers say "none". */
function isKnown(value: string | number | undefined): value is string | number {
  return value !== undefined && value !== -1;
}

/** Wordings are written for many; one is the only number that reads otherwise. */
function singular(text: string): string {
  return text.replaceAll(/(?<![\d,.])1 (wrong )?(key|record|output|commit)s\b/g, '1 $1$2');
}
