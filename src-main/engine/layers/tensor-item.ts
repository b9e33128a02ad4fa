/**
 * Parts of tensors, as Python writes them: `x[..., ::-1]`, `x[:, 0]`, `x[:, None]`. Put together from slices, since
 * tfjs knows no gradient of its own strided slice.
 */
import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../base/backend.ts';
import type { Settings, Shape } from './layer-class.ts';

/** One entry between the brackets: `rest` for `...`, `new` for `None`, a place, or `[start, stop, step]`. */
type Entry = 'rest' | 'new' | number | readonly [number | null, number | null, number | null];

/** One entry for each axis of the tensor, with `new` between them. */
function entriesOf(item: unknown, rank: number): Entry[] {
  const given = item as Entry[];
  const named = given.filter((entry) => entry !== 'rest' && entry !== 'new').length;
  const rest = new Array<Entry>(rank - named).fill([null, null, null]);
  const place = given.indexOf('rest');
  return place < 0 ? [...given, ...rest] : given.toSpliced(place, 1, ...rest);
}

/** The places along an axis that an entry takes, as Python counts them. */
function placesOf(
  [start, stop, step]: readonly [number | null, number | null, number | null],
  side: number,
): number[] {
  const by = step ?? 1;
  const [least, most] = by > 0 ? [0, side] : [-1, side - 1];
  const inside = (place: number): number => Math.min(most, Math.max(least, place < 0 ? place + side : place));
  const from = start === null ? (by > 0 ? 0 : side - 1) : inside(start);
  const to = stop === null ? (by > 0 ? side : -1) : inside(stop);
  const places: number[] = [];
  for (let at = from; by > 0 ? at < to : at > to; at += by) places.push(at);
  return places;
}

function isWhole(entry: Entry): boolean {
  return Array.isArray(entry) && (entry as unknown[]).every((part) => part === null || part === 1);
}

/**
 * The shape of a part.
 * @param item the entries between the brackets
 */
export function shapeOfItem(shape: Shape, item: unknown): Shape {
  let axis = 0;
  return entriesOf(item, shape.length).flatMap((entry): Shape => {
    if (entry === 'new') return [1];
    const side = shape[axis++];
    if (typeof entry === 'number') return [];
    if (isWhole(entry) || side === null) return [side];
    return [placesOf(entry as [number, number, number], side).length];
  });
}

/** Takes the part of a tensor that the setting `item` names. */
export function computeItem(tf: Tf, [x]: readonly tfjs.Tensor[], { item }: Settings): tfjs.Tensor {
  let taken = x;
  let axis = 0;
  for (const entry of entriesOf(item, x.rank)) {
    if (entry === 'new') taken = tf.expandDims(taken, axis++);
    else if (typeof entry === 'number') {
      const place = entry < 0 ? entry + taken.shape[axis] : entry;
      taken = tf.squeeze(cut(tf, taken, axis, place, 1), [axis]);
    } else taken = alongAxis(tf, taken, axis++, entry as [number, number, number]);
  }
  return taken;
}

function cut(tf: Tf, x: tfjs.Tensor, axis: number, begin: number, length: number): tfjs.Tensor {
  const begins = x.shape.map((_, at) => (at === axis ? begin : 0));
  return tf.slice(
    x,
    begins,
    x.shape.map((side, at) => (at === axis ? length : side)),
  );
}

function alongAxis(tf: Tf, x: tfjs.Tensor, axis: number, entry: [number, number, number]): tfjs.Tensor {
  if (isWhole(entry)) return x;
  const places = placesOf(entry, x.shape[axis]);
  const [first = 0] = places;
  const step = (places[1] ?? first + 1) - first;
  if (step === 1) return cut(tf, x, axis, first, places.length);
  if (step === -1) return tf.reverse(cut(tf, x, axis, places.at(-1)!, places.length), axis);
  return tf.gather(x, tf.tensor1d(places, 'int32'), axis);
}
