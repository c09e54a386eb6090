// All activities of a worker, by the names that the Temporal UI shows.
import { heartbeat } from '@temporalio/activity';
import { type StepName, stepNames } from '../experiments/steps.ts';
import { asFailure } from './as-failure.ts';
import { performStep, type Workplace } from './perform-step.ts';
import { recordActivities } from './records.ts';
import type { StepOutcome, StepRequest } from './reference.ts';

type StepActivity = (request: StepRequest) => Promise<StepOutcome>;

/** The activities of a worker at its workplace. */
export function createActivities(place: Workplace) {
  const steps = Object.fromEntries(
    stepNames.map(name => [name, (request: StepRequest) => performStep(place, request)]),
  ) as Record<StepName, StepActivity>;
  return { ...steps, ...beating(recordActivities(place)) };
}

const heartbeatMs = 5_000;

/** The same activities, which beat while they work: so their loss is noticed with that of their worker. */
function beating<Activities extends Record<string, (request: never) => Promise<unknown>>>(
  activities: Activities,
): Activities {
  const withBeat =
    (work: Activities[string]) =>
    async (request: never): Promise<unknown> => {
      const beat = setInterval(heartbeat, heartbeatMs);
      try {
        return await work(request);
      } catch (error) {
        throw asFailure(error);
      } finally {
        clearInterval(beat);
      }
    };
  const entries = Object.entries(activities) as [string, Activities[string]][];
  return Object.fromEntries(entries.map(([name, work]) => [name, withBeat(work)])) as Activities;
}
