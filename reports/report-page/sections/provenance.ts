/** What it takes to get the same report again, and what of it cannot be known from here. */
import type { ReportData } from '../report-data.ts';
import type { Block, Section } from '../section.ts';

export function provenanceSection(data: ReportData): Section {
  const digests = data.run?.digests;
  const lines = [
    `tidemark ${data.tidemark}, seed ${data.seed}, scenario ${data.scenario} (${data.scenario_hash})`,
    ...(digests === undefined ? [] : [`digests: order ${digests.order}, state ${digests.state}, cost ${digests.cost}`]),
  ];
  const notes: Block[] = data.notes.length === 0 ? [] : [{ kind: 'list', items: data.notes }];
  return {
    id: 'provenance',
    title: 'Where this comes from',
    blocks: [
      ...notes,
      { kind: 'code', text: data.command },
      ...lines.map((text) => ({ kind: 'text', text, tone: 'quiet' }) as const),
    ],
  };
}
