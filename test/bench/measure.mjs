// Processor time of work done here, the median, and the line in which every benchmark of this folder tells its figure, the
// form of the reference programs: {"bench", "impl", "case", "mops", ...facts}; mops is million events, records or states per
// second of processor time. Processor time, because the machine may be shared.

/** Microseconds of processor time, user and system, that `work` takes. */
export function cpuMicros(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Million a second: the median of so many runs, behind one that warms up. `run` returns how much it did. */
export function medianRate(repeats, run) {
  run();
  return median(
    Array.from({ length: repeats }, () => {
      let done = 0;
      const micros = cpuMicros(() => (done = run()));
      return done / micros;
    }),
  );
}

/** `facts` are the same in every run of the case; a hash among them is compared with that of the reference programs. */
export function print(bench, { impl = 'tidemark', name, mops }, facts = {}) {
  console.log(JSON.stringify({ bench, impl, case: name, mops: Number(mops.toPrecision(5)), ...facts }));
}
