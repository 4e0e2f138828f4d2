/** What `tidemark check` does with a defect of the coordinator: one run with a clock, with the defect or without it. */
import { coordinatorDocument, coordinatorReport, coordinatorVerdict } from '../../reports/coordinator.ts';
import { jsonText } from '../../reports/json.ts';
import type { CheckArgs } from '../commands/check.ts';
import { exitCodeOfSearch, type NamedCoordinator, scenarioCommand } from '../defect-source.ts';
import { UsageError, type ExitCode } from '../exit.ts';
import { packageVersion } from '../home.ts';
import { startJob } from '../jobs/start.ts';
import { terminalStyle, writeOut } from '../output.ts';

const OF_A_SEARCH = ['topology', 'min-reach', 'save', 'html', 'perfetto', 'shiviz', 'mermaid'] as const;

/** Runs it and reports; the exit code is that of the verdict. */
export async function checkCoordinator(scenario: NamedCoordinator, args: CheckArgs): Promise<ExitCode> {
  const { id, words } = scenario;
  const option = OF_A_SEARCH.find((name) => args[name] !== undefined);
  if (option !== undefined) {
    throw new UsageError(
      `--${option}: ${words.name} is run once, with a clock, and not searched\n   remedy: leave the option out`,
    );
  }
  const job = { kind: 'coordinator', id, withDefect: words.withDefect } as const;
  const outcome = await startJob(job, { what: `check ${words.name}`, horizonMicros: null });
  const context = { version: packageVersion(), command: scenarioCommand('check', scenario, []), scenario: words };
  if (args.json) writeOut(jsonText(coordinatorDocument(outcome, context)));
  else writeOut(coordinatorReport(outcome, context, terminalStyle(process.stdout)));
  return exitCodeOfSearch(coordinatorVerdict(outcome), words);
}
