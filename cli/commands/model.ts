/** `tidemark model`: closed forms of the performance model, one at a time or by the file. */
import { once, type Command } from './command.ts';

/** The options of `model`, as typed. */
export interface ModelArgs {
  readonly name: string | undefined;
  readonly inputs: string | undefined;
  readonly batch: string | undefined;
  readonly json: boolean;
}

export const modelCommand: Command<ModelArgs> = {
  command: 'model [name]',
  describe: 'Evaluate a closed form: intervals, utilization, recovery, latency, space, cost',
  builder: (yargs) =>
    yargs
      .positional('name', {
        describe: 'name of a closed form (see `tidemark list models`); without inputs it is explained',
        type: 'string',
      })
      .option('inputs', {
        describe: 'its inputs, SI units: name=value,name=[value,value]',
        type: 'string',
        requiresArg: true,
        coerce: once<string>('inputs'),
      })
      .option('batch', {
        describe:
          'a JSON file with a list of {"model", "inputs"}; prints their answers as JSON; where an "output" stands too, the two are compared',
        type: 'string',
        requiresArg: true,
        coerce: once<string>('batch'),
      })
      .option('json', { describe: 'print exactly one JSON document', type: 'boolean', default: false })
      .example('$0 model young_compute_interval --inputs checkpoint_cost_s=5,mtbf_s=86400', 'one number')
      .example('$0 model stream_utilization', 'what it is, assumes and needs')
      .example('$0 model --batch inputs.json', 'many'),
  run: async (args) => (await import('../actions/model.ts')).model(args),
};
