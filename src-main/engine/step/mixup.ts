/** The share by which mixup blends two images. */
import type { Random } from '../../core/random/random.ts';

/**
 * A number in [0, 1] from the Beta(α, α) distribution: X / (X + Y) with X and Y from Gamma(α).
 * @see Zhang et al., mixup: Beyond Empirical Risk Minimization (2018)
 */
export function drawBeta(alpha: number, random: Random): number {
  const x = drawGamma(alpha, random);
  const y = drawGamma(alpha, random);
  return x + y === 0 ? 0.5 : x / (x + y);
}

/** Gamma(shape, 1). @see Marsaglia and Tsang, A Simple Method for Generating Gamma Variables (2000) */
function drawGamma(shape: number, random: Random): number {
  if (shape < 1) return drawGamma(shape + 1, random) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
