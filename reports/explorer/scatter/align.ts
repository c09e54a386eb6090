// Turns one embedding so that it lies as the other does: directions mean nothing in an embedding, but eyes compare them.

export interface Places {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/**
 * `moving` turned, and mirrored where that fits better, so that its points come as near as can be to those of `fixed`
 * (orthogonal Procrustes in the plane; both are centred first). Points correspond by their places in the arrays.
 */
export function aligned(moving: Places, fixed: Places): Places {
  return turning(moving, fixed)(moving);
}

/** The turn that brings `moving` to `fixed`, for these and other points: around their own mean. */
export function turning(moving: Places, fixed: Places): (places: Places) => Places {
  const [bx, by, ax, ay] = [moving.x, moving.y, fixed.x, fixed.y].map(centred);
  const turn = bestTurn(ax, ay, bx, by);
  const mirrored = bestTurn(
    ax,
    ay,
    bx,
    by.map(value => -value),
  );
  const { cosine, sine } = mirrored.fit > turn.fit ? mirrored : turn;
  const up = mirrored.fit > turn.fit ? -1 : 1;
  return places => {
    const [x, y] = [centred(places.x), centred(places.y)];
    return {
      x: x.map((value, i) => cosine * value - sine * up * y[i]),
      y: x.map((value, i) => sine * value + cosine * up * y[i]),
    };
  };
}

/** The rotation of b that makes Σ a · R b largest, and that sum. */
function bestTurn(ax: Float32Array, ay: Float32Array, bx: Float32Array, by: Float32Array) {
  let [along, across] = [0, 0];
  for (let i = 0; i < ax.length; i++) {
    along += ax[i] * bx[i] + ay[i] * by[i];
    across += ay[i] * bx[i] - ax[i] * by[i];
  }
  const fit = Math.hypot(along, across);
  return fit > 0 ? { cosine: along / fit, sine: across / fit, fit } : { cosine: 1, sine: 0, fit };
}

function centred(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return values.map(value => value - mean);
}
