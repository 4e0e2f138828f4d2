/** The report from top to bottom. */
import type { ReportData } from './report-data.ts';
import type { Section } from './section.ts';
import { checkpointsSection } from './sections/checkpoints.ts';
import { configuredSection } from './sections/configured.ts';
import { costSection } from './sections/cost.ts';
import { intervalsSection } from './sections/intervals.ts';
import { outputLatencySection } from './sections/output-latency.ts';
import { provenanceSection } from './sections/provenance.ts';
import { recoveriesSection } from './sections/recoveries.ts';
import { spaceSection } from './sections/space.ts';
import { verdictSection } from './sections/verdict.ts';

/** Its sections; those of a run are left out where nothing was run. */
export function sectionsOf(data: ReportData): readonly Section[] {
  const { run, what_if: study } = data;
  return [
    verdictSection(data),
    ...(run === null ? [] : [costSection(run)]),
    ...((run?.output_latency ?? []).length === 0 ? [] : [outputLatencySection(run!.output_latency!)]),
    intervalsSection(study, data.what_if_why_not),
    ...(study === null || study.scope === 'dataflow' ? [] : [spaceSection(study.space), configuredSection(study)]),
    ...(run === null ? [] : [checkpointsSection(run.checkpoints), recoveriesSection(run.recoveries)]),
    provenanceSection(data),
  ];
}
