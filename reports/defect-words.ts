/** The scenario of a defect in a report: its story, whether the defect is on, and whether it ended as its author expects. */
import { labelled } from './text.ts';
import type { Style } from './style.ts';

/** What a report says of the scenario it is about. */
export interface DefectWords {
  readonly name: string;
  readonly title: string;
  readonly story: string;
  readonly issues: readonly string[];
  /** The defect by name, and what is broken in one sentence. */
  readonly defect: { readonly name: string; readonly broken: string };
  readonly withDefect: boolean;
  /** The law that the defect breaks; without it, none should. */
  readonly law: string;
}

/** What a search came to. */
export interface SearchVerdict {
  readonly kind: 'holds' | 'violated' | 'unknown';
  readonly law: string | null;
}

/** True when the verdict is the one the scenario declares. */
export function meetsScenario({ kind, law }: SearchVerdict, scenario: DefectWords): boolean {
  return scenario.withDefect ? kind === 'violated' && law === scenario.law : kind === 'holds';
}

/** The story, and the state of its defect. */
export function storyLines({ title, story, defect, withDefect, issues, name }: DefectWords, style: Style): string[] {
  const others = issues.filter((issue) => issue !== name);
  const rows: readonly (readonly [string, string])[] = [
    ['Story', `${title}. ${story}${others.length === 0 ? '' : ` Also seen in ${others.join(', ')}.`}`],
    ['Defect', `${defect.name}, ${withDefect ? 'switched on' : 'SWITCHED OFF'}: ${defect.broken}`],
  ];
  return rows.flatMap(([label, text]) =>
    labelled(label, text, { indent: '', labelWidth: 8 }).map((line) =>
      line.replace(/^(?:Story|Defect)/, (word) => style('strong', word)),
    ),
  );
}

/** `expected: violated L2: as expected`. */
export function expectedLine(verdict: SearchVerdict, scenario: DefectWords, style: Style): string {
  const declared = scenario.withDefect ? `violated ${scenario.law}` : 'holds';
  if (meetsScenario(verdict, scenario)) return style('dim', `expected: ${declared}: as expected`);
  if (verdict.kind === 'unknown') return style('warn', `expected: ${declared}: not decided`);
  const found = verdict.kind === 'violated' ? `violated ${verdict.law}` : verdict.kind;
  return style('warn', `expected: ${declared}, found: ${found}: NOT as expected`);
}

/** The scenario as data. */
export interface DefectDocument {
  readonly name: string;
  readonly title: string;
  readonly issues: readonly string[];
  readonly defect: string;
  readonly with_defect: boolean;
  readonly expected: { readonly verdict: 'holds' | 'violated'; readonly law: string | null };
  readonly as_expected: boolean;
}

/** The scenario as data; null where none was named. */
export function defectDocument(verdict: SearchVerdict, scenario: DefectWords | null): DefectDocument | null {
  if (scenario === null) return null;
  const { name, title, issues, defect, withDefect, law } = scenario;
  return {
    name,
    title,
    issues,
    defect: defect.name,
    with_defect: withDefect,
    expected: withDefect ? { verdict: 'violated', law } : { verdict: 'holds', law: null },
    as_expected: meetsScenario(verdict, scenario),
  };
}
