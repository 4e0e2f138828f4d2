/** `docs/cli.md`, made from the definitions of the commands, so that it cannot say anything else than `--help`. */
import { exitCode } from './exit.ts';
import { commandNames, helpText } from './parse.ts';

const meanings: Readonly<Record<keyof typeof exitCode, string>> = {
  done: 'the verdict holds, or the command did what it was asked',
  violated: 'a law is violated, or an expectation was not met (`replay --same`)',
  badInput: 'wrong usage, or a file with mistakes in it; nothing was run and nothing was written',
  unknown: 'the run gives no answer: it was cut off, or stdout was closed before its end',
  internal: 'a fault of Tidemark; the message has the command to report, `TIDEMARK_DEBUG=1` adds a stack trace',
  interrupted: 'Ctrl-C; no file was written, but by `tune` and `sweep`, which keep finished runs and say how to go on',
};

/** The whole page. */
export async function cliDocumentation(): Promise<string> {
  const commands = await Promise.all(commandNames.map(async (name) => `## ${name}\n\n${fenced(await helpText(name))}`));
  const codes = Object.entries(exitCode).map(
    ([name, code]) => `- **${code}**: ${meanings[name as keyof typeof exitCode]}`,
  );
  return (
    [
      '# Command line',
      '<!-- Written by `npm run docs` from cli/commands; edit those. -->',
      fenced(await helpText(null)),
      '## What goes where',
      [
        '- **stdout** has the answer: a report for people, or with `--json` exactly one JSON document. The same scenario, seed',
        '  and version give the same bytes on every machine.',
        '- **stderr** has everything else: mistakes, notes, and progress once a command takes longer than a second.',
        '- **Files** are written under a temporary name and renamed when they are complete.',
        '- Colour follows the terminal, `NO_COLOR` and `FORCE_COLOR`.',
        '- A trace line is `<simulated seconds> <action id>  <what happened>`; ids are stable between runs.',
      ].join('\n'),
      '## Exit codes',
      codes.join('\n'),
      ...commands,
    ].join('\n\n') + '\n'
  );
}

function fenced(text: string): string {
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\``;
}
