import { describe, expect, it } from 'vitest';
import { crashCellReport, crashMatrixReport, length, MATRIX_WIDTH, plain } from '../../reports/index.ts';
import { matrix } from './fixtures.ts';

const context = { version: '0.1.0', seed: '1', command: 'tidemark crash-matrix samza', style: plain };
const row = matrix.rows[1]!;
const losing = {
  ...matrix,
  rows: [
    matrix.rows[0]!,
    { ...row, cells: row.cells.map((cell, i) => (i === 0 ? { ...cell, lost_inputs: 3 } : cell)) },
  ],
};

describe('the crash matrix', () => {
  it('is pinned', async () => {
    await expect(crashMatrixReport(matrix, context)).toMatchFileSnapshot('golden/crash-matrix.txt');
  });

  it('fits its width', () => {
    for (const line of crashMatrixReport(losing, context).split('\n'))
      expect(length(line)).toBeLessThanOrEqual(MATRIX_WIDTH);
  });

  it('says in a cell, and after the table, where input is lost', () => {
    const text = crashMatrixReport(losing, context);
    expect(text).toContain('LOST 3');
    expect(text).toContain('Input is lost at P9.');
    expect(crashMatrixReport(matrix, context)).toContain('No row loses input.');
  });
});

describe('one cell', () => {
  it('is pinned', async () => {
    const text = crashCellReport(matrix, row, row.cells[3]!, {
      ...context,
      command: 'tidemark crash-matrix samza --point P9 --column tx',
    });
    await expect(text).toMatchFileSnapshot('golden/crash-cell.txt');
  });

  it('puts the facts of several crashes side by side', () => {
    const facts = { 'X [1: same host]': 4_191, 'restored from [1: same host]': 'local', 'X [2: new host]': 4_192 };
    const text = crashCellReport(matrix, row, { ...row.cells[3]!, facts }, context);
    expect(text).toContain('  crash          1: same host  2: new host\n');
    expect(text).toContain('  X              4,191         4,192\n');
    expect(text).toContain('  restored from  local\n');
  });
});
