/** `tidemark run`: simulate one scenario and tell the verdict. */
import type { Argv } from 'yargs';
import { once, type Command } from './command.ts';
import { withPictures, withWindow, type PictureArgs, type WindowArgs } from './pictures.ts';
import { seedOption, setOption } from './scenario-options.ts';

/** The options of `run`, as typed. */
export interface RunArgs extends PictureArgs, WindowArgs {
  readonly scenario: string;
  readonly set: readonly string[];
  readonly protocol: string | undefined;
  readonly seed: string | undefined;
  readonly ties: string | undefined;
  readonly 'horizon-s': number | undefined;
  readonly json: boolean;
  readonly trace: string | undefined;
  readonly twice: boolean;
  readonly 'print-plan': boolean;
  readonly 'save-replay': string | undefined;
}

export const runCommand: Command<RunArgs> = {
  command: 'run [scenario]',
  describe: 'Simulate a scenario: is anything lost, doubled or inconsistent, and what does it cost?',
  builder: (yargs) =>
    withWindow(withPictures(withRun(yargs), 'a part of the run'))
      .example('$0 run first-run-input-loss', 'a scenario by name')
      .example('$0 run job.properties --horizon-s 600', 'your own Samza configuration')
      .example('$0 run page-views --set load.rate_per_s=200 --seed 7', 'change a value and the seed')
      .example('$0 run page-views --trace - | grep commit', 'what happened, event by event')
      .example('$0 run iot-fleet --protocol flink-unaligned', 'a dataflow job under one protocol')
      .example('$0 run container-crash --html crash.html', 'what happened around the crash, as a picture'),
  run: async (args) => (await import('../actions/run.ts')).run(args),
};

function withRun(yargs: Argv): Argv<Omit<RunArgs, keyof PictureArgs | keyof WindowArgs>> {
  return yargs
    .positional('scenario', {
      describe: 'a Samza or dataflow job (see `tidemark list`), or a .yaml or .properties file',
      type: 'string',
      default: 'page-views',
    })
    .option('set', setOption())
    .option('protocol', {
      describe: 'of a dataflow job; the first that its scenario names unless given',
      type: 'string',
      requiresArg: true,
      coerce: once<string>('protocol'),
    })
    .option('seed', seedOption())
    .option('ties', {
      describe: 'order of actions due at the same microsecond',
      choices: ['fifo', 'shuffled'],
      requiresArg: true,
      coerce: once<string>('ties'),
    })
    .option('horizon-s', {
      describe: 'simulated time, in seconds',
      type: 'number',
      requiresArg: true,
      coerce: once<number>('horizon-s'),
    })
    .option('json', { describe: 'print exactly one JSON document', type: 'boolean', default: false })
    .option('trace', {
      describe: 'write one line per event to a file; `-` or nothing: to stdout, and the report to stderr',
      type: 'string',
      coerce: once<string>('trace'),
    })
    .option('twice', {
      describe: 'run twice, compare the digests, and name the first event that differs',
      type: 'boolean',
      default: false,
    })
    .option('print-plan', {
      describe: 'print everything the run depends on as JSON, and do not run',
      type: 'boolean',
      default: false,
    })
    .option('save-replay', {
      describe: 'write plan, actions and digests to a file for `tidemark replay`',
      type: 'string',
      requiresArg: true,
      coerce: once<string>('save-replay'),
    });
}
