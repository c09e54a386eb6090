// Pixels with a tone curve in front of them: steps that map every level by itself change the curve alone, and touch no pixel.

/** The level that is seen of a byte of `levels` (RGB, RGB, …) is `curve[byte]`. */
export interface TonedPixels {
  readonly levels: Uint8Array;
  readonly curve: Uint8Array;
}

const identity = Uint8Array.from({ length: 256 }, (_, level) => level);

/** Pixels that are seen as they are. */
export function tonedPixels(levels: Uint8Array): TonedPixels {
  return { levels, curve: identity.slice() };
}

/** Forgets the curve: from here on the bytes are seen as they are. */
export function resetCurve({ curve }: TonedPixels): void {
  curve.set(identity);
}

/** Writes what is seen of each byte, brought to the target's `scale` (256 numbers, by level), to `target` from `start` on. */
export function writeSeen<Target extends Uint8Array | Float32Array>(
  { levels, curve }: TonedPixels,
  scale: Target,
  target: Target,
  start = 0,
): void {
  for (let i = 0; i < levels.length; i++) target[start + i] = scale[curve[levels[i]]];
}

/** The scale of the levels themselves. */
export const asLevels: Uint8Array = identity;
