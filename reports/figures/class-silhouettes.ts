// How compact each class lies: the mean silhouette of its images, a bar a class, beside the mean of all.
import type { TopLevelSpec } from 'vega-lite';
import type { ClassResult } from '../result.ts';
import { colourOnDark } from './class-colours.ts';

/** @param means by class; classes without images are left out */
export function classSilhouetteFigure(
  means: readonly (number | null)[],
  classes: readonly Pick<ClassResult, 'short' | 'colour'>[],
  overall: number | undefined,
  description: string,
): TopLevelSpec {
  const names = classes.map(({ short }) => short);
  const values = means.flatMap((silhouette, label) =>
    silhouette === null ? [] : { class: names[label], silhouette },
  );
  const range = classes.map(({ colour }) => ({
    expr: `dark ? ${JSON.stringify(colourOnDark(colour))} : ${JSON.stringify(colour)}`,
  }));
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description,
    params: [{ name: 'dark', value: false }],
    background: 'transparent',
    width: 'container',
    height: 40 + names.length * Math.max(18, Math.min(32, 270 / names.length)),
    autosize: { type: 'fit', contains: 'padding' },
    padding: 2,
    data: { name: 'silhouettes', values },
    layer: [
      {
        mark: { type: 'bar', cornerRadiusEnd: 2 },
        encoding: {
          y: {
            field: 'class',
            type: 'nominal',
            sort: null,
            axis: { title: null, domain: false, ticks: false, labelPadding: 6 },
          },
          x: {
            field: 'silhouette',
            type: 'quantitative',
            axis: { tickCount: 5, title: null },
            scale: { nice: true },
          },
          color: { field: 'class', type: 'nominal', scale: { domain: names, range }, legend: null },
          tooltip: [
            { field: 'class', type: 'nominal' },
            { field: 'silhouette', type: 'quantitative', format: '.3f' },
          ],
        },
      },
      ...(overall === undefined
        ? []
        : [
            {
              data: { values: [{ overall }] },
              mark: { type: 'rule' as const, strokeDash: [3, 3], color: '#8a867f' },
              encoding: {
                x: { field: 'overall', type: 'quantitative' as const },
                tooltip: {
                  field: 'overall',
                  type: 'quantitative' as const,
                  title: 'all images',
                  format: '.3f',
                },
              },
            },
          ]),
    ],
    config: { view: { stroke: null } },
  };
}
