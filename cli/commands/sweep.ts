/** `tidemark sweep`: many checkpoint intervals, many replications, a row per run. */
import { once, type Command } from './command.ts';
import { type RowArgs, withRows } from './row-args.ts';
import { withStream, type StreamArgs } from './stream-args.ts';

/** The options of `sweep`, as typed. */
export interface SweepArgs extends StreamArgs, RowArgs {
  readonly intervals: string | undefined;
  readonly replications: number;
  readonly 'horizon-s': number;
}

export const sweepCommand: Command<SweepArgs> = {
  command: 'sweep [scenario]',
  describe: 'Run many checkpoint intervals many times: a row of figures per run',
  builder: (yargs) =>
    withRows(withStream(yargs))
      .option('intervals', {
        describe: 'from..to/how many, in seconds; a tenth to ten times the interval of now, 40 of them, unless given',
        type: 'string',
        requiresArg: true,
        coerce: once<string>('intervals'),
      })
      .option('replications', {
        describe: 'runs of each interval, with the same failures from interval to interval',
        type: 'number',
        default: 20,
        requiresArg: true,
        coerce: once<number>('replications'),
      })
      .option('horizon-s', {
        describe: 'simulated time of each run, in seconds',
        type: 'number',
        default: 86_400,
        requiresArg: true,
        coerce: once<number>('horizon-s'),
      })
      .example('$0 sweep iot-vehicles --intervals 10..600/40 --parquet runs.parquet', '800 runs of a day')
      .example('$0 sweep page-views --mtbf 3600 --replications 5', 'a Samza job, by its profile'),
  run: async (args) => (await import('../actions/sweep.ts')).sweep(args),
};
