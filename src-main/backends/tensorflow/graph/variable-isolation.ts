import type { DataType, Tensor, Variable } from '@tensorflow/tfjs';
import type { Tf } from '../../../engine/base/backend.ts';
import type { NativeBinding, NodeBackend } from '../native-binding.ts';

type MakeVariable = (initialValue: Tensor, trainable?: boolean, name?: string, dtype?: DataType) => Variable;

/**
 * Gives every `tf.Variable` its own native tensor while a program is recorded, and puts everything back after.
 *
 * tfjs shares data between tensors (a clone, a variable made from a tensor, two variables made from one), so the id
 * of a variable's data does not say which variable was read. A native `Identity` gives a new id to the same buffer.
 */
export class VariableIsolation {
  readonly #tf: Tf;
  readonly #backend: NodeBackend;
  readonly #native: NativeBinding;
  readonly #onIsolated: (variable: Variable, id: number) => void;
  readonly #originals = new Map<Variable, Tensor>();

  /** To be made before the recorder. `onIsolated` hears of each variable's id, also when the program makes one. */
  constructor(tf: Tf, backend: NodeBackend, onIsolated: (variable: Variable, id: number) => void) {
    this.#tf = tf;
    this.#backend = backend;
    this.#native = backend.binding;
    this.#onIsolated = onIsolated;
    const engine = tf.engine();
    for (const variable of Object.values(engine.registeredVariables)) this.#isolate(variable);
    const makeVariable = engine.makeVariable.bind(engine);
    engine.makeVariable = (...parameters: Parameters<MakeVariable>) => {
      const variable = makeVariable(...parameters);
      this.#isolate(variable);
      return variable;
    };
  }

  /** The id of a variable's present data. */
  idOf(variable: Variable): number {
    return this.#backend.getInputTensorIds([variable])[0];
  }

  /** Gives a variable a new id for the data that it has, as if it had been written. */
  renew(variable: Variable): number {
    // Past the recorder: this is not part of the program.
    const [output] = this.#native.executeOp('Identity', [], [this.idOf(variable)], 1);
    const tensor = this.#backend.createOutputTensor(output);
    variable.assign(tensor);
    tensor.dispose();
    return output.id;
  }

  /** Whether the tensor is one of the variables. */
  has(tensor: Tensor): boolean {
    return this.#originals.has(tensor as Variable);
  }

  /** All variables that were isolated and still live. */
  variables(): Variable[] {
    return [...this.#originals.keys()].filter((variable) => !variable.isDisposed);
  }

  /** Puts back the contents that each variable had at the start (or when it was made). */
  restore(): void {
    // The engine has its own `makeVariable` on its class.
    Reflect.deleteProperty(this.#tf.engine(), 'makeVariable');
    for (const [variable, original] of this.#originals) {
      if (!variable.isDisposed) variable.assign(original);
      original.dispose();
    }
    this.#originals.clear();
  }

  #isolate(variable: Variable): void {
    if (variable.dtype === 'string') return;
    this.#originals.set(variable, this.#tf.keep(variable.clone()));
    this.#onIsolated(variable, this.renew(variable));
  }
}
