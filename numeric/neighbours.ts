// What every search for neighbours gives.

export interface Neighbours {
  /** `[n, k]`, nearest first, the point itself left out. */
  readonly indices: Int32Array;
  /** `[n, k]`, Euclidean, squared. */
  readonly squaredDistances: Float64Array;
}
