/**
 * The few operations that a network comes to, channels last: what writers of TensorFlow's and LiteRT's files put into
 * those files' own words. Batch normalisation and other arithmetic with numbers that training left is `affine`.
 */

/** Numbers with their shape. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export type Pair = readonly [height: number, width: number];
export type Padding = 'same' | 'valid';

/** What is done to each number by itself. */
export type Function = 'relu' | 'relu6' | 'sigmoid' | 'tanh' | 'elu' | 'exp' | 'log' | 'abs';
/** What is done to the numbers of two values of one shape, or of a map and one number per channel. */
export type Arithmetic = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum';

/** What slides over a map. */
interface Sliding {
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: Padding;
}

interface WithKernel {
  readonly kernel: Numbers;
  /** One number for each channel that comes out. */
  readonly bias: Float32Array | null;
}

/** What an operation does. */
export type Work =
  /** @see Numbers kernel `[height, width, in, out]` */
  | ({ readonly kind: 'convolution' } & Sliding & WithKernel)
  /** Kernel `[height, width, channels, multiplier]`. */
  | ({ readonly kind: 'depthwise' } & Sliding & WithKernel)
  /** Kernel `[in, out]`. */
  | ({ readonly kind: 'dense' } & WithKernel)
  /** x · scale + offset; one number each, or one per channel. */
  | { readonly kind: 'affine'; readonly scale: Float32Array; readonly offset: Float32Array }
  | { readonly kind: 'function'; readonly function: Function }
  | { readonly kind: 'leaky-relu'; readonly slope: number }
  | { readonly kind: 'clip'; readonly lowest: number; readonly highest: number }
  /** Along the last axis. */
  | { readonly kind: 'softmax' }
  | { readonly kind: 'log-softmax' }
  | {
      readonly kind: 'pool';
      readonly operation: 'max' | 'average';
      readonly size: Pair;
      readonly strides: Pair;
      readonly padding: Padding;
    }
  /** Over height and width, which stay as sides of one where `keeps` says so. */
  | { readonly kind: 'global-pool'; readonly operation: 'max' | 'average'; readonly keeps: boolean }
  /** Zeros around a map. */
  | { readonly kind: 'pad'; readonly rows: Pair; readonly columns: Pair }
  | { readonly kind: 'reshape' }
  /** The centres of pixels matched, as TensorFlow 2 does it. */
  | { readonly kind: 'resize'; readonly nearest: boolean }
  | { readonly kind: 'arithmetic'; readonly operation: Arithmetic }
  /** The axis counts the batch. */
  | { readonly kind: 'concatenate'; readonly axis: number };

/** One operation of a lowered network. */
export interface Operation {
  readonly name: string;
  readonly work: Work;
  readonly inputs: readonly Value[];
  /** Of what comes out, the batch left out. */
  readonly shape: readonly number[];
  /** What is done to its result at once: for formats whose operations can do it. */
  readonly fused?: FusedFunction;
}

export type FusedFunction = Extract<Function, 'relu' | 'relu6'>;

/** What goes into an operation: the pixels of images, 0 to 255 as float32, or what another made. */
export type Value = 'image' | Operation;

/** A layer of the network, and the operation whose output is its own. */
export interface LoweredLayer {
  readonly name: string;
  readonly operation: Operation;
}

/** A network as operations. */
export interface LoweredNetwork {
  readonly name: string;
  readonly imageShape: readonly [height: number, width: number, channels: number];
  /** Each after those it takes its inputs from. */
  readonly operations: readonly Operation[];
  /** The probabilities of the classes. */
  readonly output: Operation;
  /** What the last dense layer reads; null where no dense layer decides. */
  readonly features: Value | null;
  /** Those layers whose output is still computed, in order. */
  readonly layers: readonly LoweredLayer[];
}
