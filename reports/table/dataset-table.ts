// Table 1, "Used datasets": what the catalogue knows of an experiment's data sets, beside what the paper prints.
import { table1 } from '../../experiments/paper-numbers.ts';
import { latexLine, latexTable, latexText } from '../exhibits/latex.ts';
import { csvText } from './csv.ts';
import { countText } from './score-text.ts';

/** Image dimensions in pixels, sample size, classes. */
export interface DatasetFacts {
  readonly height: number;
  readonly width: number;
  readonly n: number;
  readonly classes: number;
}

/** One data set; `here` is null where there is no reader, `paper` where the paper has no such data set. */
export interface DatasetRow {
  readonly dataset: string;
  readonly title: string;
  readonly here: DatasetFacts | null;
  readonly paper: (DatasetFacts & { readonly reference: string }) | null;
  /** What differs from the paper, and why; null where nothing does. */
  readonly note: string | null;
}

/** What a catalogue of data sets tells of one. */
export interface KnownDataset {
  readonly title: string;
  readonly count: number;
  readonly imageSize: readonly [height: number, width: number];
  readonly classes: readonly unknown[];
}

/** Differences that are meant. */
const explained: Record<string, string> = {
  leukemia: 'published at 224×224 and 400×400; prepared at 28×28, as in the paper’s section 3',
  dermamnist: 'scored by 2 classes, melanocytic nevi against all other, as in the paper’s section 3',
};

/** A row for each name, in the order given. */
export function datasetTable(
  names: readonly string[],
  known: (name: string) => KnownDataset | undefined,
): DatasetRow[] {
  return names.map(dataset => {
    const printed = table1.rows.find(row => row.dataset === dataset);
    const found = known(dataset);
    const here = found ? factsOf(found) : null;
    const paper = printed
      ? {
          height: printed.height,
          width: printed.width,
          n: printed.n,
          classes: printed.classes,
          reference: printed.reference,
        }
      : null;
    return {
      dataset,
      title: found?.title ?? printed?.title ?? dataset,
      here,
      paper,
      note: noteOn(dataset, here, paper),
    };
  });
}

/** The table as lines of columns: data set, image dimensions, sample size, classes, reference, note. */
export function datasetLines(rows: readonly DatasetRow[]): string[][] {
  return [
    ['data set', 'image dim.', 'sample size', 'classes', 'reference', ''],
    ...rows.map(({ title, here, paper, note }) => {
      const facts = here ?? paper;
      if (!facts) return [title, '', '', '', '', note ?? ''];
      return [
        title,
        `${facts.height}×${facts.width}`,
        countText(facts.n),
        String(facts.classes),
        paper?.reference ?? '',
        note ?? (paper ? 'as in the paper' : 'not in the paper’s Table 1'),
      ];
    }),
  ];
}

/** Table 1 in Markdown. */
export function datasetMarkdown(rows: readonly DatasetRow[]): string {
  const [headings, ...lines] = datasetLines(rows);
  const line = (texts: string[]) => `| ${texts.join(' | ')} |`;
  return [line(headings), '|---|---:|---:|---:|---|---|', ...lines.map(line)].join('\n');
}

/** Table 1 for other programs: numbers as numbers. */
export function datasetCsv(rows: readonly DatasetRow[]): string {
  const lines = rows.map(({ title, here, paper, note }) => {
    const { height = null, width = null, n = null, classes = null } = here ?? paper ?? {};
    return [title, height, width, n, classes, paper?.reference ?? null, note];
  });
  return csvText([['dataset', 'height', 'width', 'n', 'classes', 'reference', 'note'], ...lines]);
}

/** Table 1 in LaTeX, with the paper's columns; notes are no part of them. */
export function datasetLatex(rows: readonly DatasetRow[]): string {
  const [headings, ...lines] = datasetLines(rows).map(texts => latexLine(texts.slice(0, -1).map(latexText)));
  return latexTable('Table 1: used datasets.', 'lrrrl', headings, lines);
}

function factsOf({ count, imageSize: [height, width], classes }: KnownDataset): DatasetFacts {
  return { height, width, n: count, classes: classes.length };
}

function noteOn(dataset: string, here: DatasetFacts | null, paper: DatasetRow['paper']): string | null {
  if (!here) return 'no reader yet: the paper’s numbers';
  if (!paper) return null;
  const names = { height: 'height', width: 'width', n: 'sample size', classes: 'classes' } as const;
  const differing = (Object.keys(names) as (keyof DatasetFacts)[])
    .filter(fact => here[fact] !== paper[fact])
    .map(fact => `${names[fact]} ${countText(paper[fact])} in the paper`);
  if (differing.length === 0) return null;
  return [...differing, explained[dataset]].filter(Boolean).join('; ');
}
