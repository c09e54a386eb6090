// Opens TensorFlow: the only place that loads @tensorflow/*, on the GPU where one is given to this process, else on the CPU.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import util from 'node:util';
import tfjs from '@tensorflow/tfjs';
import { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js';
import '@tensorflow/tfjs-node/dist/register_all_kernels.js';
import { addonIn, tensorflowFolder, tensorflowVersion } from '../../machine/tensorflow.ts';
import { instructionSet } from './instruction-set.ts';

export type Tensor = tfjs.Tensor;

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

export const tf = open();
export const native = tf.backend() as unknown as NativeBackend;

/** Whether convolutions and their like are oneDNN's. TF_ENABLE_ONEDNN_OPTS=0 leaves TensorFlow's plain kernels, which take twice the time. */
export const usesOneDnn = !native.isUsingGpuDevice && process.env.TF_ENABLE_ONEDNN_OPTS !== '0';

/** What computes here, e.g. `tensorflow 2.21.0 cpu, oneDNN with AVX2`; results are reproducible to the bit on the same backend and machine. */
export const backendName = `tensorflow ${tensorflowVersion} ${kernels()}`;

function kernels(): string {
  if (native.isUsingGpuDevice) return 'gpu';
  return usesOneDnn ? `cpu, oneDNN with ${instructionSet()}` : 'cpu, without oneDNN';
}

/** tfjs on the addon that set-up built, as the index of tfjs-node opens it on one beside itself. */
function open(): typeof tfjs {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // errors only; but its greeting, as it is loaded, comes before any level holds
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1'; // by itself TensorFlow leaves it off on processors without AVX-VNNI or AVX-512 VNNI
  process.env.TF_DETERMINISTIC_OPS ??= '1'; // cuDNN may else choose algorithms whose sums have no fixed order
  process.env.NVIDIA_TF32_OVERRIDE ??= '0'; // full float32 products
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined; // tfjs-node 4.22 on Node ≥ 23
  util.isArray ??= Array.isArray;
  const addon = addonIn(tensorflowFolder());
  if (!existsSync(addon))
    throw new Error(`TensorFlow is not in ${tensorflowFolder()}; "simcne setup" brings it`);
  const binding = createRequire(import.meta.url)(addon);
  tfjs.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node'));
  tfjs.setBackend('tensorflow');
  return tfjs;
}
