// Opens TensorFlow: the only place that loads @tensorflow/*, on the GPU where one is given to this process, else on the CPU.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import util from 'node:util';
import type * as TensorFlow from '@tensorflow/tfjs-node';
import { instructionSet } from './instruction-set.ts';

export type Tensor = TensorFlow.Tensor;

/** What tfjs-node's kernel backend offers beyond tfjs: any TensorFlow op, by name (its `nodejs_kernel_backend.ts`). */
export interface NativeBackend {
  binding: Record<string, number>;
  isUsingGpuDevice: boolean;
  /** What each tensor is to TensorFlow; `dtype` is one of its `TF_DataType`. */
  tensorMap: { get(dataId: object): { dtype: number } };
  createOutputTensor(output: { id: number; shape: number[]; dtype: number }): Tensor;
  executeSingleOutput(op: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(op: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
}

/** An attribute of a TensorFlow op; `type` is one of the binding's `TF_ATTR_…` numbers. */
export interface Attribute {
  name: string;
  type: number;
  value: number | boolean | string | readonly number[];
}

const tensorFlowVersion = '2.21.0'; // of the libraries that the addon is linked with (npm run setup)

export const tf = open();
export const native = tf.backend() as unknown as NativeBackend;

/** Whether convolutions and their like are oneDNN's. TF_ENABLE_ONEDNN_OPTS=0 leaves TensorFlow's plain kernels, which take twice the time. */
export const usesOneDnn = !native.isUsingGpuDevice && process.env.TF_ENABLE_ONEDNN_OPTS !== '0';

/** What computes here, e.g. `tensorflow 2.21.0 cpu, oneDNN with AVX2`; results are reproducible to the bit on the same backend and machine. */
export const backendName = `tensorflow ${tensorFlowVersion} ${kernels()}`;

function kernels(): string {
  if (native.isUsingGpuDevice) return 'gpu';
  return usesOneDnn ? `cpu, oneDNN with ${instructionSet()}` : 'cpu, without oneDNN';
}

function open(): typeof TensorFlow {
  const require = createRequire(import.meta.url);
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // errors only; but its greeting, as it is loaded, comes before any level holds
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1'; // by itself TensorFlow leaves it off on processors without AVX-VNNI or AVX-512 VNNI
  process.env.TF_DETERMINISTIC_OPS ??= '1'; // cuDNN may else choose algorithms whose sums have no fixed order
  process.env.NVIDIA_TF32_OVERRIDE ??= '0'; // full float32 products
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined; // tfjs-node 4.22 on Node ≥ 23
  util.isArray ??= Array.isArray;
  return require(wantsGpu() ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node');
}

/** `SIMCNE_GPU=0|1` decides; without it, a GPU is used where the driver shows one and `CUDA_VISIBLE_DEVICES` is not empty. */
function wantsGpu(): boolean {
  if (process.env.SIMCNE_GPU !== undefined) return process.env.SIMCNE_GPU === '1';
  return existsSync('/dev/nvidia0') && process.env.CUDA_VISIBLE_DEVICES !== '';
}
