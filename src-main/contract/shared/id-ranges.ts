/**
 * Sets of image ids as short readable text, e.g. `1-1500,1502`: a hundred thousand neighbours are eight characters.
 * Used in requests, in the edit journal and in events.
 */
import { z } from 'zod';
import { AppError } from './errors.ts';

/** The largest number of images one set may hold. */
const maxIds = 5_000_000;

/** Packs ids; order and repetitions do not matter. */
export function packRanges(ids: Iterable<number>): string {
  const sorted = Float64Array.from(ids).sort();
  const parts: string[] = [];
  for (let at = 0; at < sorted.length;) {
    const first = sorted[at];
    let last = first;
    while (++at < sorted.length && sorted[at] <= last + 1) last = sorted[at];
    parts.push(first === last ? String(first) : `${first}-${last}`);
  }
  return parts.join(',');
}

/**
 * The ids of a set, ascending.
 * @throws AppError INPUT_INVALID for what is not a set, or too large a one: it may come from a stranger's project
 */
export function unpackRanges(text: string): number[] {
  const ids: number[] = [];
  if (!(countRanges(text) <= maxIds)) {
    throw new AppError('INPUT_INVALID', { detail: 'a set of photos is damaged' });
  }
  eachRange(text, (first, last) => {
    for (let id = first; id <= last; id++) ids.push(id);
  });
  return ids;
}

/** How many ids a set holds; NaN for what is not a set. */
export function countRanges(text: string): number {
  let count = 0;
  const sound = eachRange(text, (first, last) => (count += last - first + 1));
  return sound ? count : Number.NaN;
}

const zero = 48;
const comma = 44;
const hyphen = 45;

/**
 * Reads character by character: a hundred thousand scattered ids are read while a request waits.
 * @returns false for what is not a set: an id of more than ten digits, or a range that runs backwards
 */
function eachRange(text: string, visit: (first: number, last: number) => void): boolean {
  let first: number | null = null;
  let value = 0;
  let digits = 0;
  for (let at = 0; at <= text.length && text !== ''; at++) {
    const code = at === text.length ? comma : text.charCodeAt(at);
    if (code >= zero && code <= zero + 9) {
      value = 10 * value + code - zero;
      digits++;
      continue;
    }
    if (digits === 0 || digits > 10) return false;
    if (code === hyphen && first === null) first = value;
    else if (code === comma && value >= (first ?? value)) {
      visit(first ?? value, value);
      first = null;
    } else return false;
    value = 0;
    digits = 0;
  }
  return true;
}

/** A set of image ids as `packRanges` writes it. */
export const idRangesSchema = z
  .string()
  .regex(/^(\d{1,10}(-\d{1,10})?(,\d{1,10}(-\d{1,10})?)*)?$/, 'not a list of id ranges like 1-5,8')
  .refine((text) => countRanges(text) <= maxIds, 'too many images, or a range that runs backwards');

/** Packs an ordered list of ids of 32 bits: base64 of int32, little-endian. */
export function packIds(ids: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(ids.length * 4));
  for (let i = 0; i < ids.length; i++) view.setInt32(4 * i, ids[i], true);
  const parts: string[] = [];
  // More characters at a time would be too many arguments.
  for (let start = 0; start < view.byteLength; start += 8190) {
    const length = Math.min(8190, view.byteLength - start);
    parts.push(String.fromCharCode(...new Uint8Array(view.buffer, start, length)));
  }
  return btoa(parts.join(''));
}

/** Unpacks what `packIds` made, in its order. */
export function unpackIds(text: string): Int32Array {
  const bytes = atob(text);
  const view = new DataView(new ArrayBuffer(bytes.length));
  for (let i = 0; i < bytes.length; i++) view.setUint8(i, bytes.charCodeAt(i));
  const ids = new Int32Array(Math.floor(bytes.length / 4));
  for (let i = 0; i < ids.length; i++) ids[i] = view.getInt32(4 * i, true);
  return ids;
}
