import type * as tfjs from '@tensorflow/tfjs';

/** The tfjs API as the engine gets it: injected, whatever runs beneath. */
export type Tf = typeof tfjs;

/**
 * A tfjs program: tensors in, tensors out. It may read and assign `tf.Variable`s; it may not call `dataSync`
 * and may not draw random numbers in JavaScript (feed them, or a seed). Shapes are those of the example inputs.
 */
export type Program = (inputs: tfjs.Tensor[]) => tfjs.Tensor[];

/** One program with inputs that show its shapes and types. */
export interface ProgramSpec {
  readonly program: Program;
  readonly exampleInputs: readonly tfjs.TensorInfo[];
  /** Further sets of inputs that will come, e.g. the smaller last batch. Others work too, at the cost of a pause. */
  readonly otherInputs?: readonly (readonly tfjs.TensorInfo[])[];
}

/** What convolutions are computed in; everything else is float32. */
export type Precision = 'float32' | 'bfloat16';

/**
 * Programs that share their variables, ready to run. While it lives, the variables' true values are here:
 * call `readVariables` before reading a `tf.Variable`, `writeVariables` after assigning one from outside.
 */
export interface ProgramSet<Name extends string> {
  /** Runs one program. The caller disposes of the outputs. */
  run(name: Name, inputs: tfjs.Tensor[]): tfjs.Tensor[];
  /** Copies the state into the `tf.Variable`s. */
  readVariables(): void;
  /** Copies the `tf.Variable`s into the state. */
  writeVariables(): void;
  dispose(): void;
  /** `graph` when compiled, `eager` otherwise. */
  readonly mode: 'graph' | 'eager';
  /** Why it runs eagerly; null when compiled. */
  readonly whyEager: string | null;
  readonly precision: Precision;
  /** Why convolutions are float32 although bfloat16 was requested. */
  readonly whyExact?: string | undefined;
}

/**
 * One optimizer step for one variable. Each has a plain-arithmetic definition in `engine/optimizers/`; a backend
 * may do the same in one native operation. Formulas as in Keras 3; `learningRate` and the beta powers are scalars.
 */
export type FusedUpdate = {
  readonly variable: tfjs.Variable;
  readonly gradient: tfjs.Tensor;
  readonly learningRate: tfjs.Scalar;
} & (
  | { readonly kind: 'gradient-descent' }
  /** velocity ← momentum·velocity − rate·g; variable += velocity (Nesterov: momentum·velocity − rate·g). */
  | {
      readonly kind: 'momentum';
      readonly velocity: tfjs.Variable;
      readonly momentum: number;
      readonly nesterov: boolean;
    }
  /** square ← rho·square + (1−rho)·g²; variable −= rate·g / √(square + epsilon). */
  | {
      readonly kind: 'rms-prop';
      readonly meanSquare: tfjs.Variable;
      readonly rho: number;
      readonly epsilon: number;
    }
  /**
   * mean ← mean + (1−β₁)(g − mean); square ← square + (1−β₂)(g² − square);
   * variable −= rate·√(1−β₂ᵗ)/(1−β₁ᵗ) · mean / (√square + epsilon). The powers are β₁ᵗ and β₂ᵗ.
   */
  | {
      readonly kind: 'adam';
      readonly mean: tfjs.Variable;
      readonly meanSquare: tfjs.Variable;
      readonly beta1: number;
      readonly beta2: number;
      readonly beta1Power: tfjs.Scalar;
      readonly beta2Power: tfjs.Scalar;
      readonly epsilon: number;
    }
);

/** One candidate of the ladder, loaded: what the engine runs on. */
export interface Backend {
  /** `tensorflow`, `tensorflow-gpu`, `cpu`, … */
  readonly id: string;
  readonly label: string;
  readonly device: string;
  readonly version: string;
  /** True when a far faster candidate exists but could not be used. */
  readonly slow: boolean;
  /** What its graphs compute convolutions in. */
  readonly precision: Precision;
  readonly tf: Tf;
  /**
   * Inside a program that is being compiled: does the update in one native operation and returns true. Otherwise
   * returns false and changes nothing, and the caller does the arithmetic.
   */
  readonly fuseUpdate?: (update: FusedUpdate) => boolean;
  /**
   * Uniform float32 numbers in [0, 1) that depend on nothing but the seed (an int32 tensor of 2 numbers, which may be
   * fed), so that programs can draw anew in every run. Absent: draw with tfjs from the same two numbers.
   */
  readonly randomUniform?: (shape: readonly number[], seed: tfjs.Tensor1D) => tfjs.Tensor;
  /**
   * A tensor of bytes, for feeding pixels at a quarter of the size: `int32` to tfjs, and good for nothing but
   * `tf.cast`. Absent: an `int32` tensor of the same values. The bytes must not be changed while the tensor lives.
   */
  readonly bytes?: (values: Uint8Array, shape: readonly number[]) => tfjs.Tensor;
  /** Prepares programs: as a graph where the backend can, else eagerly. */
  prepare<Name extends string>(programs: Record<Name, ProgramSpec>): ProgramSet<Name>;
}
