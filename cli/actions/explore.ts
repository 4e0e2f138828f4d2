/** What `tidemark explore` does: bounds to a plan, the search on a worker thread, the report, the files. */
import type { FlowPlan, TopologyName } from '../../models/dataflow/plans.ts';
import type { Environment, SinkKind } from '../../models/dataflow/topology.ts';
import { exploreDocument, exploreReport, exploreVerdict, leadingCounterexample } from '../../reports/explore.ts';
import { jsonText } from '../../reports/json.ts';
import { commandText } from '../command-text.ts';
import type { ExploreArgs, FAULTS } from '../commands/explore.ts';
import { exitCodeOfSearch, namedScenario, refuseJobOptions, scenarioCommand, subjectName } from '../defect-source.ts';
import { UsageError, type ExitCode } from '../exit.ts';
import { packageVersion } from '../home.ts';
import { startJob } from '../jobs/start.ts';
import { terminalStyle, writeOut } from '../output.ts';
import { loadSubject, type NamedProtocol, protocolSpec, specWords, surroundingsOf } from '../protocol-source.ts';
import { whole } from '../whole-number.ts';
import { counterexampleFiles } from './counterexample-files.ts';

/** Searches and reports; the exit code is that of the verdict. */
export async function explore(args: ExploreArgs): Promise<ExitCode> {
  const scenario = await namedScenario(args);
  if (scenario?.kind === 'coordinator') {
    throw new UsageError(
      `${scenario.words.name} has a clock: it is run once, and there are no orders to try\n   remedy: \`tidemark check ${scenario.words.name}\``,
    );
  }
  if (scenario !== null) refuseJobOptions(scenario, jobOptions(args));
  const named = scenario === null ? await protocolSpec(args) : null;
  const spec = scenario?.spec ?? named!;
  const plan = scenario?.plan ?? (await planOf(named!, args));
  const order = args.order === 'depth' ? 'depth' : 'breadth';
  const reduction = args.reduction === 1 ? 1 : 0;
  const maxStates = whole('max-states', args['max-states'], { least: 1, most: 10_000_000 });
  const subject = subjectName(spec, scenario);
  const files = counterexampleFiles(args);
  try {
    const result = await startJob(
      {
        kind: 'explore',
        protocol: spec,
        plan,
        order,
        reduction,
        maxStates,
        stopAtFirst: args.all ? false : (scenario?.words.law ?? true),
      },
      { what: `explore ${subject}`, horizonMicros: null },
    );
    const context = {
      version: packageVersion(),
      subject,
      order,
      reduction,
      maxStates,
      command: scenario === null ? commandOf(named!, args) : scenarioCommand('explore', scenario, searchWords(args)),
      scenario: scenario?.words ?? null,
    } as const;
    await files.write(leadingCounterexample(result, context.scenario), spec, context.command);
    if (args.json) writeOut(jsonText(exploreDocument(result, context)));
    else writeOut(exploreReport(result, context, terminalStyle(process.stdout)));
    return exitCodeOfSearch(exploreVerdict(result, context.scenario), context.scenario);
  } finally {
    files.drop();
  }
}

const COUNTS_MAX = 9;

/** The job that the options say; a mutant alone, without any of them, has the surroundings in which it shows. */
async function planOf(spec: NamedProtocol, args: ExploreArgs): Promise<FlowPlan> {
  if (spec.kind === 'mutant' && !Object.values(jobOptions(args)).includes(true)) return surroundingsOf(spec.name);
  const { topologyOf, unfit } = await import('../../models/dataflow/plans.ts');
  const { PEACE } = await import('../../models/dataflow/topology.ts');
  const { promised } = await loadSubject(spec);
  const name = (args.topology ?? 'join') as TopologyName;
  const why = unfit(promised, name);
  if (why !== null) throw new UsageError(`--topology ${name}: ${why}`);
  const bounds = { least: 0, most: COUNTS_MAX };
  const times = (fault: (typeof FAULTS)[number]): number => args.fault.filter((each) => each === fault).length;
  const environment: Environment = {
    ...PEACE,
    checkpoints: whole('checkpoints', args.checkpoints, bounds),
    crashes: whole('crashes', args.crashes, bounds),
    coordinatorCrashes: times('coordinator-crash'),
    lostNotifications: times('lost-notification'),
    duplicatedMessages: times('duplicated-message'),
    failedUploads: times('failed-upload'),
    failedCommits: times('failed-commit'),
    timeouts: times('expired-checkpoint'),
  };
  const records = whole('records', args.records, { least: 1, most: COUNTS_MAX });
  const fifo = promised.needs.fifo;
  return { topology: topologyOf(name, { records, sink: args.sink as SinkKind, fifo }), environment };
}

function given(option: string, value: string | number, fallback: string | number): readonly string[] {
  return value === fallback ? [] : [`--${option}`, String(value)];
}

/** Which options say what the job is and are not as by default. */
function jobOptions(args: ExploreArgs): Readonly<Record<string, boolean>> {
  return {
    topology: args.topology !== undefined,
    sink: args.sink !== 'two-phase',
    records: args.records !== 1,
    checkpoints: args.checkpoints !== 1,
    crashes: args.crashes !== 1,
    fault: args.fault.length > 0,
  };
}

function searchWords(args: ExploreArgs): readonly string[] {
  return [
    ...given('order', args.order, 'breadth'),
    ...given('max-states', args['max-states'], 200_000),
    ...given('reduction', args.reduction, 0),
    ...(args.all ? ['--all'] : []),
  ];
}

function commandOf(spec: NamedProtocol, args: ExploreArgs): string {
  return commandText([
    'explore',
    ...specWords(spec),
    ...given('topology', args.topology ?? 'join', 'join'),
    ...given('sink', args.sink, 'two-phase'),
    ...given('records', args.records, 1),
    ...given('checkpoints', args.checkpoints, 1),
    ...given('crashes', args.crashes, 1),
    ...args.fault.flatMap((fault) => ['--fault', fault]),
    ...searchWords(args),
  ]);
}
