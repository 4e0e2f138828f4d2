// `tidemark mutants` as a user meets it: the kill matrix and its document.
import { describe, expect, it } from 'vitest';
import { ALL_MUTANTS, TIMED_MUTANTS } from '../../models/mutants/index.ts';
import { tidemark } from './tidemark.ts';

interface Document {
  readonly as_expected: boolean;
  readonly mutants: readonly {
    readonly name: string;
    readonly status: string;
    readonly law: string;
    readonly steps: number;
  }[];
}

const few = ['mutants', '--name', 'completeMissingAck', '--name', 'staleAck'];

describe('the matrix', () => {
  it('says who is killed by which law in how many steps, and why another is not', () => {
    const { code, stdout } = tidemark(few);
    expect(stdout).toContain('AS EXPECTED  1 of 2 killed, 1 redundant guard, 0 survived');
    expect(stdout).toMatch(/completeMissingAck +flink-aligned +killed +C1 +8 +swarm/);
    expect(stdout).toContain('staleAck: redundant-guard: ids are never used twice');
    expect(code).toBe(0);
  });

  it('is one JSON document with name, status, law and steps', () => {
    const { mutants, as_expected } = JSON.parse(tidemark([...few, '--json']).stdout) as Document;
    expect(as_expected).toBe(true);
    expect(mutants.map(({ name, status, law }) => [name, status, law])).toEqual([
      ['completeMissingAck', 'killed', 'C1'],
      ['staleAck', 'redundant-guard', 'M2'],
    ]);
    expect(mutants[0]!.steps).toBe(8);
  });

  it('fails when the effort is too small to kill', () => {
    const { code, stdout } = tidemark(['mutants', '--name', 'noAlign', '--runs', '0', '--max-states', '10']);
    expect(stdout).toContain('NOT AS EXPECTED  0 of 1 killed, 1 survived');
    expect(stdout).toContain('no law noticed');
    expect(code).toBe(1);
  });

  it('can be had for the effects of a protocol', () => {
    const name = 'skip task uploaded tell(ack)';
    const { code, stdout } = tidemark(['mutants', 'chandy-lamport', '--effects', '--name', name]);
    expect(stdout).toMatch(/task uploaded tell\(ack\) +L1 in \d+/);
    expect(code).toBe(0);
  });
});

describe('the list', () => {
  it('has every mutant and what is broken in it', () => {
    const { stdout } = tidemark(['mutants', '--list', '--json']);
    const { mutants } = JSON.parse(stdout) as Document;
    expect(mutants.map(({ name }) => name)).toEqual([...ALL_MUTANTS, ...TIMED_MUTANTS].map(({ name }) => name));
  });

  it('has only those of one protocol when it is named', () => {
    const { stdout } = tidemark(['mutants', 'chandy-lamport', '--list']);
    expect(stdout).toContain('forgetChannelState');
    expect(stdout).not.toContain('commitOnBarrier');
  });
});

describe('wrong usage is answered with exit code 2 and a sentence', () => {
  it.each([
    [['--name', 'noaling'], 'there is no mutant "noaling" - did you mean "noAlign"?'],
    [['lai-yang'], 'the catalogue has no mutants of lai-yang'],
    [['flink-aligned', '--name', 'wrongGate'], 'the catalogue has no such mutant of flink-aligned'],
    [['--runs', '-1'], '--runs must be a whole number from 0'],
  ])('mutants %j', (words, message) => {
    const { code, stdout, stderr } = tidemark(['mutants', ...words]);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('the matrix the other way round', () => {
  it('says what each law is needed for, and fails when the effort is too small to see it', () => {
    const { code, stdout } = tidemark(['mutants', '--transposed', '--runs', '5', '--max-states', '50', '--json']);
    const document = JSON.parse(stdout) as { as_expected: boolean; laws: { law: string; alone: string[] }[] };
    expect(document.as_expected).toBe(false);
    expect(document.laws.find(({ law }) => law === 'D1')!.alone).toContain('notifyAtFirstAck');
    expect(code).toBe(1);
  });

  it('takes the whole catalogue only', () => {
    const { code, stderr } = tidemark(['mutants', '--transposed', '--name', 'noAlign']);
    expect(stderr).toContain('--transposed: takes the whole catalogue');
    expect(code).toBe(2);
  });
});
