// The same random cases on every run: property tests draw from a fixed seed unless FC_SEED says otherwise (a nightly run
// sets a fresh one and prints it), and the seed never enters a test's title.
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 1), numRuns: 200 });
