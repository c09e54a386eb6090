// Reference check `learning-rate-schedule`: the rate of every epoch, and the peak that a batch size gives.
import { z } from 'zod';
import { peakLearningRate, learningRateSchedule as schedule } from '../../learning/learning-rate-schedule.ts';
import type { Actual, Check } from './golden-case.ts';

const Parameters = z.union([
  z.object({ batchSizes: z.array(z.number()) }),
  z.object({ peak: z.number(), epochs: z.number(), warmUp: z.number() }),
]);

export const learningRateSchedule: Check = (golden): Actual => {
  const parameters = Parameters.parse(golden.parameters);
  if ('batchSizes' in parameters) return { peaks: parameters.batchSizes.map(peakLearningRate) };
  const { peak, epochs, warmUp } = parameters;
  return { learningRates: Array.from(schedule(peak, epochs, warmUp)) };
};
