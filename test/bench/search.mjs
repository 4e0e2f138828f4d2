// Exhaustive search of the two-source join with one crash under `flink-aligned`, all laws asked: states per second of
// processor time, with the memory for young objects that the command line gives its worker.
//
//   breadth, depth, reduced
//
// Run from the compiled program: `npm run build`, then `node test/bench/search.mjs breadth`.
import { subjectOf, worldOf } from '../../dist/models/dataflow/subject.js';
import { FAULT_KINDS, joinTopology, PEACE } from '../../dist/models/dataflow/topology.js';
import { flinkAligned } from '../../dist/models/protocols/flink-aligned.js';
import { explore } from '../../dist/sim/explore.js';
import { medianRate, print } from './measure.mjs';

const REPEATS = 1;

const variants = { breadth: {}, depth: { order: 'depth' }, reduced: { reduction: 1 } };

const [variant = 'breadth'] = process.argv.slice(2);
const join = worldOf(subjectOf(flinkAligned), { topology: joinTopology(), environment: { ...PEACE, crashes: 1 } });
let states = 0;
const mops = medianRate(REPEATS, () => {
  ({ states } = explore(join, { faultKinds: FAULT_KINDS, ...variants[variant] }));
  return states;
});
print('search', { impl: `tidemark-${variant}`, name: 'two-source join', mops }, { states });
