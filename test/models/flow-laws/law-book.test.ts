// The 25 laws of anchors.md §6.1: each has its file and its line in the table, and no protocol is held to one that is not listed.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { FLOW_LAWS, lawsFor } from '../../../models/dataflow/laws/index.ts';
import { TOPOLOGY_NAMES, topologyOf } from '../../../models/dataflow/plans.ts';
import { PROTOCOL_LAWS } from '../../../models/protocol-laws.ts';
import { PROTOCOLS } from '../../../models/protocols/index.ts';

const FOLDER = 'models/dataflow/laws/';

const IDS = 'C1 C2 C3 C4 C5 D1 D2 D3 E1 E2 E3 E4 E5 M1 M2 S1 S2 S3 L1 L2 L3 Q1 Q2 X1 X2';

test('there are 25 laws, in teaching order', () => {
  expect(PROTOCOL_LAWS.map(({ id }) => id).join(' ')).toBe(IDS);
});

test('the table has a line for each, with a file that is there and about that law', () => {
  const lines = readFileSync(`${FOLDER}README.md`, 'utf8').split('\n');
  const rows = lines.flatMap((line) => /^\| ([A-Z]\d) .*`([^`]+)`/.exec(line)?.slice(1) ?? []);
  expect(rows.filter((_, i) => i % 2 === 0).join(' ')).toBe(IDS);
  for (let i = 0; i < rows.length; i += 2) {
    const [id, file] = [rows[i]!, rows[i + 1]!];
    const path = file.includes('/') ? file : FOLDER + file;
    expect(existsSync(path), path).toBe(true);
    expect(readFileSync(path, 'utf8'), path).toContain(id);
  }
  const files = rows.filter((_, i) => i % 2 === 1);
  expect(new Set(files).size, 'one file each').toBe(files.length);
});

test('every law a protocol is held to is one of them', () => {
  const known = new Set(FLOW_LAWS.map(({ id }) => id));
  const held = new Set<string>();
  for (const protocol of Object.values(PROTOCOLS)) {
    for (const name of TOPOLOGY_NAMES) {
      for (const sink of ['two-phase', 'idempotent', 'plain'] as const) {
        for (const { id } of lawsFor(protocol, topologyOf(name, { sink }))) held.add(id);
      }
    }
  }
  expect([...held].filter((id) => !known.has(id))).toEqual([]);
  expect(held.size).toBe(known.size);
});
