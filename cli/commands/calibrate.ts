/** `tidemark calibrate`: what measurements say of a job, and what a job that is made from them does when it is simulated. */
import { once, type Command } from './command.ts';

/** The options of `calibrate`, as typed. */
export interface CalibrateArgs {
  readonly what: string;
  readonly file: string;
  readonly 'fit-interval': number | undefined;
  readonly 'before-checkpoint-s': number | undefined;
  readonly nodes: number | undefined;
  readonly json: boolean;
}

export const calibrateCommand: Command<CalibrateArgs> = {
  command: 'calibrate <what> <file>',
  describe: 'Fit models to measurements, simulate what was measured, and say how far off they are',
  builder: (yargs) =>
    yargs
      .positional('what', { describe: 'what was measured', choices: ['recovery', 'failures'], demandOption: true })
      .positional('file', {
        describe:
          'a CSV file. recovery: checkpoint_interval_s,throughput_records_per_s,recovery_time_s; ' +
          'failures: started_at,node,downtime_minutes and perhaps cause',
        type: 'string',
        demandOption: true,
      })
      .option('fit-interval', {
        describe:
          'recovery: the checkpoint interval in seconds whose runs are fitted; the others are held back and simulated. ' +
          'Default: the one whose own runs lie closest to the model',
        type: 'number',
        requiresArg: true,
        coerce: once<number>('fit-interval'),
      })
      .option('before-checkpoint-s', {
        describe: 'recovery: how long before the next checkpoint was due the failures struck; default 0',
        type: 'number',
        requiresArg: true,
        coerce: once<number>('before-checkpoint-s'),
      })
      .option('nodes', {
        describe: 'failures: nodes of the cluster, with those that never failed; default: those in the file',
        type: 'number',
        requiresArg: true,
        coerce: once<number>('nodes'),
      })
      .option('json', { describe: 'print exactly one JSON document', type: 'boolean', default: false })
      .example('$0 calibrate recovery runs.csv', 'outage and capacity from one interval')
      .example('$0 calibrate failures hosts.csv', 'rate, Weibull law, repair times'),
  run: async (args) => (await import('../actions/calibrate.ts')).calibrate(args),
};
