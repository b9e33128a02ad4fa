/** Predictions as they are shown. */
import type { ScoredClass } from '../../contract/app/explain/network.ts';

/** Classes that are shown. */
const shown = 5;

/** The most probable classes, best first. */
export function ranked(probabilities: ArrayLike<number>, labels: readonly string[]): ScoredClass[] {
  const all = Array.from(probabilities, (probability, index) => ({
    class: index,
    label: labels[index],
    probability,
  }));
  return all.sort((a, b) => b.probability - a.probability).slice(0, shown);
}
