// t-SimCNE's loss: Cauchy similarity, as between the points of a t-SNE (paper, equation 2; the authors' `InfoNCECauchy`).
import { type Tensor, tf } from '../tensorflow/backend.ts';
import { add, matMul, multiply, subtract, withDiagonal } from '../tensorflow/native-ops.ts';
import { type LossAndGradient, otherViews } from './contrastive-loss.ts';

const planeDimension = 2;

/**
 * s(i, j) = 1 / (1 + |z_i − z_j|²), for z [2n, d]. In the plane, distances are sums of squared differences; in more dimensions they are
 * taken by the expansion |a|² + |b|² − 2ab about the mean, as the reference does about 0.
 */
export function cauchyInfoNce(z: Tensor): LossAndGradient {
  return tf.tidy(() => {
    const rows = z.shape[0];
    const toOther = subtract(z, otherViews(z)); // [2n, d]
    const positive = tf.sum(tf.square(toOther), 1, true); // [2n, 1]: |z_i − z_p(i)|²
    const pairs = z.shape[1] === planeDimension ? pairsInPlane(z) : pairsByProducts(z);

    const similarities = withDiagonal(tf.reciprocal(tf.add(pairs.squaredDistances, 1)), 0); // [2n, 2n]
    const sums = tf.sum(similarities, 1, true); // [2n, 1]
    const loss = tf.mean(add(tf.log(sums), tf.log1p(positive)));

    // ∂loss/∂|z_i − z_j|², both orders of the pair: −s²(1/Σ_i + 1/Σ_j) / 2n, and s / n for the two views of an image.
    const inverse = tf.reciprocal(sums);
    const repulsion = multiply(tf.square(similarities), add(inverse, tf.transpose(inverse)));
    const repelled = pairs.weightedDifferences(repulsion); // Σ_j w_ij (z_i − z_j)
    const attracted = tf.div(toOther, tf.add(positive, 1));
    const gradient = tf.mul(subtract(tf.mul(attracted, 2), repelled), 2 / rows);
    return { loss, gradient };
  });
}

interface Pairs {
  squaredDistances: Tensor;
  /** For weights w [2n, 2n]: row i is Σ_j w_ij (z_i − z_j). */
  weightedDifferences(weights: Tensor): Tensor;
}

function pairsInPlane(z: Tensor): Pairs {
  const differences = tf.split(z, planeDimension, 1).map(column => subtract(column, tf.transpose(column)));
  const [dx, dy] = differences;
  return {
    squaredDistances: add(tf.square(dx), tf.square(dy)),
    weightedDifferences: weights =>
      tf.concat(
        differences.map(difference => tf.sum(multiply(weights, difference), 1, true)),
        1,
      ),
  };
}

function pairsByProducts(z: Tensor): Pairs {
  const centred = subtract(z, tf.mean(z, 0, true));
  const squares = tf.sum(tf.square(centred), 1, true); // [2n, 1]
  const products = matMul(centred, centred, false, true);
  const squaredDistances = tf.relu(subtract(add(squares, tf.transpose(squares)), tf.mul(products, 2)));
  return {
    squaredDistances,
    weightedDifferences: weights =>
      subtract(multiply(centred, tf.sum(weights, 1, true)), matMul(weights, centred)),
  };
}
