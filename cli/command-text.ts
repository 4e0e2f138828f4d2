/** Commands as text that can be pasted into a shell. */

/** One word for a POSIX shell; quoted only where it must be. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** The program's name and its words. */
export function commandText(words: readonly string[]): string {
  return ['tidemark', ...words].map(shellWord).join(' ');
}
