/** What `tidemark check` does: the campaign on worker threads, the report, the files. */
import { availableParallelism } from 'node:os';
import { CHECK_MIN_REACH, CHECK_RUNS } from '../../models/dataflow/check.ts';
import type { TopologyName } from '../../models/dataflow/plans.ts';
import { checkDocument, checkReport, type CheckContext } from '../../reports/check.ts';
import { jsonText } from '../../reports/json.ts';
import { commandText } from '../command-text.ts';
import type { CheckArgs } from '../commands/check.ts';
import { exitCodeOfSearch, namedScenario, refuseJobOptions, scenarioCommand, subjectName } from '../defect-source.ts';
import { UsageError, type ExitCode } from '../exit.ts';
import { defaultReplayName } from '../flow-replay-file.ts';
import { packageVersion } from '../home.ts';
import { checkOnWorkers } from '../jobs/check-pool.ts';
import { terminalStyle, writeOut } from '../output.ts';
import { loadSubject, type NamedProtocol, protocolSpec, specWords } from '../protocol-source.ts';
import { whole } from '../whole-number.ts';
import { checkCoordinator } from './check-coordinator.ts';
import { counterexampleFiles } from './counterexample-files.ts';

const WORKERS_MAX = 64;

/** Checks and reports; the exit code is that of the verdict. */
export async function check(args: CheckArgs): Promise<ExitCode> {
  const scenario = await namedScenario(args);
  if (scenario?.kind === 'coordinator') return checkCoordinator(scenario, args);
  const { topologiesFor, unfit } = await import('../../models/dataflow/plans.ts');
  if (scenario !== null) refuseJobOptions(scenario, { topology: args.topology !== undefined });
  const named = scenario === null ? await protocolSpec(args) : null;
  const spec = scenario?.spec ?? named!;
  const runs = whole('runs', args.runs, { least: 0, most: 100_000_000 });
  const minReach = whole('min-reach', args['min-reach'] ?? (scenario === null ? CHECK_MIN_REACH : 1), {
    least: 0,
    most: 1_000_000_000,
  });
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
    const options = {
      runs,
      seed: args.seed,
      minReach,
      ...(topology === undefined ? {} : { topology }),
      ...(scenario === null ? {} : { plan: scenario.plan, law: scenario.words.law }),
    };
    const subject = subjectName(spec, scenario);
    const what = `check ${subject}`;
    const result = await checkOnWorkers({ protocol: spec, options }, { what, workers });
    const { counterexample } = result;
    const command =
      scenario === null ? commandOf(named!, args) : scenarioCommand('check', scenario, campaignWords(args));
    await files.write(counterexample, spec, command);
    const context: CheckContext = {
      version: packageVersion(),
      subject,
      topologies: topology === undefined ? topologiesFor(promised) : [topology],
      command,
      saved: counterexample === null ? null : (args.save ?? null),
      saveAs: counterexample === null || args.save !== undefined ? null : defaultReplayName(counterexample),
      scenario: scenario === null ? null : { words: scenario.words, plan: scenario.plan },
    };
    if (args.json) writeOut(jsonText(checkDocument(result, context)));
    else writeOut(checkReport(result, context, terminalStyle(process.stdout)));
    return exitCodeOfSearch({ kind: result.verdict, law: counterexample?.law ?? null }, scenario?.words ?? null);
  } finally {
    files.drop();
  }
}

/** Without the number of workers, which changes nothing. */
function commandOf(spec: NamedProtocol, args: CheckArgs): string {
  return commandText([
    'check',
    ...specWords(spec),
    ...(args.topology === undefined ? [] : ['--topology', args.topology]),
    ...campaignWords(args),
  ]);
}

function campaignWords(args: CheckArgs): readonly string[] {
  return [
    ...(args.runs === CHECK_RUNS ? [] : ['--runs', String(args.runs)]),
    ...(args['min-reach'] === undefined ? [] : ['--min-reach', String(args['min-reach'])]),
    '--seed',
    args.seed,
  ];
}
