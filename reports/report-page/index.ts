/** The report of a job: one set of data, as a page, as Markdown and as JSON. */
export type { ReportData } from './report-data.ts';
export { flowPart } from './flow-part.ts';
export { runPart } from './run-part.ts';
export { reportHtml } from './html.ts';
export { reportMarkdown } from './markdown.ts';
