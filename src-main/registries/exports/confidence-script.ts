/** "I don't know" in the programs of exports: one text for JavaScript, under Node and in browsers. */

/** Functions that read what `confidenceFiles` writes. @see whyUnknown */
export const confidenceScript = String.raw`
/** The numbers of a .npy file. */
function numbersOf(buffer) {
  return new Float32Array(buffer.slice(10 + new DataView(buffer).getUint16(8, true)));
}

/** How far a photo is from the training photos: 1 - cosine to one of its nearest, 0 to 2. */
function distanceOf(reference, features, neighbour) {
  const length = Math.sqrt(features.reduce((sum, value) => sum + value * value, 0)) || 1;
  const cosines = [];
  for (let start = 0; start < reference.length; start += features.length) {
    let cosine = 0;
    for (let at = 0; at < features.length; at++) cosine += reference[start + at] * features[at];
    cosines.push(cosine / length);
  }
  cosines.sort((a, b) => b - a);
  return Math.max(0, 1 - cosines[Math.min(neighbour, cosines.length) - 1]);
}

/** Whether "I don't know" is the better answer, and why. */
function doubtOf({ confidence, reference }, scores, features) {
  const distance = reference && features ? distanceOf(reference, features, confidence.neighbour) : null;
  const limits = confidence?.classes?.[scores.indexOf(Math.max(...scores))];
  const isFar = distance !== null && limits?.distance != null && distance > limits.distance;
  const isUnsure = limits !== undefined && Math.max(...scores) < limits.probability;
  const why = isFar ? 'distance' : isUnsure ? 'probability' : null;
  return { unknown: why !== null, why, distance };
}
`;
