// Which class the kNN classifier takes for which: counts of the test part, shaded by their share of the class.
import type { TopLevelSpec } from 'vega-lite';
import type { ClassResult } from '../result.ts';

/** @param confusion `[class][predicted]`, images of the test part */
export function confusionFigure(
  confusion: readonly (readonly number[])[],
  classes: readonly Pick<ClassResult, 'short'>[],
  description: string,
): TopLevelSpec {
  const names = classes.map(({ short }) => short);
  const values = confusion.flatMap((row, label) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, predicted) => ({
      class: names[label],
      predicted: names[predicted],
      count,
      share: total > 0 ? count / total : 0,
    }));
  });
  const axis = { grid: false, domain: false, ticks: false, labelPadding: 6, title: null } as const;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description,
    background: 'transparent',
    width: 'container',
    height: 60 + names.length * Math.max(18, Math.min(32, 270 / names.length)),
    autosize: { type: 'fit', contains: 'padding' },
    padding: 2,
    title: { text: 'predicted class →', anchor: 'middle', fontSize: 11, fontWeight: 'normal' },
    data: { name: 'confusion', values },
    encoding: {
      x: {
        field: 'predicted',
        type: 'nominal',
        sort: null,
        axis: { ...axis, orient: 'top', labelAngle: names.length > 6 ? -40 : 0 },
      },
      y: { field: 'class', type: 'nominal', sort: null, axis },
    },
    layer: [
      {
        mark: { type: 'rect', cornerRadius: 2 },
        encoding: {
          color: {
            field: 'share',
            type: 'quantitative',
            scale: { domain: [0, 1], range: ['#8fb4c80f', '#2a7797'] },
            legend: null,
          },
          tooltip: [
            { field: 'class', type: 'nominal' },
            { field: 'predicted', type: 'nominal' },
            { field: 'count', type: 'quantitative', title: 'images' },
            { field: 'share', type: 'quantitative', title: 'of the class', format: '.0%' },
          ],
        },
      },
      {
        transform: [{ filter: 'datum.count > 0' }],
        mark: { type: 'text', fontSize: 11, aria: false },
        encoding: {
          text: { field: 'count', type: 'quantitative' },
          color: { condition: { test: 'datum.share > 0.5', value: '#ffffff' }, value: '#7d7a74' },
        },
      },
    ],
    config: { view: { stroke: null } },
  };
}
