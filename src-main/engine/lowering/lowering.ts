/** What the operations of one layer are made with. */
import type { AppError } from '../../contract/shared/errors.ts';
import type { NetworkLayer } from '../network/network.ts';
import type { Numbers, Operation, Value, Work } from './operations.ts';

/** Operations in the making. */
export class Operations {
  readonly all: Operation[] = [];
  readonly imageShape: readonly [number, number, number];
  readonly #names = new Set<string>(['image']);

  constructor(imageShape: readonly [number, number, number]) {
    this.imageShape = imageShape;
  }

  /** Adds an operation. @param shape of what comes out; that of the first input where it is not given */
  add(wanted: string, work: Work, inputs: readonly Value[], shape?: readonly number[]): Operation {
    const own = inputs[0] === 'image' ? this.imageShape : inputs[0].shape;
    const operation: Operation = { name: this.#free(wanted), work, inputs, shape: shape ?? own };
    this.all.push(operation);
    return operation;
  }

  /** A name that nothing has yet, of letters that all formats take. */
  #free(wanted: string): string {
    const plain = wanted.replace(/[^\w./-]+/g, '_').replace(/^[^A-Za-z0-9.]/, 'n$&');
    let name = plain;
    for (let number = 1; this.#names.has(name); number++) name = `${plain}_${number}`;
    this.#names.add(name);
    return name;
  }
}

/** One layer about to be lowered. */
export interface LayerSite {
  readonly operations: Operations;
  readonly layer: NetworkLayer;
  /** Its settings, as tfjs names them. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly Value[];
  /** Their shapes, the batch left out. */
  readonly inputShapes: readonly (readonly number[])[];
  /** Of its output, the batch left out. */
  readonly shape: readonly number[];
  /** A weight by what it is: `kernel`, `bias`, `gamma`, …; null where the layer has none. */
  weight(kind: string): Numbers | null;
  /** The error for a variant of the layer that is not written. */
  readonly refuse: (variant: string) => AppError;
}

/** Adds the operations of a layer. @returns its output. @throws AppError EXPORT_LAYER_UNSUPPORTED */
export type LowerLayer = (site: LayerSite) => Value;

/** Adds an operation named after the layer, on the layer's only input. */
export function only(site: LayerSite, work: Work): Operation {
  return site.operations.add(site.layer.name, work, [site.inputs[0]], site.shape);
}

/** A weight that the layer must have. */
export function weightOf(site: LayerSite, kind: string): Numbers {
  const weight = site.weight(kind);
  if (weight === null) throw site.refuse(`${site.layer.type} without ${kind}`);
  return weight;
}

/** Two numbers, for height and width. */
export function pairOf(value: unknown): readonly [number, number] {
  return Array.isArray(value) ? [Number(value[0]), Number(value[1])] : [Number(value), Number(value)];
}
