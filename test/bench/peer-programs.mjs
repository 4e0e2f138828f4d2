// The reference programs, when they are at hand: a folder with cpp/, ns3/ and simpy/, named by --peers or the variable PEERS. The
// driver builds them into a folder of its own and takes nothing from them into this tree. What cannot be built is left out,
// with a sentence that says why.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Events behind the warm-up: the reference hashes are those of five million. */
const PHOLD_EVENTS = 5_000_000;
const HOLD = [1_000_000, 7];

// Of the pending-event sets those are run that came out fastest in one of our cases.

/** Commands that print lines of the form of `measure.mjs`, by workload, and what was left out and why. */
export function peerPrograms(folder, buildFolder) {
  const missing = [];
  const peers = { A: [], B: [], D: [] };
  if (folder === undefined) {
    missing.push('no reference programs: name their folder with --peers or the variable PEERS');
    return { peers, missing };
  }
  const build = (name, source, words = []) => {
    const from = join(folder, source);
    const to = join(buildFolder, name);
    if (!existsSync(from)) return leaveOut(name, `${source} is not in the folder`);
    const { status, stderr, error } = spawnSync('g++', ['-O2', '-std=c++17', '-o', to, from, ...words], TEXT);
    if (status === 0) return to;
    return leaveOut(name, error?.code === 'ENOENT' ? 'g++ is not installed' : (stderr.trim().split('\n')[0] ?? ''));
  };
  const leaveOut = (name, why) => {
    missing.push(`${name} is left out: ${why}`);
    return null;
  };

  const hold = build('hold', 'cpp/hold.cpp');
  if (hold !== null)
    for (const pending of [100, 10_000, 1_000_000])
      for (const set of ['heap4', 'heap4fused', 'buckets', 'twotier']) peers.A.push([hold, set, pending, ...HOLD]);

  const phold = build('phold', 'cpp/phold.cpp');
  if (phold !== null)
    for (const size of PHOLD_SIZES)
      for (const set of ['heap4', 'buckets', 'twotier']) peers.B.push([phold, set, ...size, PHOLD_EVENTS]);

  const pipeline = build('pipeline', 'cpp/pipeline.cpp');
  if (pipeline !== null)
    for (const which of PIPELINES)
      for (const set of ['heap4', 'buckets', 'twotier', 'chan']) peers.D.push([pipeline, set, ...which, 7]);

  const flags = spawnSync('pkg-config', ['--cflags', 'ns3-core'], TEXT);
  const ns3 =
    flags.status === 0
      ? build('ns3', 'ns3/des_ns3.cc', [...flags.stdout.trim().split(/\s+/).filter(Boolean), '-lns3-core'])
      : leaveOut('ns-3', 'pkg-config knows no ns3-core');
  if (ns3 !== null)
    for (const set of ['heap', 'pq']) {
      for (const size of PHOLD_SIZES) peers.B.push([ns3, set, 'B', ...size, 2_000_000]);
      for (const which of PIPELINES) peers.D.push([ns3, set, 'D', ...which]);
    }

  const script = join(folder, 'simpy/des_simpy.py');
  const python = ['python3', '/usr/bin/python3'].find(
    (name) => spawnSync(name, ['-c', 'import simpy'], TEXT).status === 0,
  );
  if (python === undefined || !existsSync(script)) leaveOut('SimPy', 'no python3 here can import simpy');
  else {
    for (const size of PHOLD_SIZES) peers.B.push([python, script, 'B', 'callback', ...size, 300_000]);
    for (const [p, rate, mean] of PIPELINES) peers.D.push([python, script, 'D', 'callback', p, rate, mean, 10]);
  }
  return { peers: withTexts(peers), missing };
}

const TEXT = { encoding: 'utf8' };
const PHOLD_SIZES = [
  [1024, 1],
  [65_536, 16],
];
const PIPELINES = [
  [8, 1000, 0.005, 100],
  [8, 1000, 0.5, 100],
];

const withTexts = (peers) =>
  Object.fromEntries(
    Object.entries(peers).map(([bench, commands]) => [bench, commands.map((words) => words.map(String))]),
  );
