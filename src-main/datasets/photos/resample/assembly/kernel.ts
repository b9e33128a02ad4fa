/**
 * The inner loops of resample.ts in AssemblyScript, compiled to WebAssembly with 128-bit vectors
 * (`node scripts/generate-resample.mjs`). Pictures are eight bits a channel, row by row, channels interleaved; `from`
 * and `to` are places in memory. Every buffer has 16 bytes to spare behind its end, which may be read and written.
 */

/** Weights of a triangle filter are whole numbers of this many parts: pairs of them must fit 16 bits each. */
const unitBits: i32 = 14;
/** Pixels that one of the result is made of, along one direction. */
const tapCount: i32 = 4;

/** Averages whole blocks of 2 × 2 colours. `columns`, `rows`: of the result; `fromWidth`, `toWidth`: in pixels. */
export function averagePairs(
  from: usize,
  fromWidth: i32,
  to: usize,
  toWidth: i32,
  columns: i32,
  rows: i32,
): void {
  const line: usize = 3 * fromWidth;
  const rounding = i16x8.splat(2);
  for (let y = 0; y < rows; y++) {
    let at = from + 2 * y * line;
    let into = to + 3 * y * toWidth;
    // Two pixels at a time, of four by two.
    for (let x = 0; x < columns; x += 2, at += 12, into += 6) {
      const above = v128.load(at);
      const below = v128.load(at + line);
      const low = i16x8.add(i16x8.extend_low_i8x16_u(above), i16x8.extend_low_i8x16_u(below));
      const high = i16x8.add(i16x8.extend_high_i8x16_u(above), i16x8.extend_high_i8x16_u(below));
      const left = v128.shuffle<i16>(low, high, 0, 1, 2, 6, 7, 8, 0, 0);
      const right = v128.shuffle<i16>(low, high, 3, 4, 5, 9, 10, 11, 0, 0);
      const mean = i16x8.shr_u(i16x8.add(i16x8.add(left, right), rounding), 2);
      const bytes = i8x16.narrow_i16x8_u(mean, mean);
      v128.store32_lane(into, bytes, 0);
      v128.store16_lane(into + 4, bytes, 2);
    }
  }
}

/**
 * Averages blocks of `across × down` pixels of any number of channels, in the columns and rows of the result from the
 * first to before the last; blocks at the right and at the bottom edge of the source may be smaller.
 */
export function averageBlocks(
  from: usize,
  fromWidth: i32,
  fromHeight: i32,
  channels: i32,
  to: usize,
  toWidth: i32,
  across: i32,
  down: i32,
  firstColumn: i32,
  lastColumn: i32,
  firstRow: i32,
  lastRow: i32,
): void {
  for (let y = firstRow; y < lastRow; y++) {
    const rows = min(down, fromHeight - y * down);
    for (let x = firstColumn; x < lastColumn; x++) {
      const columns = min(across, fromWidth - x * across);
      const pixels = columns * rows;
      for (let channel = 0; channel < channels; channel++) {
        let sum: u32 = pixels >> 1;
        for (let row = 0; row < rows; row++) {
          let at: usize = from + ((y * down + row) * fromWidth + x * across) * channels + channel;
          for (let column = 0; column < columns; column++, at += channels) sum += load<u8>(at);
        }
        store<u8>(to + (y * toWidth + x) * channels + channel, sum / pixels);
      }
    }
  }
}

/** Four numbers in 32 bits each, of which the parts of the unit are rounded away. */
function rounded(sums: v128): v128 {
  return i32x4.shr_s(i32x4.add(sums, i32x4.splat(1 << (unitBits - 1))), unitBits);
}

/** Elements of four rows, of which each counts as much as its weight says; low or high half of interleaved bytes. */
function blendedLow(firstTwo: v128, lastTwo: v128, weights: v128, moreWeights: v128): v128 {
  return rounded(
    i32x4.add(
      i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(firstTwo), weights),
      i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(lastTwo), moreWeights),
    ),
  );
}

function blendedHigh(firstTwo: v128, lastTwo: v128, weights: v128, moreWeights: v128): v128 {
  return rounded(
    i32x4.add(
      i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(firstTwo), weights),
      i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(lastTwo), moreWeights),
    ),
  );
}

/** One row of the result's height, still as wide as the source. @param weights place of four 16-bit numbers */
function blendRows(row: usize, from: usize, length: i32, weights: usize): void {
  const pair = v128.load32_splat(weights);
  const morePair = v128.load32_splat(weights + 4);
  const two = from + length;
  const three = two + length;
  const four = three + length;
  for (let x = 0; x < length; x += 16) {
    const a = v128.load(from + x);
    const b = v128.load(two + x);
    const c = v128.load(three + x);
    const d = v128.load(four + x);
    const lowOne = v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const lowTwo = v128.shuffle<i8>(c, d, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const highOne = v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const highTwo = v128.shuffle<i8>(c, d, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const low = i16x8.narrow_i32x4_s(
      blendedLow(lowOne, lowTwo, pair, morePair),
      blendedHigh(lowOne, lowTwo, pair, morePair),
    );
    const high = i16x8.narrow_i32x4_s(
      blendedLow(highOne, highTwo, pair, morePair),
      blendedHigh(highOne, highTwo, pair, morePair),
    );
    v128.store(row + x, i8x16.narrow_i16x8_u(low, high));
  }
}

function blendColours(to: usize, row: usize, width: i32, firsts: usize, weights: usize): void {
  for (let x = 0; x < width; x++, to += 3) {
    const pixels = v128.load(row + 3 * load<i32>(firsts + 4 * x));
    // Red, green, blue of four pixels each; the last four bytes are nobody's.
    const planes = v128.shuffle<i8>(pixels, pixels, 0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11, 0, 0, 0, 0);
    const parts = v128.load64_splat(weights + 8 * x);
    const redGreen = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(planes), parts);
    const blue = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(planes), parts);
    const sums = rounded(
      i32x4.add(v128.shuffle<i32>(redGreen, blue, 0, 2, 4, 6), v128.shuffle<i32>(redGreen, blue, 1, 3, 5, 7)),
    );
    const shorts = i16x8.narrow_i32x4_s(sums, sums);
    // The fourth byte is overwritten by the next pixel.
    v128.store32_lane(to, i8x16.narrow_i16x8_u(shorts, shorts), 0);
  }
}

function blendGreys(to: usize, row: usize, width: i32, firsts: usize, weights: usize): void {
  for (let x = 0; x < width; x++) {
    const at = row + load<i32>(firsts + 4 * x);
    let sum: i32 = 1 << (unitBits - 1);
    for (let tap = 0; tap < tapCount; tap++)
      sum += load<u8>(at + tap) * load<i16>(weights + 2 * (tapCount * x + tap));
    store<u8>(to + x, sum >> unitBits);
  }
}

/**
 * Resizes with a triangle filter, first down, then across.
 * @param row room for one row of the source
 * @param rowFirsts for each row of the result, the first row of the source it is made of (32 bits each); the same
 *   for columns
 * @param rowWeights four weights each (16 bits)
 */
export function resize(
  from: usize,
  fromWidth: i32,
  channels: i32,
  row: usize,
  to: usize,
  width: i32,
  height: i32,
  rowFirsts: usize,
  rowWeights: usize,
  columnFirsts: usize,
  columnWeights: usize,
): void {
  const length = fromWidth * channels;
  for (let y = 0; y < height; y++) {
    blendRows(row, from + load<i32>(rowFirsts + 4 * y) * length, length, rowWeights + 8 * y);
    const into = to + y * width * channels;
    if (channels === 3) blendColours(into, row, width, columnFirsts, columnWeights);
    else blendGreys(into, row, width, columnFirsts, columnWeights);
  }
}
