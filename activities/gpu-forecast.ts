// A forecast of GPU hours: counted arithmetic over an assumed share of a named card's peak. Nothing here was measured on a GPU.
import type { Cell } from '../experiments/experiment.ts';
import type { Step } from '../experiments/steps.ts';
import { gpuOperations } from './forecast.ts';

/** The card that the paper names. */
const card = {
  name: 'NVIDIA RTX A6000',
  peak: 38.7e12, // float32 operations a second: NVIDIA's data sheet
  share: 0.25, // assumed: small images and narrow layers leave most of a card idle; half and twice that are as likely
};

export interface GpuForecast {
  gpu: string;
  hours: number;
  operations: number;
  /** How the hours come about, and what is assumed. */
  derivation: string;
}

/** Hours of one card for the steps that a GPU does: training, embedding, pretrained features. */
export function gpuForecast(todo: { cell: Cell; step: Step }[]): GpuForecast {
  const operations = todo.reduce((sum, { cell, step }) => sum + gpuOperations(cell, step), 0);
  return {
    gpu: card.name,
    hours: gpuHours(operations),
    operations,
    derivation:
      `${operations.toExponential(1)} floating-point operations (layers counted; training: two views, forward and backward) at ` +
      `${100 * card.share} % of ${card.peak / 1e12} Tflop/s float32; the share is assumed, so hours may be half or twice that`,
  };
}

/** Hours that the card takes for so many operations. */
export function gpuHours(operations: number): number {
  return operations / (card.share * card.peak) / 3600;
}
