import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { FusedUpdate, Program, Tf } from '../../../engine/base/backend.ts';
import type { NativeAttribute, NativeBinding, NativeOutput, NodeBackend } from '../native-binding.ts';
import { fusedWrite } from './fused-updates.ts';
import { constantFromValues, createZeros } from './tensor-content.ts';
import type { Operation, Signature, Trace, Value, Write } from './trace.ts';
import { NotCompilable } from './trace.ts';
import { VariableIsolation } from './variable-isolation.ts';

/** Operations whose result has a shape that depends on the numbers in it. */
const DATA_DEPENDENT = /^(Where|Unique|UniqueV2|NonMaxSuppressionV\d|StringSplit|DynamicPartition)$/;
/** Operations that draw numbers of their own, the same in no two runs. */
const UNSEEDED = /^(Random|Multinomial|TruncatedNormal|ParameterizedTruncatedNormal)/;

/** The recording under way in each tfjs, for updates that the program wants fused. */
const recordings = new WeakMap<Tf, Recording>();

/** Within a recording, records the update as one native operation. See `Backend.fuseUpdate`. */
export function fuseUpdate(tf: Tf, update: FusedUpdate): boolean {
  const recording = recordings.get(tf);
  if (!recording) return false;
  recording.fuse(update);
  return true;
}

/**
 * Runs the program once, on zeros, and records what it does. `tf.Variable`s have the same contents afterwards as
 * before. Throws NotCompilable when the program cannot be a graph, and whatever the program throws.
 */
export function recordProgram(
  tf: Tf,
  backend: NodeBackend,
  program: Program,
  inputs: readonly Signature[],
): Trace {
  const recording = new Recording(tf, backend);
  const { random } = Math;
  recordings.set(tf, recording);
  Math.random = () => {
    recording.reject('it draws random numbers in JavaScript, which would be the same in every run');
    return random();
  };
  let trace: Trace | null = null;
  try {
    // Not returned through `tidy`, which would look for tensors in it.
    tf.tidy(() => {
      trace = recording.run(program, inputs);
    });
    if (!trace) throw new NotCompilable('it returned nothing');
    return trace;
  } finally {
    Math.random = random;
    recordings.delete(tf);
    recording.end();
  }
}

/** Listens to tfjs-node's native calls while a program runs. */
class Recording {
  readonly #tf: Tf;
  readonly #backend: NodeBackend;
  readonly #native: NativeBinding;
  readonly #isolation: VariableIsolation;
  readonly #values = new Map<number, Value>();
  readonly #operations: Operation[] = [];
  readonly #writes: Write[] = [];
  /** The value that each variable has after the writes recorded so far. */
  readonly #written = new Map<Variable, Value>();
  #reason: string | null = null;

  constructor(tf: Tf, backend: NodeBackend) {
    this.#tf = tf;
    this.#backend = backend;
    this.#native = backend.binding;
    this.#isolation = new VariableIsolation(tf, backend, (variable, id) => {
      const value: Value = { kind: 'variable', variable, write: null };
      this.#values.set(id, value);
      this.#written.set(variable, value);
    });
    backend.binding = Object.create(this.#native, {
      executeOp: { value: this.#executeOp.bind(this) },
      createTensor: { value: this.#createTensor.bind(this) },
      tensorDataSync: { value: this.#tensorDataSync.bind(this) },
    }) as NativeBinding;
  }

  /** Notes why the program cannot be a graph; it runs on, so that it fails nowhere in between. */
  reject(reason: string): void {
    this.#reason ??= reason;
  }

  run(program: Program, inputs: readonly Signature[]): Trace {
    const fed = inputs.map((signature, index) => this.#input(signature, index));
    const firstOwnId = this.#tf.scalar(0).id;
    const outputs = program(fed);
    const outputValues = this.#backend.getInputTensorIds(outputs).map((id) => this.#value(id));
    for (const variable of this.#isolation.variables()) this.#recordAssignment(variable);
    // Programs may have kept outputs from being tidied away. Variables, and what was there before, live on.
    for (const output of outputs)
      if (output.id > firstOwnId && !this.#isolation.has(output)) output.dispose();
    if (this.#reason) throw new NotCompilable(this.#reason);
    return { inputs, outputs: outputValues, operations: this.#operations, writes: this.#writes };
  }

  /** Records a native update; from here on, reading its variables means reading their new contents. */
  fuse(update: FusedUpdate): void {
    const toValue = (tensor: Tensor) => this.#value(this.#backend.getInputTensorIds([tensor])[0]);
    const write = fusedWrite(this.#native, update, toValue);
    for (const target of write.targets) if (!('kind' in target)) this.#recordAssignment(target);
    this.#writes.push(write);
    for (const target of write.targets) if (!('kind' in target)) this.#noteWritten(target, write);
  }

  end(): void {
    this.#backend.binding = this.#native;
    this.#isolation.restore();
  }

  /** Records that the variable has been assigned since its last recorded write, if so. */
  #recordAssignment(variable: Variable): void {
    const value = this.#value(this.#isolation.idOf(variable));
    if (value === this.#written.get(variable)) return;
    const write: Write = { name: 'AssignVariableOp', attributes: [], targets: [variable], operands: [value] };
    this.#writes.push(write);
    this.#noteWritten(variable, write);
  }

  #noteWritten(variable: Variable, write: Write): void {
    const value: Value = { kind: 'variable', variable, write };
    this.#values.set(this.#isolation.renew(variable), value);
    this.#written.set(variable, value);
  }

  #input(signature: Signature, index: number): Tensor {
    const id = createZeros(this.#native, signature);
    this.#values.set(id, { kind: 'input', index });
    return this.#backend.createOutputTensor({ id, shape: [...signature.shape], dtype: signature.dtype });
  }

  #value(id: number): Value {
    const known = this.#values.get(id);
    if (known) return known;
    const captured = this.#capture(id);
    this.#values.set(id, captured);
    return captured;
  }

  /** A tensor from before the program that is not a variable: its contents become a constant. */
  #capture(id: number): Value {
    const [copy] = this.#native.executeOp('Identity', [], [id], 1);
    try {
      if (copy.dtype === this.#native.TF_UINT8) throw new NotCompilable('it uses a byte tensor from outside');
      return constantFromValues(copy.shape, copy.dtype, this.#native.tensorDataSync(copy.id));
    } finally {
      this.#native.deleteTensor(copy.id);
    }
  }

  #executeOp(name: string, attributes: NativeAttribute[], ids: number[], count: number): NativeOutput[] {
    if (DATA_DEPENDENT.test(name)) this.reject(`${name} gives a result whose shape depends on the numbers`);
    if (UNSEEDED.test(name)) this.reject(`${name} draws random numbers without a seed that is fed`);
    if (count === 0) this.reject(`${name} acts outside the program`);
    const inputs = ids.map((id) => this.#value(id));
    const outputs = this.#native.executeOp(name, attributes, ids, count);
    const operation: Operation = { name, attributes, inputs, outputTypes: outputs.map(({ dtype }) => dtype) };
    this.#operations.push(operation);
    outputs.forEach(({ id }, index) => this.#values.set(id, { kind: 'output', operation, index }));
    return outputs;
  }

  #createTensor(
    shape: number[],
    dtype: number,
    values: Parameters<NativeBinding['createTensor']>[2],
  ): number {
    const id = this.#native.createTensor(shape, dtype, values);
    if (ArrayBuffer.isView(values)) this.#values.set(id, constantFromValues(shape, dtype, values));
    else this.reject('it makes text tensors');
    return id;
  }

  #tensorDataSync(id: number): ReturnType<NativeBinding['tensorDataSync']> {
    if (this.#values.get(id)?.kind !== 'constant')
      this.reject('it reads numbers out of tensors while it runs');
    return this.#native.tensorDataSync(id);
  }
}
