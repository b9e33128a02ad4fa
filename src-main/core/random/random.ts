/**
 * Seeded random numbers, the same on every machine. Each use takes its own stream
 * (`stream(seed, 'shuffle', epoch)`), so that adding a draw in one place changes no other.
 */

/** A deterministic generator of uniform numbers. */
export interface Random {
  /** A number in [0, 1) with 32 random bits. */
  next(): number;
  /** A whole number in [0, bound). */
  integer(bound: number): number;
  /** A normally distributed number (Box–Muller). */
  normal(): number;
}

/**
 * Hashes text to 32 bits (FNV-1a), to derive the seed of a named stream.
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** A generator from a 32-bit seed: Mulberry32, a full-period 2^32 generator by Tommy Ettinger. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    integer: (bound) => Math.floor(next() * bound),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** The seed of one named stream under a main seed, e.g. `streamSeed(42, 'shuffle', 3)`. */
export function streamSeed(seed: number, ...names: (string | number)[]): number {
  return hash32(`${seed}/${names.join('/')}`);
}

/** A generator for one named stream under a main seed. */
export function stream(seed: number, ...names: (string | number)[]): Random {
  return createRandom(streamSeed(seed, ...names));
}

/** A random permutation of 0 … length−1 (Fisher–Yates). */
export function permutation(length: number, random: Random): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
}
