// Claims about instruction sets: the widest that the processor has, held to what ONEDNN_MAX_CPU_ISA names.
import { expect, test } from 'vitest';
import { backendName, usesOneDnn } from '../../learning/tensorflow/backend.ts';
import { hasAvx512, instructionSet, multipliesBfloat16 } from '../../learning/tensorflow/instruction-set.ts';

const milan = new Set(['sse4_1', 'avx', 'avx2', 'fma']); // EPYC of the third generation
const iceLake = new Set([...milan, 'avx512f', 'avx512bw', 'avx512_vnni']);
const zen5 = new Set([...iceLake, 'avx_vnni', 'avx512_bf16']);

test.each([
  [milan, undefined, 'AVX2', false, false],
  [iceLake, undefined, 'AVX512_CORE_VNNI', true, false],
  [zen5, undefined, 'AVX512_CORE_BF16', true, true],
  [zen5, 'ALL', 'AVX512_CORE_BF16', true, true],
  [zen5, 'avx2', 'AVX2', false, false],
  [zen5, 'AVX512_CORE', 'AVX512_CORE', true, false],
  [milan, 'AVX512_CORE', 'AVX2', false, false],
  [zen5, 'SSE41', 'SSE41', false, false],
  [new Set<string>(), undefined, process.arch, false, false],
] as const)('%#: of a processor held to %s', (flags, most, name, wide, short) => {
  const set = instructionSet(flags, most ?? '');
  expect([set, hasAvx512(set), multipliesBfloat16(set)]).toEqual([name, wide, short]);
});

test('provenance names the set that is in use', () => {
  expect(backendName).toContain(usesOneDnn ? `oneDNN with ${instructionSet()}` : 'without oneDNN');
});
