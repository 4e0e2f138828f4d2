// What is measured: groups of commands that run in turns, and the rows that are read off their figures. A row is
// {what, figure, ratio, goal}: texts as the table shows them.

const node = (script, ...words) => [process.execPath, `test/bench/${script}`, ...words];

/** With more room for what V8 inlines into one function: a setting a user may give, and no default of ours. */
const INLINING = '--max-inlined-bytecode-size-cumulative=3000';
const inlined = (script, ...words) => [process.execPath, INLINING, `test/bench/${script}`, ...words];

/** Families of reference programs, as the table names them. */
const FAMILIES = [
  ['cpp-', 'best C++'],
  ['ns3-', 'ns-3'],
  ['simpy-', 'SimPy'],
];

const times = (ratio) => `${ratio.toFixed(2)} ×`;
const millions = (mops, unit) => `${mops.toFixed(2)} M ${unit}/s`;

/** One row per case of ours, with its ratio to every family of reference programs that was run. */
function besidePeers(samples, { what, name, impl = 'tidemark', unit = 'events', goals = {} }) {
  const figure = millions(samples.median(name, impl), unit);
  const rows = FAMILIES.flatMap(([family, title]) => {
    const best = samples.best(name, family);
    if (best === null) return [];
    const ratio = times(samples.ratio(name, impl, [name, best]));
    const pace = samples.median(name, best).toFixed(2);
    return [
      { what, figure, ratio: `${ratio} ${title} (${best.slice(family.length)}, ${pace})`, goal: goals[family] ?? '' },
    ];
  });
  return rows.length > 0 ? rows : [{ what, figure, ratio: '', goal: '' }];
}

/** What a part of a run costs: the same run without it, or with something more. */
function besideTwin(samples, name, { what, impl = 'tidemark-as-is', twin, as, unit, goal }) {
  const ratio = samples.ratio(name, impl, [name, twin]);
  return { what, figure: millions(samples.median(name, impl), unit), ratio: as(ratio), goal };
}

const asShare = (ratio) => `costs ${((1 / ratio - 1) * 100).toFixed(1)} %`;
const asTimes = (ratio) => `costs ${times(1 / ratio)}`;

const D_SHORT = 'P=8 rate=1000 mean=0.005';
const D_LONG = 'P=8 rate=1000 mean=0.5';

/** Every group, in the order of the table; `peers` are the commands of the reference programs by workload. */
export function groupsOf(peers) {
  return [
    {
      name: 'hold',
      commands: [node('hold.mjs'), ...peers.A],
      rows: (samples) =>
        [100, 10_000, 1_000_000].flatMap((pending) =>
          besidePeers(samples, { what: `hold, ${pending.toLocaleString('en')} pending`, name: `N=${pending} rng` }),
        ),
    },
    {
      name: 'phold',
      commands: [node('peers.mjs', 'B'), inlined('peers.mjs', 'B'), ...peers.B],
      rows: (samples) =>
        [
          ['PHOLD, 1,024 × 1', 'L=1024 pop=1'],
          ['PHOLD, 65,536 × 16', 'L=65536 pop=16'],
        ].flatMap(([what, name]) => [
          ...besidePeers(samples, { what, name, goals: { 'cpp-': '≥ 0.5', 'ns3-': '≥ 1.5', 'simpy-': '≥ 1.5' } }),
          ...besidePeers(samples, { what: `${what}, \`node ${INLINING}\``, name, impl: 'tidemark-inlined' }),
        ]),
    },
    {
      name: 'pipeline',
      commands: [node('peers.mjs', 'D'), inlined('peers.mjs', 'D'), ...peers.D],
      rows: (samples) =>
        [
          ['pipeline 8→8→8, short delays', D_SHORT],
          ['pipeline 8→8→8, long delays', D_LONG],
        ].flatMap(([what, name]) => [
          ...besidePeers(samples, { what, name, goals: { 'cpp-': '≥ 0.45' } }),
          ...besidePeers(samples, { what: `${what}, \`node ${INLINING}\``, name, impl: 'tidemark-inlined' }),
        ]),
    },
    {
      name: 'flow-job',
      commands: [
        ...['as-is', 'no-digests', 'no-trace', 'traced', 'laws', 'unaligned', 'long-delays'].map((variant) =>
          node('flow-job.mjs', variant),
        ),
        ...peers.D.filter(([program]) => program.endsWith('pipeline')),
      ],
      rows: flowJobRows,
    },
    {
      name: 'samza',
      commands: ['as-is', 'no-digests', 'no-laws', 'traced', 'record-heavy'].map((variant) =>
        node('samza.mjs', variant),
      ),
      rows: samzaRows,
    },
    {
      name: 'search',
      commands: ['breadth', 'depth', 'reduced'].map((variant) => node('search.mjs', variant)),
      rows: (samples) =>
        ['breadth', 'depth', 'reduced'].map((order) => {
          const states = samples.median('two-source join', `tidemark-${order}`) * 1000;
          return {
            what: `search of the two-source join, ${order}`,
            figure: `${states.toFixed(1)} k states/s`,
            ratio: '',
            goal: '',
          };
        }),
    },
    campaign('check', ['check', '--runs', '20000'], '20,000 random runs of flink-aligned'),
    campaign('check-long', ['check', '--runs', '50000'], '50,000 of them', [1, 2]),
    campaign('sweep', ['sweep', 'iot-vehicles', '--replications', '100'], '4,000 runs of a day'),
    campaign('sweep-long', ['sweep', 'iot-vehicles', '--replications', '800'], '32,000 of them', [1, 2]),
    {
      name: 'start',
      commands: [
        { tidemark: null, name: 'node' },
        { tidemark: ['--help'], name: 'help' },
        { tidemark: ['run', '--horizon-s', '0.001'], name: 'run' },
      ],
      rows: (samples) => [
        startRow(samples, 'wall', { what: '`tidemark --help`, by the wall clock', name: 'help', goal: '< 150 ms' }),
        startRow(samples, 'cpu', { what: '`tidemark run`, up to the first event', name: 'run', goal: '< 1,000 ms' }),
      ],
    },
  ];
}

function flowJobRows(samples) {
  const unit = 'records';
  const cpp = { 'cpp-': '≥ 0.3' };
  const row = (what, more) => besideTwin(samples, D_SHORT, { what, unit, ...more });
  return [
    ...besidePeers(samples, {
      what: 'the same through flink-aligned, short delays',
      name: D_SHORT,
      impl: 'tidemark-as-is',
      unit,
      goals: cpp,
    }),
    ...besidePeers(samples, {
      what: 'the same through flink-aligned, long delays',
      name: D_LONG,
      impl: 'tidemark-long-delays',
      unit,
      goals: cpp,
    }),
    ...besidePeers(samples, {
      what: 'through flink-unaligned, short delays',
      name: D_SHORT,
      impl: 'tidemark-unaligned',
      unit,
    }),
    row('digests of a dataflow job', { twin: 'tidemark-no-digests', as: asShare, goal: '≤ 10 %' }),
    row('disabled trace of a dataflow job', { twin: 'tidemark-no-trace', as: asShare, goal: 'nothing' }),
    row('full trace of a dataflow job', {
      impl: 'tidemark-traced',
      twin: 'tidemark-as-is',
      as: asTimes,
      goal: '≤ 3 ×',
    }),
    row('laws Q1 and Q2 of a dataflow job', {
      impl: 'tidemark-laws',
      twin: 'tidemark-as-is',
      as: asTimes,
      goal: '≤ 2 ×',
    }),
  ];
}

function samzaRows(samples) {
  const unit = 'events';
  const name = 'default scenario';
  const row = (what, more) => besideTwin(samples, name, { what, unit, ...more });
  const figure = (each, impl) => millions(samples.median(each, impl), unit);
  return [
    { what: 'default Samza scenario', figure: figure(name, 'tidemark-as-is'), ratio: '', goal: '' },
    {
      what: 'the same at 50 times the rate',
      figure: figure('rate × 50', 'tidemark-record-heavy'),
      ratio: '',
      goal: '',
    },
    row('digests of a Samza job', { twin: 'tidemark-no-digests', as: asShare, goal: '≤ 10 %' }),
    row('laws and their ledgers of a Samza job', { twin: 'tidemark-no-laws', as: asTimes, goal: '≤ 2 ×' }),
    row('full trace of a Samza job', { impl: 'tidemark-traced', twin: 'tidemark-as-is', as: asTimes, goal: '≤ 3 ×' }),
  ];
}

/** One campaign with several numbers of workers, one first; the driver fails when their outputs differ. */
function campaign(name, words, what, numbers = [1, 2, 4]) {
  return {
    name,
    commands: numbers.map((workers) => ({
      tidemark: [...words, '--workers', String(workers)],
      name: `${name} ${workers}`,
      family: name,
    })),
    rows: (samples) =>
      numbers.slice(1).map((workers) => {
        const ratio = samples.ratio(`${name} 1`, 'wall', [`${name} ${workers}`, 'wall']);
        const seconds = samples.median(`${name} ${workers}`, 'wall') / 1000;
        return {
          what: `campaign, ${what}, ${workers} workers`,
          figure: `${seconds.toFixed(2)} s`,
          ratio: `${times(ratio)} as fast as one worker`,
          goal: workers === 2 ? '≥ 1.9 on two cores' : '',
        };
      }),
  };
}

function startRow(samples, clock, { what, name, goal }) {
  const milliseconds = samples.median(name, clock);
  const bare = samples.median('node', clock);
  return { what, figure: `${milliseconds.toFixed(0)} ms`, ratio: `an empty program: ${bare.toFixed(0)} ms`, goal };
}
