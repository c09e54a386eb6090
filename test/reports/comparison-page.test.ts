// The page of two experiments as text: both scores, their difference, the settings that differ, and what it lets one look at.
import { expect, it } from 'vitest';
import { comparePair, compareRows, type Side } from '../../reports/comparison/comparison.ts';
import { comparisonPage } from '../../reports/comparison/comparison-page.ts';
import type { ExperimentResult } from '../../reports/result.ts';
import { resultsTable, rowAddress } from '../../reports/table/results-table.ts';
import { hostileResult, madeUpResult } from './made-up-result.ts';

const result = madeUpResult(50);

const sidesOf = (name: string, { cells, ...rest }: ExperimentResult, epochs: number): Side[] =>
  resultsTable({ ...rest, cells }).rows.map(row => ({
    place: `${name}/${rowAddress(row)}`,
    row,
    steps: [{ step: 'train', settings: { epochs, batchSize: 256 } }],
  }));

function pageOf(a: ExperimentResult, b: ExperimentResult, epochs: [number, number] = [60, 1000]): string {
  const rows = compareRows(sidesOf('quick', a, epochs[0]), sidesOf('desk', b, epochs[1]));
  return comparisonPage(
    { name: 'quick', result: a },
    { name: 'desk', result: b, report: '../../desk/index.html' },
    rows,
  );
}

it('has both scores of every row and their difference, and changes with them', () => {
  const better = {
    ...result,
    cells: result.cells.map(cell => ({ ...cell, knn: cell.knn && cell.knn + 0.05 })),
  };
  expect(pageOf(result, better)).toMatch(
    /t-simcne\/rot90<\/th><td>69\.8<\/td><td>74\.9<\/td>\s*<td>\+5\.0<\/td><td>0\.17<\/td><td>0\.17<\/td>\s*<td>\+0\.00/,
  );
  expect(pageOf(result, result)).toMatch(/t-simcne\/rot90<\/th><td>69\.8<\/td><td>69\.8<\/td>\s*<td>\+0\.0</);
});

it('names the settings that differ, once, or says that none does', () => {
  const page = pageOf(result, result);
  expect(page.match(/train\.epochs<\/th><td>60<\/td><td>1000<\/td><td>all rows/g)).toHaveLength(1);
  expect(page).not.toContain('train.batchSize');
  expect(pageOf(result, result, [60, 60])).toContain('All settings are the same.');
});

it('lets one look at rows that have embeddings on both sides, and leads to a report that is there', () => {
  const page = pageOf(result, result);
  const address = 'bloodmnist/t-simcne/rot90/seed-1';
  expect(page).toContain(`href="#a=a/${address}&#38;b=b/${address}"`);
  expect(page).toContain(`<option value="b/${address}" data-root="b/" data-address="${address}"`);
  expect(page.match(/>look</g)).toHaveLength(7);
  expect(page).toContain('href="../../desk/index.html"');
});

it('compares two cells, too, and says where there is nothing to look at', () => {
  const [a, b] = [result, { ...result, cells: result.cells.slice(-1) }];
  const [left, right] = [sidesOf('quick', a, 1)[1], sidesOf('quick', b, 1)[0]];
  const page = comparisonPage({ name: 'A', result: a }, { name: 'B', result: b }, [comparePair(left, right)]);
  expect(page).toContain('t-simcne/rot90 | bloodmnist/resnet152-tsne</th>');
  expect(page).toContain('There is no embedding on one of the sides yet.');
  expect(page).not.toContain('<script src');
});

it('lets no text of a result become markup', () => {
  const page = pageOf(hostileResult(), hostileResult());
  expect(page).not.toMatch(/<(img|b)\b[^>]*hack/i);
  expect(page).not.toContain('</script><img');
});
