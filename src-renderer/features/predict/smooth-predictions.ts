/** Steadies what the network says of one frame after another: a frame is blurred, a hand moves, an answer flickers. */
import type { Prediction } from '../../../src-main/contract/app/index.ts';

/** Milliseconds after which a frame has lost all but 37% of its weight. */
const memory = 300;

/**
 * The mean of the probabilities so far, each frame weighted less the older it is (an exponential moving average over
 * time, so that it does not depend on the rate of frames).
 * @param before what was said until now; null for the first frame, which counts alone
 * @param elapsed milliseconds from the frame before to this one
 */
export function smoothPrediction<Frame extends Prediction>(
  before: Pick<Prediction, 'probabilities'> | null,
  now: Frame,
  elapsed: number,
): Frame {
  if (before === null || now.error !== null) return now;
  const weight = 1 - Math.exp(-elapsed / memory);
  const names = Object.keys(now.probabilities);
  const probabilities = Object.fromEntries(
    names.map((name) => {
      const old = before.probabilities[name] ?? now.probabilities[name];
      return [name, old + weight * (now.probabilities[name] - old)];
    }),
  );
  const label = names.reduce(
    (best, name) => (probabilities[name] > probabilities[best] ? name : best),
    names[0],
  );
  return { ...now, probabilities, label: label ?? null, probability: probabilities[label] ?? null };
}
