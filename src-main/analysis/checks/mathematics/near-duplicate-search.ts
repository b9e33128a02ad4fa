/**
 * Near-duplicates: candidates by perceptual hash (whole picture, turned and mirrored, windows), each then laid over the
 * other and compared, so that only what shows the same pixels counts.
 */
import { UnionFind } from '../../../core/statistics/union-find.ts';
import { type Orientation, orientations } from '../measure/orientation.ts';
import { type Window, hashWords, windows } from '../measure/perceptual-hash.ts';
import { align, detailCorrelation, normalise, turnGrey } from './align.ts';
import { colourLikeness } from './colour-likeness.ts';
import { HashIndex } from './hash-index.ts';

/** The pictures to be compared. */
export interface HashedPictures {
  readonly count: number;
  /** `hashWords` numbers for each. */
  readonly hashes: Int32Array;
  /** The small grey picture of each. */
  grey(index: number): Uint8Array | null;
  /** The colours of each. */
  colour(index: number): Int8Array | null;
}

/** How alike two pictures must be. */
export interface SearchOptions {
  /** Bits by which hashes may differ. */
  readonly distance: number;
  /** Correlation of the pictures, laid over each other. */
  readonly correlation: number;
  /** The same where one is only a small part of the other, which more pictures happen to fit. */
  readonly correlationOfPart: number;
  /** Correlation of their edges and texture. */
  readonly detail: number;
  /** Cosine of their colours, where both have some. */
  readonly colour: number;
  /** Where the details agree as much as this, colours may differ more: whites that a brighter copy has lost. */
  readonly sameDetail: number;
  readonly colourOfSameDetail: number;
}

/** Two pictures that show the same. */
export interface SimilarPair {
  readonly a: number;
  readonly b: number;
  readonly correlation: number;
}

/** Measured on 1,400 planted copies of photos and on drawn pictures: `test/bench/duplicates.ts`. */
export const usualSearch: SearchOptions = {
  distance: 14,
  correlation: 0.93,
  correlationOfPart: 0.95,
  detail: 0.72,
  colour: 0.92,
  sameDetail: 0.84,
  colourOfSameDetail: 0.7,
};

/** Candidates of one picture that are looked at, best first; more would be a picture without content. */
const maxCandidates = 60;

interface Candidate {
  readonly other: number;
  bits: number;
  orientation: Orientation;
  window: number;
}

/**
 * Finds pairs. Of a group of alike pictures only as many pairs are given as are needed to join it.
 * @param onProgress called with the number of pictures done; throwing ends the search
 */
export function findSimilarPairs(
  pictures: HashedPictures,
  options: SearchOptions = usualSearch,
  onProgress: (done: number) => void = () => undefined,
): SimilarPair[] {
  const index = new HashIndex(windowHashes(pictures));
  const sets = new UnionFind(pictures.count);
  const greys = new GreyCache(pictures);
  const pairs: SimilarPair[] = [];
  for (let a = 0; a < pictures.count; a++) {
    if (a % 256 === 0) onProgress(a);
    const candidates = findCandidates(pictures, index, a, options.distance);
    for (const candidate of candidates) {
      if (sets.find(a) === sets.find(candidate.other)) continue;
      const correlation = compare(pictures, greys, a, candidate, options);
      if (correlation === null) continue;
      sets.join(a, candidate.other);
      pairs.push({ a, b: candidate.other, correlation });
    }
  }
  onProgress(pictures.count);
  return pairs;
}

function windowHashes({ count, hashes }: HashedPictures): Int32Array {
  const perPicture = 2 * windows.length;
  const words = new Int32Array(count * perPicture);
  for (let picture = 0; picture < count; picture++) {
    const start = picture * hashWords + 2 * orientations.length;
    words.set(hashes.subarray(start, start + perPicture), picture * perPicture);
  }
  return words;
}

function findCandidates(
  { hashes }: HashedPictures,
  index: HashIndex,
  picture: number,
  distance: number,
): Candidate[] {
  const found = new Map<number, Candidate>();
  orientations.forEach((orientation, at) => {
    const word = picture * hashWords + 2 * at;
    index.search(hashes[word], hashes[word + 1], distance, (entry, bits) => {
      const other = Math.floor(entry / windows.length);
      if (other === picture) return;
      const known = found.get(other);
      const window = entry % windows.length;
      if (known === undefined) found.set(other, { other, bits, orientation, window });
      else if (bits < known.bits) Object.assign(known, { bits, orientation, window });
    });
  });
  return [...found.values()].sort((a, b) => a.bits - b.bits).slice(0, maxCandidates);
}

/** The correlation of two pictures, or null when they are not alike in shapes, details and colours. */
function compare(
  pictures: HashedPictures,
  greys: GreyCache,
  picture: number,
  { other, orientation, window }: Candidate,
  least: SearchOptions,
): number | null {
  const whole = greys.read(other);
  const part = greys.read(picture);
  if (whole === null || part === null) return null;
  const turned = turnGrey(part, orientation);
  const normal = normalise(turned);
  if (normal === null) return null;
  const found = align(normal, whole, windows[window]);
  const needed = isSmallPart(found.window) ? least.correlationOfPart : least.correlation;
  if (found.correlation < needed) return null;
  const detail = detailCorrelation(turned, whole, found.window);
  if (detail < least.detail) return null;
  const [mine, others] = [pictures.colour(picture), pictures.colour(other)];
  if (mine === null || others === null) return null;
  const colour = colourLikeness(mine, orientation, others, found.window);
  const alike = detail < least.sameDetail ? least.colour : least.colourOfSameDetail;
  return colour === null || colour >= alike ? found.correlation : null;
}

/** Less than three fifths of a picture. */
function isSmallPart([left, top, right, bottom]: Window): boolean {
  return (right - left) * (bottom - top) < 0.6;
}

/** The grey pictures used last: neighbours in a folder are compared again and again. */
class GreyCache {
  readonly #pictures: HashedPictures;
  readonly #kept = new Map<number, Uint8Array | null>();

  constructor(pictures: HashedPictures) {
    this.#pictures = pictures;
  }

  read(index: number): Uint8Array | null {
    const known = this.#kept.get(index);
    if (known !== undefined) return known;
    if (this.#kept.size > 20_000) this.#kept.clear();
    const grey = this.#pictures.grey(index);
    this.#kept.set(index, grey);
    return grey;
  }
}
