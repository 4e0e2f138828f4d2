/** `tidemark tune`: which checkpoint interval to run. */
import type { Argv } from 'yargs';
import { once, type Command } from './command.ts';
import { type RowArgs, withRows } from './row-args.ts';
import { withStream, type StreamArgs } from './stream-args.ts';

/** The options of `tune`, as typed. */
export interface TuneArgs extends StreamArgs, RowArgs {
  readonly objective: string | undefined;
  readonly 'latency-view': string | undefined;
  readonly weights: string | undefined;
  readonly 'recovery-p99': number | undefined;
  readonly 'output-latency': number | undefined;
  readonly 'transaction-timeout': number | undefined;
  readonly precision: number;
  readonly pareto: string | undefined;
  readonly adaptive: string | undefined;
}

/** Objectives, as `--objective` and `--pareto` take them. */
export const OBJECTIVES = ['utilisation', 'latency', 'recovery-slo', 'storage', 'money', 'weighted'] as const;

/** Views, as `--latency-view` takes them. */
export const LATENCY_VIEWS = ['first-output', 'replay', 'sink'] as const;

const seconds = (describe: string, name: string) =>
  ({ describe, type: 'number', requiresArg: true, coerce: once<number>(name) }) as const;

export const tuneCommand: Command<TuneArgs> = {
  command: 'tune [scenario]',
  describe: 'Which checkpoint interval to run: simulated, beside the closed form, ready to paste',
  builder: (yargs) =>
    withTune(yargs)
      .example('$0 tune', 'the page-view counter, measured by a profile run')
      .example('$0 tune risk-control --recovery-p99 45', 'a stream job by its metrics, with a bound on recovery')
      .example('$0 tune big-state --pareto money,latency', 'what can be had of two objectives at once')
      .example('$0 tune trading --objective latency --latency-view sink', 'outputs that a commit shows')
      .example(
        '$0 tune iot-vehicles --adaptive mtbf=0.1',
        'an interval that adapts when failures become ten times as many',
      )
      .example('$0 tune my-job.yaml --objective weighted --weights utilisation=1,storage=0.5', 'your own job'),
  run: async (args) => (await import('../actions/tune.ts')).tuneAction(args),
};

function withTune(yargs: Argv): Argv<TuneArgs> {
  return withRows(withStream(yargs))
    .option('objective', {
      describe: "what the interval is to be best for; the scenario's own, else utilisation",
      choices: OBJECTIVES,
      requiresArg: true,
      coerce: once<string>('objective'),
    })
    .option('latency-view', {
      describe: 'whose latency objective latency means: first outputs, every processing, or a transactional sink',
      choices: LATENCY_VIEWS,
      defaultDescription: 'first-output',
      requiresArg: true,
      coerce: once<string>('latency-view'),
    })
    .option('weights', {
      describe: 'of objective weighted: name=weight,name=weight',
      type: 'string',
      requiresArg: true,
      coerce: once<string>('weights'),
    })
    .option(
      'recovery-p99',
      seconds('99 in 100 recoveries, catching up included, take at most, in seconds', 'recovery-p99'),
    )
    .option(
      'output-latency',
      seconds('a transactional sink shows its outputs after at most, in seconds', 'output-latency'),
    )
    .option(
      'transaction-timeout',
      seconds('the broker gives a transaction up after, in seconds', 'transaction-timeout'),
    )
    .option('precision', {
      describe: "half-width of the optimum's 95 % interval, as a share of it, at which the search ends",
      type: 'number',
      default: 0.05,
      requiresArg: true,
      coerce: once<number>('precision'),
    })
    .option('pareto', {
      describe: 'two objectives with a comma between: what can be had of both',
      type: 'string',
      requiresArg: true,
      coerce: once<string>('pareto'),
    })
    .option('adaptive', {
      describe: 'let the interval adapt to a change half-way, such as mtbf=0.1 or pause=10, and compare',
      type: 'string',
      requiresArg: true,
      coerce: once<string>('adaptive'),
    });
}
