/** What the results mean, in a sentence. */
import type { EmptyReason } from '../../contract/app/explain/heatmaps.ts';
import type { Curve, Randomised } from '../../contract/app/explain/heatmaps.ts';

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** Why a heatmap is empty. */
export function emptySentence(reason: EmptyReason, label: string, probability: number): string {
  switch (reason) {
    case 'saturated':
      return `The model is so sure (${percent(probability)} for ${label}) that nothing this layer shows changes it: every gradient is 0.`;
    case 'against':
      return `Everything that this layer found speaks against ${label}; nothing that speaks for it is left to show.`;
    case 'silent':
      return 'The output of this layer is 0 everywhere: none of its filters found anything in this photo.';
    case 'unaffected':
      return `Covering any one place of the photo makes ${label} no less probable.`;
  }
}

/** The verdict of the randomised-weights test. @param similarity of the map with all weights shuffled */
export function randomisedSentence(verdict: Randomised['verdict'], similarity: number): string {
  const alike = `rank correlation ${similarity.toFixed(2)}`;
  switch (verdict) {
    case 'passed':
      return `With all weights shuffled the heatmap is another one (${alike}): it depends on what the network has learned.`;
    case 'flagged':
      return `With all weights shuffled the heatmap hardly changes (${alike}): it shows the photo, not what the network has learned. Do not trust it.`;
    case 'undecided':
      return 'The heatmap is empty, so there is nothing to compare.';
  }
}

/** What the curves say. */
export function curvesSentence(
  deletion: Pick<Curve, 'area' | 'randomArea'>,
  insertion: typeof deletion,
): string {
  const falls = deletion.area < deletion.randomArea;
  const rises = insertion.area > insertion.randomArea;
  if (falls && rises) {
    return 'Taking away what is warm lowers the probability faster than chance, and putting it back raises it faster: the heatmap points at what matters.';
  }
  if (!falls && !rises) {
    return 'Neither taking away nor putting back what is warm does more than chance would: the heatmap misses what matters.';
  }
  return falls
    ? 'Taking away what is warm lowers the probability faster than chance, but putting it back alone does not raise it faster.'
    : 'Putting back what is warm raises the probability faster than chance, but taking it away does not lower it faster: other parts stand in for it.';
}
