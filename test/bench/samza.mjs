// The default scenario, a Samza job with a crash, as the library runs it: events per second of processor time.
//
//   as-is         digests, ledgers and laws on, as in every run
//   no-digests    without what feeds the digests
//   no-laws       no law evaluated, nothing put into the ledgers that only laws read
//   traced        every event described
//   record-heavy  fifty times the rate and no failure, where the path of a record is nearly all there is
//
// Run from the compiled program: `npm run build`, then `node test/bench/samza.mjs as-is`.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { medianRate, print } from './measure.mjs';
import { checkEmpty, programWithout } from './program-without.mjs';

const [variant = 'as-is'] = process.argv.slice(2);
const program = variant === 'no-digests' ? programWithout('digests') : new URL('../../dist/', import.meta.url);
const load = async (path) => import(new URL(path, program).href);
const { RollingDigest } = await load('sim/digest.js');
const { simulate } = await load('models/index.js');
const { LawBook } = await load('models/laws/law-book.js');
const { RecordLedger } = await load('models/ledgers/record-ledger.js');
const { catalog, DEFAULT_SCENARIO, loadScenario } = await load('scenarios/index.js');

const REPEATS = 9;

function plan(sets = []) {
  const { file } = catalog.find(({ name }) => name === DEFAULT_SCENARIO);
  const path = fileURLToPath(new URL(`../../scenarios/${file}`, import.meta.url));
  const loaded = loadScenario({ path, text: readFileSync(path) }, { readFile: (from) => readFileSync(from), sets });
  if (loaded.kind === 'errors') throw new Error(JSON.stringify(loaded.errors));
  return loaded.plan;
}

const DEFAULT = 'default scenario';

const variants = {
  'as-is': () => measure(DEFAULT, plan()),
  'no-digests': () =>
    measure(DEFAULT, plan(), { after: ({ digests }) => checkEmpty(digests, new RollingDigest().hex()) }),
  'no-laws': () => {
    LawBook.prototype.check = () => {};
    for (const name of ['output', 'owesNoOutput', 'outputLost']) RecordLedger.prototype[name] = () => {};
    const after = ({ laws }) => {
      if (laws.some(({ checked }) => checked > 0)) throw new Error('a law was evaluated');
    };
    return measure(DEFAULT, plan(), { after });
  },
  traced: () => {
    let characters = 0;
    const onEvent = ({ id, text }) => (characters += id.length + text.length);
    const after = () => {
      if (characters === 0) throw new Error('nothing was described');
    };
    return measure(DEFAULT, plan(), { options: { onEvent }, after });
  },
  'record-heavy': () => measure('rate × 50', { ...plan(['load.rate_per_s=1000', 'horizon_s=300']), faults: [] }),
};

function measure(name, of, { options = {}, after = () => {} } = {}) {
  let facts;
  const mops = medianRate(REPEATS, () => {
    const outcome = simulate(of, options);
    after(outcome);
    facts = { events: outcome.events, ...outcome.digests };
    return outcome.events;
  });
  return { name, mops, facts };
}

const { name, mops, facts } = variants[variant]();
print('samza', { impl: `tidemark-${variant}`, name, mops }, facts);
