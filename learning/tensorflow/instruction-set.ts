// Which vector instructions TensorFlow's oneDNN computes with: those of the processor, or fewer where ONEDNN_MAX_CPU_ISA says so.
import { existsSync, readFileSync } from 'node:fs';

/** oneDNN's names of x86-64's instruction sets, each with the flag of /proc/cpuinfo that its machines have, from the narrowest to the widest. */
const levels = [
  ['SSE41', 'sse4_1'],
  ['AVX', 'avx'],
  ['AVX2', 'avx2'],
  ['AVX2_VNNI', 'avx_vnni'],
  ['AVX2_VNNI_2', 'avx_vnni_int8'],
  ['AVX512_CORE', 'avx512bw'],
  ['AVX512_CORE_VNNI', 'avx512_vnni'],
  ['AVX512_CORE_BF16', 'avx512_bf16'],
  ['AVX512_CORE_FP16', 'avx512_fp16'],
  ['AVX512_CORE_AMX', 'amx_tile'],
] as const;

/** Of oneDNN's names, or the architecture's where those are not known (`arm64`, or no /proc/cpuinfo). */
export type InstructionSet = (typeof levels)[number][0] | NodeJS.Architecture;

/**
 * The widest set that oneDNN uses here. `ONEDNN_MAX_CPU_ISA` holds oneDNN and no other code to the set that it names
 * (oneDNN's documentation, "CPU Dispatcher Control").
 */
export function instructionSet(
  flags = processorFlags(),
  most = process.env.ONEDNN_MAX_CPU_ISA,
): InstructionSet {
  const last = levels.findIndex(([name]) => name === most?.toUpperCase());
  const allowed = last === -1 ? levels : levels.slice(0, last + 1);
  return allowed.findLast(([, flag]) => flags.has(flag))?.[0] ?? process.arch;
}

/** Whether oneDNN multiplies bfloat16 and sums in float32; else TensorFlow's plain kernels would do it, which sum in bfloat16. */
export const multipliesBfloat16 = (set = instructionSet()): boolean => reaches(set, 'AVX512_CORE_BF16');

/** Whether oneDNN uses vectors of 16 floats. */
export const hasAvx512 = (set = instructionSet()): boolean => reaches(set, 'AVX512_CORE');

function reaches(set: InstructionSet, wanted: InstructionSet): boolean {
  const place = (of: InstructionSet) => levels.findIndex(([name]) => name === of);
  return place(set) >= place(wanted);
}

function processorFlags(): ReadonlySet<string> {
  if (process.arch !== 'x64' || !existsSync('/proc/cpuinfo')) return new Set();
  return new Set(/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1].split(' '));
}
