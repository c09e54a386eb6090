// SimCLR's loss: cosine similarity with a temperature (paper, equation 1; the authors' losses/infonce.py, `InfoNCECosine`).
import { type Tensor, tf } from '../tensorflow/backend.ts';
import { add, matMul, multiply, subtract, withDiagonal } from '../tensorflow/native-ops.ts';
import { type LossAndGradient, otherViews } from './contrastive-loss.ts';

const smallestNorm = 1e-12; // torch.nn.functional.normalize

/** s(i, j) = exp(cos(z_i, z_j) / temperature), for z [2n, d]; the gradient goes through the normalisation. */
export function cosineInfoNce(z: Tensor, temperature: number): LossAndGradient {
  return tf.tidy(() => {
    const rows = z.shape[0];
    const inverse = tf.scalar(1 / temperature);
    const norm = tf.maximum(tf.norm(z, 2, 1, true), smallestNorm); // [2n, 1]
    const unit = tf.div(z, norm);
    const positive = otherViews(unit);

    const logits = withDiagonal(multiply(matMul(unit, unit, false, true), inverse), Number.NEGATIVE_INFINITY);
    const highest = tf.max(logits, 1, true); // [2n, 1]
    const weights = tf.exp(subtract(logits, highest)); // [2n, 2n]
    const sums = tf.sum(weights, 1, true); // [2n, 1]
    const positiveLogits = multiply(tf.sum(multiply(unit, positive), 1, true), inverse);
    const loss = tf.mean(subtract(add(tf.log(sums), highest), positiveLogits));

    // ∂loss/∂logit is (softmax − [j = p(i)]) / 2n; each product z_i · z_j occurs in rows i and j.
    const softmax = tf.div(weights, sums);
    const pulled = add(matMul(softmax, unit), matMul(softmax, unit, true, false));
    const dUnit = tf.mul(subtract(pulled, tf.mul(positive, 2)), 1 / (temperature * rows));
    const along = multiply(unit, tf.sum(multiply(dUnit, unit), 1, true));
    return { loss, gradient: tf.div(subtract(dUnit, along), norm) };
  });
}
