// Claims about exports: what is read back from them is what the results say, in Parquet and as text; NumPy's texts are its own bytes.
import { parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { encodeNpyTexts } from '../../numeric/arrays/npy-texts.ts';
import { exportedTables, tableCsv, tableParquet } from '../../reports/table/exported-tables.ts';
import { resultsTable } from '../../reports/table/results-table.ts';
import { madeUpResult } from './made-up-result.ts';

it('rows, cells and embeddings are read back as they are', async () => {
  const result = madeUpResult(120);
  const tables = exportedTables(result);
  const back = await Promise.all(
    tables.map(table => parquetReadObjects({ file: Uint8Array.from(tableParquet(table)).buffer })),
  );
  const [rows, cells, points] = back;
  const ours = resultsTable(result).rows;
  expect(rows.map(({ method, knn }) => [method, knn ?? null])).toEqual(
    ours.map(row => [row.method, row.knn.mean]),
  );
  expect(cells.map(({ address }) => address)).toEqual(result.cells.map(({ address }) => address));
  const [embedded] = result.cells.filter(cell => cell.embedding && result.datasets[cell.dataset]);
  const own = points.filter(({ address }) => address === embedded.address);
  expect(own.flatMap(({ x, y }) => [x, y])).toEqual([...embedded.embedding!.data]);
  for (const table of tables) {
    const lines = tableCsv(table).trimEnd().split('\r\n');
    expect(lines).toHaveLength(table.columns[0].data.length + 1);
    expect(lines[0]).toBe(table.columns.map(({ name }) => name).join(','));
  }
});

it('texts are NumPy’s', () => {
  // numpy.save of numpy.array(['é', 'ab', '😀']): its header, then four bytes a code point
  const bytes = encodeNpyTexts(['é', 'ab', '😀']);
  const header = new TextDecoder().decode(bytes.subarray(10, bytes.length - 24));
  expect(header).toContain("'descr': '<U2', 'fortran_order': False, 'shape': (3,)");
  const points = new Uint32Array(bytes.slice(-24).buffer);
  expect([...points]).toEqual([0xe9, 0, 0x61, 0x62, 0x1f600, 0]);
});
