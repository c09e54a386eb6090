// What tests say of the artifacts that they make: nothing of it matters to a store.
export const made = { summary: { n: 3 }, backend: 'test', peakMemoryBytes: 0 };

export const origin = (startedAt = new Date().toISOString()) => ({
  codeVersion: '0',
  machine: 'here',
  startedAt,
  workflowId: 'w',
  runId: 'r',
});
