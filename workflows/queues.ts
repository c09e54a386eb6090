// The two task queues: workflows and steps for a CPU, and steps that want TensorFlow (one at a time a worker).
export const cpuQueue = 'simcne-cpu';
export const trainQueue = 'simcne-train';
