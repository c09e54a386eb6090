// How a network learned: its loss and learning rate by epoch, one colour a stage.
import type { TopLevelSpec } from 'vega-lite';
import type { TrainingResult } from '../result.ts';

/** The loss by epoch as a line, each stage in its colour from its first epoch on; as wide as its container. */
export function lossFigure(training: TrainingResult, description: string): TopLevelSpec {
  const hasStages = training.stages.length > 1;
  return curve(training, training.losses, {
    description,
    height: hasStages ? 190 : 168,
    value: { title: 'loss', scale: { zero: false, nice: true }, axis: { tickCount: 5 } },
    legend: hasStages ? { title: null, orient: 'top', symbolType: 'stroke', symbolStrokeWidth: 2 } : null,
  });
}

/**
 * The learning rate by epoch, on a logarithmic axis, since the last stage runs at a thousandth of the first.
 * Epochs at rate 0 (the first of a warm-up) have no place on it and are left out.
 */
export function learningRateFigure(training: TrainingResult, description: string): TopLevelSpec {
  const highest = Math.ceil(Math.log10(Math.max(...training.learningRates, Number.MIN_VALUE)));
  const decades = [-6, -4, -2, 0].map(exponent => 10 ** (highest + exponent));
  return curve(training, training.learningRates, {
    description,
    height: 120,
    value: {
      title: 'learning rate',
      scale: { type: 'log', domain: [decades[0], decades.at(-1)!], clamp: true },
      axis: { values: decades, format: '.0e' },
    },
    legend: null,
  });
}

const stageColours = ['#3d7ea6', '#c07a35', '#5c9457', '#9273b0']; // quiet, and legible on white and on dark

interface Look {
  description: string;
  height: number;
  value: {
    title: string;
    scale: { zero: boolean; nice: boolean } | { type: 'log'; domain: [number, number]; clamp: boolean };
    axis: { tickCount: number } | { values: number[]; format: string };
  };
  legend: { title: null; orient: 'top'; symbolType: string; symbolStrokeWidth: number } | null;
}

function curve(training: TrainingResult, values: readonly number[], look: Look): TopLevelSpec {
  const { title, scale, axis } = look.value;
  const titleAbove = {
    titleAngle: 0,
    titleAlign: 'left',
    titleAnchor: 'end',
    titleX: -40,
    titleY: -6,
  } as const;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: look.description,
    background: 'transparent',
    width: 'container',
    height: look.height,
    autosize: { type: 'fit', contains: 'padding' },
    padding: 2,
    data: {
      name: 'epochs',
      values: epochsOf(training, values, 'type' in scale ? Number.MIN_VALUE : -Infinity),
    },
    mark: { type: 'line', strokeWidth: 1.5 },
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        scale: { domain: [1, Math.max(2, values.length)], nice: false },
        axis: { grid: false, tickCount: 6, tickMinStep: 1 },
      },
      y: {
        field: 'value',
        type: 'quantitative',
        title,
        scale,
        axis: { ...axis, ...titleAbove, minExtent: 40 },
      },
      color: {
        field: 'stage',
        type: 'nominal',
        scale: { domain: training.stages.map(({ name }) => name), range: stageColours },
        legend: look.legend,
      },
      tooltip: [
        { field: 'stage', type: 'nominal' },
        { field: 'epoch', type: 'quantitative' },
        { field: 'value', type: 'quantitative', title, format: '.4~g' },
      ],
    },
    config: { view: { stroke: null } },
  };
}

/** Finite values of at least `least` by epoch, counted from 1 through all stages, each with its stage's name. */
function epochsOf({ stages }: TrainingResult, values: readonly number[], least: number) {
  return stages
    .flatMap(({ name, epochs }) => Array.from({ length: epochs }, () => name))
    .map((stage, index) => ({ epoch: index + 1, stage, value: values[index] }))
    .filter(({ value }) => Number.isFinite(value) && value >= least);
}
