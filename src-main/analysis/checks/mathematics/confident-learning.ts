/**
 * Labels that the rest of the dataset speaks against (confident learning; Northcutt, Jiang and Chuang, "Confident
 * Learning: Estimating Uncertainty in Dataset Labels", 2021).
 */

/** A label that is probably wrong. */
export interface LabelSuspect {
  readonly row: number;
  /** The class the evidence speaks for. */
  readonly suggested: number;
  /** 0–1; how clearly. */
  readonly score: number;
  /** True when the suggested class is as likely as it usually is for its own images. */
  readonly confident: boolean;
}

/**
 * Ranks the rows whose out-of-fold prediction disagrees with their label, the clearest first: those beyond the
 * threshold of the suggested class come before the others, within both by the normalised margin.
 * @param probabilities `rows × classes`, out of fold
 */
export function suspectLabels(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
): LabelSuspect[] {
  const thresholds = meanSelfConfidence(probabilities, labels, classes);
  const suspects: LabelSuspect[] = [];
  for (let row = 0; row < labels.length; row++) {
    const own = probabilities[row * classes + labels[row]];
    let suggested = -1;
    for (let c = 0; c < classes; c++) {
      if (c === labels[row]) continue;
      if (suggested < 0 || probabilities[row * classes + c] > probabilities[row * classes + suggested])
        suggested = c;
    }
    if (suggested < 0) continue;
    const other = probabilities[row * classes + suggested];
    if (other <= own) continue;
    suspects.push({ row, suggested, score: other - own, confident: other >= thresholds[suggested] });
  }
  return suspects.sort((a, b) => Number(b.confident) - Number(a.confident) || b.score - a.score);
}

/** The mean probability of each class over the rows that are labelled so. */
function meanSelfConfidence(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
): Float64Array {
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  for (let row = 0; row < labels.length; row++) {
    sums[labels[row]] += probabilities[row * classes + labels[row]];
    counts[labels[row]]++;
  }
  return sums.map((sum, c) => (counts[c] === 0 ? 1 : sum / counts[c]));
}
