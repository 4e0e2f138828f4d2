// `--set dotted.path=value`: what it can change, and what a wrong one is told.
import { describe, expect, it } from 'vitest';
import { goodJob, load, loadText, planOf, textOf } from './files.ts';

const base = `${goodJob}horizon_s: 100
load: { kind: rate, rate_per_s: 20, arrivals: bursty, burst_on_s: 5 }
expect: { verdict: violated, law: O1 }
faults:
  plan:
    - { kind: container-crash, at_s: 50, container: 0 }
    - { kind: job-restart, at_s: 60, samza: { task.commit.ms: 5000 } }
`;
const csv = 'timestamp,value\n2015-02-26 21:42:53,104\n2015-02-26 21:47:53,0\n';
const set = (...sets: string[]) => loadText(base, { 'a.csv': csv, 'sub/a.csv': csv }, sets);

describe('an option', () => {
  it('changes a number, a word, an entry of a list, a section', () => {
    const plan = planOf(
      set('load.rate_per_s=50', 'ties=shuffled', 'faults.plan.0.container=1', 'cluster={hosts: 7}', 'seed=abc'),
    );
    expect(plan.load).toMatchObject({ perSecond: 50 });
    expect(plan.ties).toBe('shuffled');
    expect(plan.faults[0]).toMatchObject({ container: 1 });
    expect(plan.cluster.hosts).toBe(7);
    expect(plan.seed).toBe('abc');
  });

  it('adds to a list, and empties it', () => {
    expect(planOf(set('faults.plan.2={kind: am-crash, at_s: 5}')).faults).toHaveLength(3);
    expect(planOf(set('faults.plan[2].kind=am-crash', 'faults.plan[2].at_s=5')).faults).toHaveLength(3);
    expect(planOf(set('faults.plan=[]')).faults).toEqual([]);
  });

  it('sets Samza’s keys, dots and all, as they would stand in a .properties file', () => {
    const { samza } = planOf(set('job.samza.task.commit.ms=1000', 'job.samza.task.checkpoint.write.versions=2,1')).job;
    expect(samza.commitMicros).toBe(1_000_000);
    expect(samza.writeVersions).toEqual([2, 1]);
    const redeployed = planOf(set('faults.plan.1.samza.task.commit.ms=7000')).faults[1];
    expect(redeployed).toMatchObject({ samza: { commitMicros: 7_000_000 } });
  });

  it('given twice, the last one counts', () => {
    expect(planOf(set('load.rate_per_s=1', 'load.rate_per_s=2')).load).toMatchObject({ perSecond: 2 });
  });

  it('with another verdict drops the law of the old one', () => {
    expect(planOf(set('expect.verdict=holds')).expect).toEqual({ kind: 'holds' });
    expect(planOf(set('expect.law=E2')).expect).toEqual({ kind: 'violated', law: 'E2' });
  });

  it('leaves every other value of the plan alone', () => {
    const { seed, ...rest } = planOf(set());
    expect(seed).toBe('1');
    expect(planOf(set('seed=2'))).toEqual({ ...rest, seed: '2' });
  });
});

describe('load.trace', () => {
  it('turns a rate scenario into one that plays the trace, to its end', () => {
    const result = set('load.trace=a.csv');
    const plan = planOf(result);
    expect(plan.load).toMatchObject({ kind: 'trace', arrivals: 'poisson', counts: [104, 0] });
    expect(plan.horizonMicros).toBe(600_000_000);
    expect(result.kind === 'loaded' && result.notes.join(' ')).toContain('the run lasts as long as the trace');
  });

  it('keeps a horizon that is an option too', () => {
    expect(planOf(set('load.trace=a.csv', 'horizon_s=7')).horizonMicros).toBe(7_000_000);
  });

  it('is a path from the current directory, while one in the file starts beside the file', () => {
    const files = {
      'a.csv': csv,
      'sub/a.csv': `${csv}2015-02-26 21:52:53,1\n`,
      'sub/s.yaml': 'load: { trace: a.csv }\n',
    };
    expect(planOf(load(files, 'sub/s.yaml')).load).toMatchObject({ counts: [104, 0, 1] });
    expect(planOf(load(files, 'sub/s.yaml', ['load.trace=a.csv'])).load).toMatchObject({ counts: [104, 0] });
  });

  it('gives way to a rate that is an option', () => {
    const plan = planOf(loadText('load: { trace: a.csv }\n', { 'a.csv': csv }, ['load.rate_per_s=5']));
    expect(plan.load).toMatchObject({ kind: 'rate', perSecond: 5 });
  });
});

describe('a wrong option is told', () => {
  it.each([
    ['an unknown key', 'load.rat=5', 'load.rat=5: unknown key - did you mean "load.rate_per_s"?'],
    ['an unknown section', 'loda.rate_per_s=5', 'loda.rate_per_s=5 loda: unknown key - did you mean "load"?'],
    ['a key of another section', 'rate_per_s=5', 'rate_per_s=5: unknown key - did you mean "load.rate_per_s"?'],
    ['a wrong value', 'load.rate_per_s=fast', 'load.rate_per_s=fast: must be a number, found "fast" (text)'],
    ['a negative rate', 'load.rate_per_s=-1', 'load.rate_per_s=-1: must be at least 0, found -1'],
    ['NaN', 'load.rate_per_s=.nan', 'load.rate_per_s=.nan: must be a number, found NaN'],
    ['no value', 'load.rate_per_s', 'load.rate_per_s: has no value'],
    ['no path', '=5', '=5: is not a dotted path'],
    ['an empty step in the path', 'load..kind=rate', 'load..kind=rate: is not a dotted path'],
    ['a key below a value', 'load.kind.x=5', 'load.kind.x=5: load.kind is a single value, it has no keys'],
    ['a place behind the list', 'faults.plan.9.kind=am-crash', 'it has entries 0 to 1'],
    ['a word for a place', 'faults.plan.last=5', 'faults.plan is a list'],
    ['__proto__', '__proto__.polluted=1', '__proto__.polluted=1 __proto__: unknown key'],
    ['a value for a section', 'job=5', 'job=5: must be a section with keys, found 5'],
    [
      'an unknown key of Samza',
      'job.samza.task.comit.ms=5',
      'is not a configuration key of Samza - did you mean "task.commit.ms"?',
    ],
    [
      'a wrong value for Samza',
      'job.samza.task.commit.ms=1x',
      'job.samza.task.commit.ms=1x: must be a whole number (ms), found "1x"',
    ],
    [
      'a container that is not',
      'faults.plan.0.container=9',
      'faults.plan.0.container=9: is 9, but the scenario has 2 containers',
    ],
    ['a trace that is not', 'load.trace=nope.csv', 'load.trace=nope.csv: trace nope.csv: no such file'],
    ['a properties file that is not', 'job.properties=x', 'job.properties=x: properties file x: no such file'],
  ])('%s', (_, option, expected) => {
    const said = textOf(set(option));
    expect(said).toContain(`--set ${option}`);
    expect(said).toContain(expected);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('beside a mistake in the file', () => {
    const said = textOf(loadText('horizon_s: 0\n', {}, ['seed=1.5']));
    expect(said).toContain('--set seed=1.5: must be text or a whole number');
    expect(said).toContain('bad.yaml:1:12 horizon_s: must be more than 0');
  });
});
