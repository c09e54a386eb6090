// The task queues. A step waits only for its like: what leads from a finished training to its scores never stands behind a training,
// nor behind a long t-SNE.
/** Workflows, and the steps for a CPU that may be long. */
export const cpuQueue = 'simcne-cpu';
/** Embedding, scores, records: short, and for a CPU. Whoever serves `cpuQueue` serves this one too. */
export const shortQueue = 'simcne-short';
/** The long steps that want TensorFlow, and a GPU where there is one: one at a time a worker, if it is not told otherwise. */
export const trainQueue = 'simcne-train';
