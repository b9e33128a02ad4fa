/** How much an image of each class counts in the loss. */
import type { LabelledSlots } from './batches.ts';

/**
 * Weights with which all classes count the same: images / (classes · images of the class); 1 where there are none.
 * @see scikit-learn, `compute_class_weight('balanced')`
 */
export function balanced({ labels }: LabelledSlots, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (let index = 0; index < labels.length; index++) counts[labels[index]]++;
  return counts.map((count) => (count === 0 ? 1 : labels.length / (classes * count)));
}
