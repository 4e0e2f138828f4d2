/** The command line as yargs knows it: all commands, strict, with one voice for every mistake. */
import yargs, { type Argv } from 'yargs';
import { asModule } from './commands/command.ts';
import { calibrateCommand } from './commands/calibrate.ts';
import { checkCommand } from './commands/check.ts';
import { compareCommand } from './commands/compare.ts';
import { crashMatrixCommand } from './commands/crash-matrix.ts';
import { exploreCommand } from './commands/explore.ts';
import { listCommand } from './commands/list.ts';
import { modelCommand } from './commands/model.ts';
import { mutantsCommand } from './commands/mutants.ts';
import { replayCommand } from './commands/replay.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { sweepCommand } from './commands/sweep.ts';
import { tuneCommand } from './commands/tune.ts';
import { exitCode, UsageError, type ExitCode } from './exit.ts';
import { packageVersion } from './home.ts';

/** The commands in the order in which a newcomer should learn them. */
export const commandNames: readonly string[] = [
  'run',
  'crash-matrix',
  'check',
  'explore',
  'mutants',
  'compare',
  'tune',
  'sweep',
  'report',
  'model',
  'calibrate',
  'replay',
  'list',
];

/** A parser with all commands; `done` gets the exit code of the one that ran. */
export function parser(words: readonly string[], done: (code: ExitCode) => void): Argv {
  return yargs(withDashes(words))
    .scriptName('tidemark')
    .usage(
      '$0 <command>\n\nSimulates checkpointing in stream processing: what is lost, doubled or slow when something dies.',
    )
    .command(asModule(runCommand, done))
    .command(asModule(crashMatrixCommand, done))
    .command(asModule(checkCommand, done))
    .command(asModule(exploreCommand, done))
    .command(asModule(mutantsCommand, done))
    .command(asModule(compareCommand, done))
    .command(asModule(tuneCommand, done))
    .command(asModule(sweepCommand, done))
    .command(asModule(reportCommand, done))
    .command(asModule(modelCommand, done))
    .command(asModule(calibrateCommand, done))
    .command(asModule(replayCommand, done))
    .command(asModule(listCommand, done))
    .parserConfiguration({ 'greedy-arrays': false, 'dot-notation': false })
    .demandCommand(1, 1, 'which command? `tidemark --help` shows them all')
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      // A YError is yargs' own complaint about the words; anything else was thrown by a command.
      if (error === undefined || error.name === 'YError')
        throw new WrongWords(message ?? error?.message ?? 'wrong usage');
      throw error;
    })
    .locale('en')
    .version(packageVersion())
    .help()
    .wrap(100)
    .epilogue(
      'Exit codes: 0 holds or done, 1 violated, 2 bad input or usage, 3 unknown, 70 internal error.\n' +
        'Start with: tidemark run',
    );
}

/** yargs takes a lone `-` for a word of its own, never for the value of the option before it. */
function withDashes(words: readonly string[]): string[] {
  return words.flatMap((word, i) => {
    if (word === '-' && words[i - 1] === '--trace') return [];
    return word === '--trace' && words[i + 1] === '-' ? ['--trace=-'] : [word];
  });
}

/** Runs the command that the words name; throws UsageError when they are wrong. */
export async function parse(words: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = exitCode.done;
  try {
    await parser(words, (given) => {
      code = given;
    }).parseAsync();
    return code;
  } catch (error) {
    if (error instanceof WrongWords) throw new UsageError(await usageMessage(error.message, words));
    throw error;
  }
}

/** The help text of a command, or of the whole program, as `--help` prints it. */
export async function helpText(command: string | null): Promise<string> {
  const words = command === null ? ['--help'] : [command, '--help'];
  return new Promise((resolve, reject) => {
    const show = (error: Error | undefined | null, _argv: unknown, output: string): void => {
      if (error == null) resolve(output);
      else reject(error);
    };
    void parser(words, () => undefined).parse([...words], {}, show);
  });
}

/** What yargs makes of wrong words, before it has been put into a sentence of ours. */
class WrongWords extends Error {
  override readonly name: string = 'WrongWords';
}

/** The mistake, the nearest thing that exists, and where to read more. */
async function usageMessage(message: string, words: readonly string[]): Promise<string> {
  const command = commandNames.find((name) => name === words[0]) ?? null;
  if (words.length === 0) return `${await helpText(null)}\n\nwhich command?`;
  const help = `   remedy: \`tidemark ${command === null ? '' : command + ' '}--help\` shows what there is`;
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/m.exec(message)?.[1]?.split(', ') ?? [];
  const mistakes = await Promise.all(unknown.map((word) => unknownWord(word, words, command)));
  return `${mistakes.length > 0 ? mistakes.join('\n') : await rephrased(message, command)}\n${help}`;
}

async function unknownWord(word: string, words: readonly string[], command: string | null): Promise<string> {
  if (command === null && word === words[0])
    return `there is no command "${word}"${await didYouMean(word, commandNames)}`;
  const option = words
    .map((given) => given.replace(/=.*/s, ''))
    .find((given) => given.replace(/^--?(no-)?/, '') === word && given !== word);
  if (option === undefined) return `"${word}" is one word too many`;
  return `there is no option ${option}${await didYouMean(option, await optionsOf(command))}`;
}

/** yargs' messages, several lines each, in our words. */
async function rephrased(message: string, command: string | null): Promise<string> {
  const text = message
    .trim()
    .split(/\s*\n\s*/)
    .join(' ');
  const choice = /Argument: (\S+), Given: "(.*?)", Choices: (.*)$/.exec(text);
  if (choice !== null) {
    const [, name = '', given = '', choices = ''] = choice;
    const known = Array.from(choices.matchAll(/"(.*?)"/g), ([, value = '']) => value);
    const place = (await optionsOf(command)).includes(`--${name}`) ? `--${name} ${given}` : `"${given}"`;
    return `${place}: not one of ${known.join(', ')}${await didYouMean(given, known)}`;
  }
  const option = /Not enough arguments following: (\S+)/.exec(text)?.[1];
  if (option !== undefined) return `--${option} needs a value`;
  if (text.startsWith('Not enough non-option arguments')) {
    const [usage = ''] = (await helpText(command)).split('\n');
    return `a word is missing: ${usage}`;
  }
  return text;
}

async function optionsOf(command: string | null): Promise<readonly string[]> {
  return Array.from((await helpText(command)).matchAll(/--[a-z][a-z-]*/g), ([option]) => option);
}

async function didYouMean(word: string, candidates: readonly string[]): Promise<string> {
  const { nearest } = await import('../models/nearest-word.ts');
  const letters = (text: string): string => Array.from(text).sort().join('');
  const near =
    nearest(word, candidates) ?? candidates.find((candidate) => letters(candidate) === letters(word)) ?? null;
  return near === null ? '' : ` - did you mean "${near}"?`;
}
