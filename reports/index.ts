/** How outcomes are read: terminal text and JSON. Everything here is pure; `cli/` does the writing. */
export { runReport, type RunReportContext } from './run.ts';
export { flowRunReport } from './flow-run.ts';
export { flowRunDocument, type FlowRunDocument } from './flow-run-document.ts';
export { runDocument, crashMatrixDocument, jsonText, type RunDocument } from './json.ts';
export { meetsExpectation } from './sections/verdict.ts';
export { violationStory } from './story.ts';
export { crashMatrixReport, crashCellReport, MATRIX_WIDTH } from './crash-matrix.ts';
export { checkProtocol, ProtocolViolation } from './check-protocol.ts';
export { checkReport, checkDocument, type CheckContext, type CheckDocument } from './check.ts';
export {
  flowReplayDocument,
  flowReplayReport,
  type FlowReplayContext,
  type FlowReplayDocument,
  isSameFlow,
} from './check-replay.ts';
export {
  exploreReport,
  exploreDocument,
  exploreVerdict,
  leadingCounterexample,
  type ExploreContext,
  type ExploreDocument,
} from './explore.ts';
export {
  coordinatorDocument,
  coordinatorReport,
  coordinatorVerdict,
  type CoordinatorContext,
  type CoordinatorDocument,
} from './coordinator.ts';
export { type DefectWords, meetsScenario, type SearchVerdict } from './defect-words.ts';
export { meetsTransposed, transposedDocument, transposedReport, type TransposedContext } from './transposed.ts';
export { compareReport, type CompareContext } from './compare.ts';
export { compareDocument, type CompareDocument } from './compare-document.ts';
export { meetsMutants, mutantsDocument, mutantsReport, type MutantsContext, type MutantsDocument } from './mutants.ts';
export { flowPart, type ReportData, reportHtml, reportMarkdown, runPart } from './report-page/index.ts';
export { spaceTimeHtml } from './space-time/page.ts';
export { chromeTrace } from './export/chrome-trace.ts';
export { shivizLog } from './export/shiviz.ts';
export { mermaidSequence } from './export/mermaid.ts';
export { rowLines, type RowTable } from './export/rows/row-table.ts';
export { sweepRows } from './export/rows/sweep-rows.ts';
export { compareRows } from './export/rows/compare-rows.ts';
export { adaptiveRows, type RoundRun, tuneRows } from './export/rows/tune-rows.ts';
export { reportRows } from './export/rows/report-rows.ts';
export { traceLine } from './trace.ts';
export { replayComparison } from './replay.ts';
export { divergenceLines, type Divergence } from './divergence.ts';
export { listReport, type Listing, type TermGroup } from './list.ts';
export { modelBatchSummary, modelDocument, modelExplanation, modelReport, type ModelAnswer } from './model.ts';
export { recoveryCalibrationDocument, recoveryCalibrationReport } from './calibration-recovery.ts';
export { failureCalibrationDocument, failureCalibrationReport } from './calibration-failures.ts';
export { intervalToSet, tuneDocument, tuneReport, type TuneContext } from './tune.ts';
export { adaptiveDocument, adaptiveReport } from './tune-adaptive.ts';
export { paretoDocument, paretoReport } from './tune-pareto.ts';
export { sweepDocument, sweepReport, type SweepContext } from './sweep.ts';
export { configLines, type ConfigLines } from './tune-config.ts';
export { commitStepMeanings } from './commit-steps.ts';
export { table, wrap, length, REPORT_WIDTH } from './text.ts';
export { count, duration, seconds, moment, bytes, share, plural } from './numbers.ts';
export { plain, type Style, type Tone } from './style.ts';
