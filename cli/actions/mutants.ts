/** What `tidemark mutants` does: choose the mutants, hunt them on a worker thread, print the matrix. */
import type { MutantResult } from '../../models/mutants/index.ts';
import { jsonText } from '../../reports/json.ts';
import { listReport } from '../../reports/list.ts';
import { meetsMutants, mutantsDocument, mutantsReport, type MutantsContext } from '../../reports/mutants.ts';
import {
  meetsTransposed,
  transposedDocument,
  transposedReport,
  type TransposedContext,
} from '../../reports/transposed.ts';
import { commandText } from '../command-text.ts';
import type { MutantsArgs } from '../commands/mutants.ts';
import { exitCode, UsageError, type ExitCode } from '../exit.ts';
import { packageVersion } from '../home.ts';
import type { MutantsWanted } from '../jobs/job.ts';
import { startJob } from '../jobs/start.ts';
import { terminalStyle, writeOut } from '../output.ts';
import { didYouMean, looksLikeFile, protocolSpec, specName, specWords } from '../protocol-source.ts';
import { whole } from '../whole-number.ts';

const EFFORT = { catalogue: { runs: 400, maxStates: 2000 }, effects: { runs: 150, maxStates: 500 } } as const;

/** Hunts and prints; exit code 1 when a mutant of the catalogue survives or a base is not silent. */
export async function mutants(args: MutantsArgs): Promise<ExitCode> {
  if (args.transposed) return transposed(args);
  const wanted = await wantedMutants(args);
  if (args.list) return list(wanted, args);
  const { runs, maxStates } = effortOf(wanted.kind, args);
  const what = wanted.kind === 'effects' ? `effects of ${specName(wanted.protocol)}` : 'mutants';
  const results: readonly MutantResult[] = await startJob(
    { kind: 'mutants', wanted, runs, maxStates, seed: args.seed },
    { what, horizonMicros: null },
  );
  const context: MutantsContext = {
    version: packageVersion(),
    kind: wanted.kind,
    subject: wanted.kind === 'effects' ? specName(wanted.protocol) : (args.scheme ?? 'all protocols'),
    seed: args.seed,
    runs,
    maxStates,
    command: commandOf(wanted, args),
  };
  if (args.json) writeOut(jsonText(mutantsDocument(results, context)));
  else writeOut(mutantsReport(results, context, terminalStyle(process.stdout)));
  return meetsMutants(results, context) ? exitCode.done : exitCode.violated;
}

/** The matrix the other way round: all mutants, for the sake of the laws and the faults. */
async function transposed(args: MutantsArgs): Promise<ExitCode> {
  const { scheme, name, effects, list: isList, protocol, seed, json } = args;
  if (scheme !== undefined || name.length > 0 || effects || isList || protocol !== undefined)
    throw new UsageError('--transposed: takes the whole catalogue: no scheme, --name, --effects, --list or --protocol');
  const { runs, maxStates } = effortOf('catalogue', args);
  const matrix = await startJob({ kind: 'transpose', runs, maxStates, seed }, { what: 'mutants', horizonMicros: null });
  const command = commandText(['mutants', '--transposed', ...effortWords(args)]);
  const context: TransposedContext = { version: packageVersion(), seed, runs, maxStates, command };
  if (json) writeOut(jsonText(transposedDocument(matrix, context)));
  else writeOut(transposedReport(matrix, context, terminalStyle(process.stdout)));
  return meetsTransposed(matrix) ? exitCode.done : exitCode.violated;
}

function effortOf(
  kind: MutantsWanted['kind'],
  args: MutantsArgs,
): { readonly runs: number; readonly maxStates: number } {
  if (args.seed === '') throw new UsageError('--seed must not be empty');
  const bounds = { least: 0, most: 1_000_000 };
  return {
    runs: whole('runs', args.runs ?? EFFORT[kind].runs, bounds),
    maxStates: whole('max-states', args['max-states'] ?? EFFORT[kind].maxStates, { ...bounds, least: 1 }),
  };
}

async function wantedMutants(args: MutantsArgs): Promise<MutantsWanted> {
  if (args.effects || args.protocol !== undefined || looksLikeFile(args.scheme ?? '')) {
    return { kind: 'effects', protocol: await protocolSpec({ ...args, mutant: undefined }), names: args.name };
  }
  const rows = await catalogueRows(args.list || args.name.length > 0);
  const all = rows.map(({ name }) => name);
  const unknown = args.name.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `there is no mutant "${unknown}"${await didYouMean(unknown, all)}\n   remedy: \`tidemark mutants --list\` names them all`,
    );
  }
  const { scheme } = args;
  if (scheme !== undefined) await protocolSpec({ ...args, mutant: undefined });
  const names = rows
    .filter(({ name, base }) => {
      // A base that differs a little says so behind the protocol's name: `flink-aligned, acks may get lost`.
      const isOfScheme = scheme === undefined || [base, ...base.split(/[, ]/, 1)].includes(scheme);
      return isOfScheme && (args.name.length === 0 || args.name.includes(name));
    })
    .map(({ name }) => name);
  if (names.length > 0) return { kind: 'catalogue', names };
  throw new UsageError(
    `the catalogue has no ${args.name.length === 0 ? 'mutants' : 'such mutant'} of ${scheme}\n` +
      `   remedy: \`tidemark mutants ${scheme} --effects\` makes some from its effects`,
  );
}

type Row = Pick<MutantResult, 'name' | 'broken' | 'base' | 'law'> & { readonly seen?: readonly string[] };

/** The mutants of the catalogue, those of timed worlds behind the others; the further defects of Flink where they are wanted. */
async function catalogueRows(withDefects: boolean): Promise<readonly Row[]> {
  const { ALL_MUTANTS, MUTANTS, TIMED_MUTANTS } = await import('../../models/mutants/index.ts');
  const searched = withDefects ? ALL_MUTANTS : MUTANTS;
  return [...searched.map((mutant) => ({ ...mutant, base: mutant.base.name })), ...TIMED_MUTANTS];
}

async function list(wanted: MutantsWanted, { json }: MutantsArgs): Promise<ExitCode> {
  if (wanted.kind === 'effects')
    throw new UsageError('--list: the mutants of effects are known only once they are hunted');
  const all = (await catalogueRows(true)).filter(({ name }) => wanted.names.includes(name));
  if (json) {
    const rows = all.map(({ name, broken, base, law, seen = [] }) => ({ name, broken, base, law, seen }));
    writeOut(jsonText({ mutants: rows }));
    return exitCode.done;
  }
  const lists = {
    kind: 'terms' as const,
    groups: [
      {
        heading: 'Mutants',
        terms: all.map(({ name, broken, base, law, seen = [] }) => ({
          term: name,
          meaning: `${broken} (${base}; should break ${law}${seen.length === 0 ? '' : `; seen in ${seen.join(', ')}`})`,
        })),
      },
    ],
    next: 'Hunt one with: tidemark mutants --name NAME; see how it breaks: tidemark explore --mutant NAME, or faster: check',
  };
  writeOut(listReport(lists, terminalStyle(process.stdout)));
  return exitCode.done;
}

function commandOf(wanted: MutantsWanted, args: MutantsArgs): string {
  const subject =
    wanted.kind === 'effects'
      ? [...specWords(wanted.protocol), ...(wanted.protocol.kind === 'file' ? [] : ['--effects'])]
      : args.scheme === undefined
        ? []
        : [args.scheme];
  return commandText(['mutants', ...subject, ...args.name.flatMap((name) => ['--name', name]), ...effortWords(args)]);
}

function effortWords(args: MutantsArgs): readonly string[] {
  return [
    ...(args.runs === undefined ? [] : ['--runs', String(args.runs)]),
    ...(args['max-states'] === undefined ? [] : ['--max-states', String(args['max-states'])]),
    ...(args.seed === 'mutants' ? [] : ['--seed', args.seed]),
  ];
}
