/** `tidemark check`: random jobs, random faults, random orders of events. */
import { once, type Command } from './command.ts';
import { withFind, withTopology, type SearchArgs } from './counterexample.ts';
import { withScenario, type ScenarioArgs } from './scheme.ts';

/** The options of `check`, as typed. */
export interface CheckArgs extends ScenarioArgs, SearchArgs {
  readonly runs: number;
  readonly seed: string;
  readonly workers: number | undefined;
  readonly 'min-reach': number | undefined;
}

export const checkCommand: Command<CheckArgs> = {
  command: 'check [scheme]',
  describe: 'Try a checkpointing protocol on random jobs, faults and orders of events: which law breaks?',
  builder: (yargs) =>
    withFind(
      withTopology(withScenario(yargs), 'only jobs of this shape')
        .option('runs', {
          describe: 'random runs, each on a job of its own',
          type: 'number',
          default: 10_000,
          requiresArg: true,
          coerce: once<number>('runs'),
        })
        .option('seed', {
          describe: 'root of all random draws',
          type: 'string',
          default: '1',
          requiresArg: true,
          coerce: once<string>('seed'),
        })
        .option('workers', {
          describe: 'threads; the answer is the same with any number; one per processor unless given',
          type: 'number',
          requiresArg: true,
          coerce: once<number>('workers'),
        })
        .option('min-reach', {
          describe: 'distinct durable projections below which silence is `unknown`',
          type: 'number',
          defaultDescription: '1000; for a scenario 1',
          requiresArg: true,
          coerce: once<number>('min-reach'),
        }),
    )
      .example('$0 check', "Flink's aligned checkpoints")
      .example('$0 check chandy-lamport --topology ring --seed 7', 'another protocol, on cycles')
      .example('$0 check --mutant snapFirst --save lost.replay.json', 'what a conviction looks like')
      .example('$0 check FLINK-18238', 'a defect that was seen in Flink; --without-defect switches it off')
      .example('$0 check --protocol mine.mjs', 'a protocol of your own'),
  run: async (args) => (await import('../actions/check.ts')).check(args),
};
