/** What `tidemark check` does: the campaign on worker threads, the report, the files. */
import { availableParallelism } from 'node:os';
import type { TopologyName } from '../../models/dataflow/plans.ts';
import { checkDocument, checkReport, jsonText, type CheckContext } from '../../reports/index.ts';
import { commandText } from '../command-text.ts';
import type { CheckArgs } from '../commands/check.ts';
import { exitCodeOfVerdict, UsageError, type ExitCode } from '../exit.ts';
import { defaultReplayName } from '../flow-replay-file.ts';
import { packageVersion } from '../home.ts';
import { checkOnWorkers } from '../jobs/check-pool.ts';
import { terminalStyle, writeOut } from '../output.ts';
import { loadSubject, protocolSpec, specName, specWords, type ProtocolSpec } from '../protocol-source.ts';
import { counterexampleFiles } from './counterexample-files.ts';
import { whole } from './explore.ts';

const WORKERS_MAX = 64;

/** Checks and reports; the exit code is that of the verdict. */
export async function check(args: CheckArgs): Promise<ExitCode> {
  const { topologiesFor, unfit } = await import('../../models/dataflow/plans.ts');
  const spec = await protocolSpec(args);
  const runs = whole('runs', args.runs, { least: 0, most: 100_000_000 });
  const minReach = whole('min-reach', args['min-reach'], { least: 0, most: 1_000_000_000 });
  const workers = whole('workers', args.workers ?? Math.min(availableParallelism(), WORKERS_MAX), {
    least: 1,
    most: WORKERS_MAX,
  });
  if (args.seed === '') throw new UsageError('--seed must not be empty');
  const { promised } = await loadSubject(spec);
  const topology = args.topology as TopologyName | undefined;
  const why = topology === undefined ? null : unfit(promised, topology);
  if (why !== null) throw new UsageError(`--topology ${topology}: ${why}`);
  const files = counterexampleFiles(args);
  try {
    const options = { runs, seed: args.seed, minReach, ...(topology === undefined ? {} : { topology }) };
    const what = `check ${specName(spec)}`;
    const result = await checkOnWorkers({ protocol: spec, options }, { what, workers });
    const { counterexample } = result;
    const command = commandOf(spec, args);
    files.write(counterexample, spec, command);
    const context: CheckContext = {
      version: packageVersion(),
      subject: specName(spec),
      topologies: topology === undefined ? topologiesFor(promised) : [topology],
      command,
      saved: counterexample === null ? null : (args.save ?? null),
      saveAs: counterexample === null || args.save !== undefined ? null : defaultReplayName(counterexample),
    };
    if (args.json) writeOut(jsonText(checkDocument(result, context)));
    else writeOut(checkReport(result, context, terminalStyle(process.stdout)));
    return exitCodeOfVerdict(result.verdict);
  } finally {
    files.drop();
  }
}

/** Without the number of workers, which changes nothing. */
function commandOf(spec: ProtocolSpec, args: CheckArgs): string {
  return commandText([
    'check',
    ...specWords(spec),
    ...(args.topology === undefined ? [] : ['--topology', args.topology]),
    ...(args.runs === 10_000 ? [] : ['--runs', String(args.runs)]),
    ...(args['min-reach'] === 1000 ? [] : ['--min-reach', String(args['min-reach'])]),
    '--seed',
    args.seed,
  ]);
}
