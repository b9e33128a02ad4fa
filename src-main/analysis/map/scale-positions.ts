/** The largest coordinate of a map. */
export const mapSide = 65_535;

/** Gaps wider than this share of an axis are made narrower: how far apart groups lie means nothing, and takes room. */
const widestGap = 0.06;

/**
 * Brings a layout into a square from 0 to 65,535, both axes to the same scale, centred. Empty stretches are shortened,
 * and a few photos far away from all others come to lie at the edge: neither must make the rest small.
 * @param positions `[photos, 2]`
 */
export function scalePositions(positions: Float32Array): Uint16Array {
  const axes = [0, 1].map((axis) => closeGaps(withinRange(positions.filter((_, at) => at % 2 === axis))));
  const ranges = axes.map((values) => rangeOf(values));
  const extent = Math.max(...ranges.map(([low, high]) => high - low));
  if (extent === 0) return new Uint16Array(positions.length).fill(Math.round(mapSide / 2));
  const scale = mapSide / extent;
  return Uint16Array.from(positions, (_, at) => {
    const [low, high] = ranges[at % 2];
    const place = Math.round(mapSide / 2 + (axes[at % 2][at >> 1] - (low + high) / 2) * scale);
    return Math.max(0, Math.min(mapSide, place));
  });
}

function rangeOf(values: Float32Array): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
}

/** Brings the outermost thousandth on each side to the edge of all others, with a little room. */
function withinRange(values: Float32Array): Float32Array {
  const beyond = Math.floor(values.length * 0.001);
  if (beyond === 0) return values;
  const sorted = values.slice().sort();
  const [low, high] = [sorted[beyond], sorted[sorted.length - 1 - beyond]];
  const room = 0.03 * (high - low);
  return values.map((value) => Math.max(low - room, Math.min(high + room, value)));
}

/** Moves what lies on both sides of a gap towards each other; everything else keeps its distances. */
function closeGaps(values: Float32Array): Float32Array {
  const order = Int32Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const extent = values[order[order.length - 1]] - values[order[0]];
  const widest = extent * Math.max(widestGap, 4 / values.length);
  const result = new Float32Array(values.length);
  let shift = 0;
  order.forEach((at, rank) => {
    const gap = rank === 0 ? 0 : values[at] - values[order[rank - 1]];
    shift += Math.max(0, gap - widest);
    result[at] = values[at] - shift;
  });
  return result;
}
