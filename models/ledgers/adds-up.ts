/** Conservation of time, asked at the end of every run of every simulator: a run whose books do not balance has no outcome. */

/**
 * Each part is a whole number of microseconds, none is negative, and together they are all the time there was: exactly, since
 * sums of whole numbers are not rounded. Throws Error with the whole account otherwise; that is a fault of Tidemark.
 */
export function assertAddsUp(whose: string, parts: Readonly<Record<string, number>>, totalMicros: number): void {
  let sum = 0;
  let isSound = true;
  for (const name in parts) {
    const micros = parts[name]!;
    sum += micros;
    isSound &&= Number.isSafeInteger(micros) && micros >= 0;
  }
  if (isSound && sum === totalMicros) return;
  const account = Object.entries(parts)
    .map(([name, micros]) => `${name} ${micros}`)
    .join(' + ');
  const why = isSound ? `is ${sum} µs of ${totalMicros} µs` : 'has a part that is no whole number of µs from 0 on';
  throw new Error(`the time budget of ${whose} does not add up: ${account} ${why}`);
}
