import { expect, it } from 'vitest';
import { gpuMemory } from '../../infra/workers/gpu-memory.ts';
import { metricsAddressText, parseMetricsAddress } from '../../infra/workers/metrics-address.ts';

it('metrics are on loopback unless an address is named, and nowhere unless told', () => {
  const text = (told: string, offset = 0) => metricsAddressText(parseMetricsAddress(told, '')!, offset);
  expect(text('9464')).toBe('127.0.0.1:9464');
  expect(text('localhost:9464', 1)).toBe('127.0.0.1:9465');
  expect(text('0.0.0.0:9464')).toBe('0.0.0.0:9464');
  expect(text('[::1]:9464')).toBe('[::1]:9464');
  expect(parseMetricsAddress(undefined, '')).toBeUndefined();
  expect(parseMetricsAddress('', '')).toBeUndefined();
  for (const wrong of ['x', '0', '70000', 'host:9464', '127.0.0.1:', '-1', '1e3', '[::1:9464']) {
    expect(() => parseMetricsAddress(wrong, '--metrics')).toThrow(
      /^--metrics .* expected PORT or ADDRESS:PORT/,
    );
  }
});

it('reads the memory of GPUs as nvidia-smi tells it', () => {
  expect(gpuMemory('0, 1024\n1, 0\n')).toEqual([
    { gpu: '0', bytes: 2 ** 30 },
    { gpu: '1', bytes: 0 },
  ]);
  expect(gpuMemory('')).toEqual([]);
  expect(gpuMemory('0, [N/A]\nFailed to initialize NVML')).toEqual([]);
});
