// What a worker process can serve: workflows and CPU steps (two task queues), long steps that want TensorFlow, or workflows alone (which answers
// the UI's questions about runs, their current details, and does no step).
export const queueNames = ['cpu', 'train', 'workflows'] as const;
export type QueueName = (typeof queueNames)[number];
