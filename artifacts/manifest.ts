// The manifest beside every artifact: what it was made from, by whom, and the digest of each of its files.
import { z } from 'zod';

export const Manifest = z.strictObject({
  key: z.string(),
  /** Over the names and digests of all files: what other recipes name as input. */
  digest: z.string(),
  recipe: z.object({
    step: z.string(),
    version: z.number(),
    settings: z.unknown(),
    inputs: z.record(z.string(), z.string()),
  }),
  files: z.record(z.string(), z.strictObject({ bytes: z.number(), sha256: z.string() })),
  /** A few numbers about the artifact (counts, scores, losses at the end). */
  summary: z.record(z.string(), z.unknown()),
  provenance: z.strictObject({
    codeVersion: z.string(),
    machine: z.string(),
    backend: z.string(),
    startedAt: z.string(),
    finishedAt: z.string(),
    seconds: z.number(),
    peakMemoryBytes: z.number(),
    workflowId: z.string(),
    runId: z.string(),
  }),
});
export type Manifest = z.infer<typeof Manifest>;
export type Provenance = Manifest['provenance'];
