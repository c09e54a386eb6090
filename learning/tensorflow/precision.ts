// In which numbers a network computes. The layers do not know: they take their precision from what flows through them.
import { native, type Tensor, usesOneDnn } from './backend.ts';
import { multipliesBfloat16 } from './instruction-set.ts';

/** `bfloat16`: the first 16 bits of a float32, i.e. its range with 8 bits of precision; what is summed is summed in float32. */
export type Precision = 'float32' | 'bfloat16';

/** Whether bfloat16 is multiplied here as above. Other kernels of TensorFlow sum in bfloat16 (gradients off by up to a third), or have none. */
export const hasBfloat16 = native.isUsingGpuDevice || (usesOneDnn && multipliesBfloat16());

/** `wanted` where this machine has it, else float32. */
export function precisionHere(wanted: Precision = 'float32'): Precision {
  return hasBfloat16 ? wanted : 'float32';
}

const { TF_ATTR_TYPE, TF_FLOAT } = native.binding;
const types = { float32: TF_FLOAT, bfloat16: 14 }; // 14: TF_BFLOAT16 (tf_datatype.h), which the addon does not name

const named = native.createOutputTensor.bind(native);
// tfjs has no bfloat16; to its bookkeeping such a tensor is one of float32, and only native ops may be given it.
native.createOutputTensor = output => {
  if (output.dtype !== types.bfloat16) return named(output);
  const tensor = named({ ...output, dtype: TF_FLOAT });
  native.tensorMap.get(tensor.dataId).dtype = types.bfloat16;
  return tensor;
};

export function precisionOf(x: Tensor): Precision {
  return native.tensorMap.get(x.dataId).dtype === types.bfloat16 ? 'bfloat16' : 'float32';
}

/** `x` in `precision`: `x` itself where it has it, else a new tensor, rounded to the nearest (ties to even). */
export function toPrecision(x: Tensor, precision: Precision): Tensor {
  if (precisionOf(x) === precision) return x;
  const target = { name: 'DstT', type: TF_ATTR_TYPE, value: types[precision] };
  return native.executeSingleOutput('Cast', [target], [x]);
}
