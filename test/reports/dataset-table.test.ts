// Table 1 from what a catalogue knows, beside what the paper prints.
import { expect, it } from 'vitest';
import { table1Of } from '../../activities/experiment-result.ts';
import {
  datasetCsv,
  datasetLatex,
  datasetMarkdown,
  datasetTable,
} from '../../reports/table/dataset-table.ts';

it('gives the paper’s numbers for the data sets that are read, and explains what differs', () => {
  const [blood, derma, path] = table1Of(['bloodmnist', 'dermamnist', 'pathmnist']);
  for (const { here, paper } of [blood, path]) {
    const { reference: _, ...facts } = paper!;
    expect(here).toEqual(facts);
  }
  expect(derma.here).toMatchObject({ n: 10015, classes: 2 });
  expect(derma.note).toMatch(/^classes 7 in the paper; scored by 2 classes/);
});

it('stands in for data sets without a reader, and marks those that the paper has not', () => {
  const zoo = { title: 'Zoo', count: 1234, imageSize: [28, 32], classes: ['a', 'b'] } as const;
  const rows = datasetTable(['leukemia', 'zoo'], name => (name === 'zoo' ? zoo : undefined));
  expect(rows[0]).toMatchObject({
    here: null,
    paper: { n: 18365 },
    note: 'no reader yet: the paper’s numbers',
  });
  expect(datasetMarkdown(rows).split('\n').slice(2)).toEqual([
    '| Leukemia | 28×28 | 18,365 | 15 | Matek et al. 2019a | no reader yet: the paper’s numbers |',
    '| Zoo | 28×32 | 1,234 | 2 |  | not in the paper’s Table 1 |',
  ]);
  expect(datasetCsv(rows).split('\r\n').slice(1)).toEqual([
    'Leukemia,28,28,18365,15,Matek et al. 2019a,no reader yet: the paper’s numbers',
    'Zoo,28,32,1234,2,,',
    '',
  ]);
  expect(datasetLatex(rows).split('\n').slice(2, 7)).toEqual([
    '\\toprule',
    'data set & image dim. & sample size & classes & reference \\\\',
    '\\midrule',
    'Leukemia & 28$\\times$28 & 18,365 & 15 & Matek et al. 2019a \\\\',
    'Zoo & 28$\\times$32 & 1,234 & 2 &  \\\\',
  ]);
});
