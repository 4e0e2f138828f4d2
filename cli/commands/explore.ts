/** `tidemark explore`: every order of events of a small job. */
import { once, type Command } from './command.ts';
import { withFind, withTopology, type SearchArgs } from './counterexample.ts';
import { withScenario, type ScenarioArgs } from './scheme.ts';

/** The options of `explore`, as typed. */
export interface ExploreArgs extends ScenarioArgs, SearchArgs {
  readonly sink: string;
  readonly records: number;
  readonly checkpoints: number;
  readonly crashes: number;
  readonly fault: readonly string[];
  readonly order: string;
  readonly 'max-states': number;
  readonly reduction: number;
  readonly all: boolean;
}

/** Faults besides crashes of tasks, as `--fault` takes them. */
export const FAULTS = [
  'coordinator-crash',
  'lost-notification',
  'duplicated-message',
  'failed-upload',
  'failed-commit',
  'expired-checkpoint',
] as const;

const number = (describe: string, fallback: number, name: string) =>
  ({ describe, type: 'number', default: fallback, requiresArg: true, coerce: once<number>(name) }) as const;

export const exploreCommand: Command<ExploreArgs> = {
  command: 'explore [scheme]',
  describe: 'Try every order of events of a small job: is a checkpointing protocol ever inconsistent?',
  builder: (yargs) =>
    withFind(
      withTopology(withScenario(yargs), 'shape of the job; join unless given, and what shows it of a --mutant')
        .option('sink', {
          describe: 'what the sink does with its outputs',
          choices: ['two-phase', 'idempotent', 'plain'],
          default: 'two-phase',
          requiresArg: true,
          coerce: once<string>('sink'),
        })
        .option('records', number('records per source', 1, 'records'))
        .option('checkpoints', number('checkpoints before the last one, which is taken in calm', 1, 'checkpoints'))
        .option('crashes', number('crashes of tasks', 1, 'crashes'))
        .option('fault', {
          describe: 'one more fault; repeatable',
          choices: FAULTS,
          array: true,
          default: [] as string[],
          defaultDescription: 'none',
          requiresArg: true,
        })
        .option('order', {
          describe: 'breadth finds shortest counterexamples, depth needs less memory',
          choices: ['breadth', 'depth'],
          default: 'breadth',
          requiresArg: true,
          coerce: once<string>('order'),
        })
        .option('max-states', number('give up after this many states', 200_000, 'max-states'))
        .option('reduction', {
          describe: '1: leave out orders that cannot matter',
          choices: [0, 1],
          default: 0,
          requiresArg: true,
          coerce: once<number>('reduction'),
        })
        .option('all', { describe: 'go on after the first breach', type: 'boolean', default: false }),
    )
      .example('$0 explore', 'two sources, a join, a crash: every order')
      .example('$0 explore flink-unaligned --topology chain --records 2', 'another protocol and job')
      .example('$0 explore --mutant noAlign', 'the shortest way to break a join that does not align')
      .example('$0 explore FLINK-23471 --without-defect', 'a scenario: every order of its job, without the defect')
      .example('$0 explore --protocol mine.mjs', 'a protocol of your own'),
  run: async (args) => (await import('../actions/explore.ts')).explore(args),
};
