/** `tidemark report`: everything about a job on one page. */
import type { Argv } from 'yargs';
import { once, type Command } from './command.ts';
import { type RowArgs, withRows } from './row-args.ts';
import { type StoppableArgs, withStoppable } from './stoppable-args.ts';
import { seedOption, setOption } from './scenario-options.ts';

/** The options of `report`, as typed. */
export interface ReportArgs extends StoppableArgs, RowArgs {
  readonly scenario: string;
  readonly set: readonly string[];
  readonly seed: string | undefined;
  readonly 'horizon-s': number | undefined;
  readonly mtbf: number | undefined;
  readonly protocol: string | undefined;
  readonly html: string | undefined;
  readonly markdown: string | undefined;
  readonly json: boolean;
}

export const reportCommand: Command<ReportArgs> = {
  command: 'report [scenario]',
  describe: 'Verdict, cost, checkpoints, recoveries and what another interval would cost, on one page',
  builder: (yargs) =>
    withReport(yargs)
      .example('$0 report --html report.html', 'the page-view counter, as a page that opens offline')
      .example('$0 report container-crash --markdown crash.md', 'for a bug report or a pull request')
      .example('$0 report trading --html trading.html', 'a stream job: its curves, without a run')
      .example(
        '$0 report hot-item --protocol flink-unaligned --html hot.html',
        'a dataflow job: alignment, task by task',
      )
      .example("$0 report page-views --json | jq '.run.cost'", 'the same numbers, exact'),
  run: async (args) => (await import('../actions/report.ts')).report(args),
};

const file = (describe: string, name: string) =>
  ({ describe, type: 'string', requiresArg: true, coerce: once<string>(name) }) as const;

function withReport(yargs: Argv): Argv<ReportArgs> {
  const described = yargs
    .positional('scenario', {
      describe: 'a Samza, stream or dataflow job (see `tidemark list`), or a .yaml or .properties file',
      type: 'string',
      default: 'page-views',
    })
    .option('set', setOption())
    .option('seed', seedOption())
    .option('horizon-s', {
      describe: 'simulated time of the run, in seconds',
      type: 'number',
      requiresArg: true,
      coerce: once<number>('horizon-s'),
    })
    .option('mtbf', {
      describe: 'mean time between failures for the intervals, in seconds, instead of what the scenario says',
      type: 'number',
      requiresArg: true,
      coerce: once<number>('mtbf'),
    })
    .option('protocol', file('of a dataflow job; the first that its scenario names unless given', 'protocol'))
    .option('html', file('write a page to this file; it needs no network', 'html'))
    .option('markdown', file('write Markdown to this file; without any of these it goes to stdout', 'markdown'))
    .option('json', { describe: 'print exactly one JSON document', type: 'boolean', default: false });
  return withStoppable(withRows(described));
}
