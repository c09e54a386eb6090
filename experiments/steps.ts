// A cell as a list of steps: data that `plan` prints, a workflow goes through, and the store is asked about.
import { z } from 'zod';
import {
  FetchSettings,
  PrepareSettings,
  PretrainedSettings,
  ScoreSettings,
  TrainingSettings,
  TsneSettings,
} from './settings.ts';

/** The kinds of steps, in the order in which they can follow each other. */
export const stepNames = [
  'fetch',
  'prepare',
  'fetch-weights',
  'train',
  'embed',
  'features',
  'tsne',
  'score',
] as const;
export type StepName = (typeof stepNames)[number];

/** Which artifact a step reads under which name: `{ images: 'prepare' }`. */
const inputs = <Role extends string>(...roles: Role[]) =>
  z.strictObject(
    Object.fromEntries(roles.map(role => [role, z.enum(stepNames)])) as Record<
      Role,
      z.ZodEnum<{ [Name in StepName]: Name }>
    >,
  );

/** One cached unit of work: what is done, with which settings, on which artifacts of earlier steps. */
export const Step = z.discriminatedUnion('step', [
  z.strictObject({
    step: z.literal('fetch'),
    settings: FetchSettings,
    inputs: inputs(),
  }),
  z.strictObject({ step: z.literal('prepare'), settings: PrepareSettings, inputs: inputs('files') }),
  z.strictObject({ step: z.literal('fetch-weights'), settings: PretrainedSettings, inputs: inputs() }),
  z.strictObject({ step: z.literal('train'), settings: TrainingSettings, inputs: inputs('images') }),
  z.strictObject({
    step: z.literal('embed'),
    settings: TrainingSettings.pick({ network: true }),
    inputs: inputs('images', 'network'),
  }),
  z.strictObject({
    step: z.literal('features'),
    settings: PretrainedSettings.pick({ network: true }),
    inputs: inputs('images', 'weights'),
  }),
  z.strictObject({ step: z.literal('tsne'), settings: TsneSettings, inputs: inputs('points') }),
  z.strictObject({
    step: z.literal('score'),
    settings: ScoreSettings,
    inputs: inputs('embedding', 'images'),
  }),
]);
export type Step = z.infer<typeof Step>;
export type StepOf<Name extends StepName> = Extract<Step, { step: Name }>;
