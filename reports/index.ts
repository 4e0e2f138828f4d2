/** How outcomes are read: terminal text and JSON. Everything here is pure; `cli/` does the writing. */
export { runReport, type RunReportContext } from './run.ts';
export { runDocument, crashMatrixDocument, jsonText, type RunDocument, type CrashMatrixDocument } from './json.ts';
export { meetsExpectation } from './sections/verdict.ts';
export { violationStory, factText } from './story.ts';
export { windows } from './windows.ts';
export { crashMatrixReport, crashCellReport, MATRIX_WIDTH, type CrashMatrixContext } from './crash-matrix.ts';
export { traceLine } from './trace.ts';
export { replayComparison, type ReplayComparison, type SavedRun } from './replay.ts';
export { divergenceLines, type Divergence } from './divergence.ts';
export { listReport, type Listing, type TermGroup } from './list.ts';
export { commitStepMeanings } from './commit-steps.ts';
export { table, wrap, paragraph, labelled, length, REPORT_WIDTH, type Column } from './text.ts';
export { count, duration, seconds, moment, bytes, share, plural } from './numbers.ts';
export { plain, type Style, type Tone } from './style.ts';
