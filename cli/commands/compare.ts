/** `tidemark compare`: what each guarantee costs, on one job and under the same random numbers. */
import { once, type Command } from './command.ts';
import { type RowArgs, withRows } from './row-args.ts';
import { seedOption, setOption } from './scenario-options.ts';

/** The options of `compare`, as typed. */
export interface CompareArgs extends RowArgs {
  readonly scenario: string;
  readonly protocols: string | undefined;
  readonly replications: number | undefined;
  readonly 'first-replication': number;
  readonly seed: string | undefined;
  readonly set: readonly string[];
  readonly workers: number | undefined;
  readonly json: boolean;
}

export const compareCommand: Command<CompareArgs> = {
  command: 'compare [scenario]',
  describe: 'Compare protocols on one job, under the same random numbers: what does each guarantee cost?',
  builder: (yargs) =>
    withRows(yargs)
      .positional('scenario', {
        describe: 'a dataflow job or a Samza job (see `tidemark list`), or a .yaml or .properties file',
        type: 'string',
        default: 'uniform-pipeline',
      })
      .option('protocols', {
        describe: 'names joined by commas; the others are compared with the first',
        type: 'string',
        defaultDescription: "the scenario's",
        requiresArg: true,
        coerce: once<string>('protocols'),
      })
      .option('replications', {
        alias: 'n',
        describe: 'runs of each protocol',
        type: 'number',
        defaultDescription: "the scenario's",
        requiresArg: true,
        coerce: once<number>('replications'),
      })
      .option('first-replication', {
        describe: 'number of the first run, to go on where another comparison stopped',
        type: 'number',
        default: 0,
        requiresArg: true,
        coerce: once<number>('first-replication'),
      })
      .option('seed', seedOption())
      .option('set', setOption())
      .option('workers', {
        describe: 'threads; the answer is the same with any number; one per processor unless given',
        type: 'number',
        requiresArg: true,
        coerce: once<number>('workers'),
      })
      .option('json', { describe: 'print exactly one JSON document', type: 'boolean', default: false })
      .example('$0 compare', 'an even load, where all are nearly equal')
      .example('$0 compare hot-item --protocols flink-aligned,flink-unaligned', 'a skewed one')
      .example('$0 compare back-pressured-pipeline --set channel_capacity=400', 'longer queues')
      .example('$0 compare page-views --protocols samza,samza-coordinated-timed', 'Samza, and Samza as it is not'),
  run: async (args) => (await import('../actions/compare.ts')).compare(args),
};
