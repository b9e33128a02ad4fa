import type { Tensor, Variable } from '@tensorflow/tfjs';
import { createZeros, valuesOfType } from './tensor-content.ts';
import { GraphNodes } from './graph-nodes.ts';
import { GraphSession } from './graph-session.ts';
import type { NodeBackend } from '../native-binding.ts';
import { inHalfPrecision } from './half-precision.ts';
import { addProgram, type ProgramNodes } from './program-nodes.ts';
import { StateNodes, type StateSource, type StateTensor } from './state-nodes.ts';
import type { Precision } from '../../../engine/base/backend.ts';
import type { Trace } from './trace.ts';

function isVariable(source: StateSource): source is Variable {
  return !('kind' in source);
}

/** Recorded programs in one session, with the state that they share. */
export class CompiledPrograms {
  /** Of the convolutions; float32 where there are none. */
  readonly precision: Precision;
  readonly #backend: NodeBackend;
  readonly #session: GraphSession;
  readonly #programs = new Map<Trace, ProgramNodes>();
  readonly #state: StateTensor[];
  /** State tensors that programs write. */
  readonly #written: StateTensor[];
  /** The data that each variable had when it and the session last agreed. */
  readonly #agreed = new Map<StateTensor, object>();

  /** Loads the graph, runs every program once to prove it, and sets the state to the variables' contents. */
  constructor(backend: NodeBackend, traces: readonly Trace[], precision: Precision) {
    this.#backend = backend;
    const nodes = new GraphNodes(backend.binding);
    const state = new StateNodes(nodes, (variable) => this.#typeOf(variable));
    traces.forEach((trace, index) =>
      this.#programs.set(trace, addProgram(nodes, state, trace, `program_${index}`)),
    );
    this.#state = state.all();
    const targets = new Set<StateSource>(
      traces.flatMap(({ writes }) => writes.flatMap((write) => write.targets)),
    );
    this.#written = this.#state.filter(({ source }) => isVariable(source) && targets.has(source));
    const half = precision === 'bfloat16' ? inHalfPrecision(nodes.list) : null;
    this.precision = half === null ? 'float32' : precision;
    this.#session = new GraphSession(backend.binding, half ?? nodes.list);
    try {
      this.#setHidden();
      this.writeVariables();
      this.#tryOut(traces);
    } catch (error) {
      this.#session.dispose();
      throw error;
    }
  }

  /** Runs a program. The caller disposes of the outputs. */
  run(trace: Trace, inputs: readonly Tensor[]): Tensor[] {
    const { inputs: feeds, outputs, done } = this.#programs.get(trace)!;
    const fetches = done ? [...outputs, done] : outputs;
    const fetched = this.#session.run(this.#backend.getInputTensorIds(inputs), feeds, fetches);
    if (done) this.#backend.binding.deleteTensor(fetched[outputs.length].id);
    return fetched.slice(0, outputs.length).map((output) => this.#backend.createOutputTensor(output));
  }

  /** Copies what programs may have changed into the variables. */
  readVariables(): void {
    const tensors = this.#written.filter(({ source }) => isVariable(source) && !source.isDisposed);
    if (tensors.length === 0) return;
    const got = this.#session.run(
      [],
      [],
      tensors.map(({ get }) => get),
    );
    tensors.forEach((tensor, index) => {
      const variable = tensor.source as Variable;
      const value = this.#backend.createOutputTensor(got[index]);
      variable.assign(value);
      value.dispose();
      this.#agreed.set(tensor, variable.dataId);
    });
  }

  /** Copies all variables into the state, if one of them has been assigned since the two last agreed. */
  writeVariables(): void {
    const tensors = this.#state.filter(({ source }) => isVariable(source) && !source.isDisposed);
    if (tensors.every((tensor) => this.#agreed.get(tensor) === (tensor.source as Variable).dataId)) return;
    const ids = this.#backend.getInputTensorIds(tensors.map(({ source }) => source as Variable));
    this.#set(tensors, ids);
    for (const tensor of tensors) this.#agreed.set(tensor, (tensor.source as Variable).dataId);
  }

  dispose(): void {
    this.#session.dispose();
  }

  /** Sets what no variable stands for: scratch slots to zero, large constants to their contents. */
  #setHidden(): void {
    const { binding } = this.#backend;
    const tensors = this.#state.filter(({ source }) => !isVariable(source));
    if (tensors.length === 0) return;
    const ids = tensors.map(({ source, shape, dtype }) =>
      'kind' in source && source.kind === 'constant'
        ? binding.createTensor([...shape], dtype, valuesOfType(binding, dtype, source.bytes))
        : createZeros(binding, { shape, dtype }),
    );
    this.#set(tensors, ids);
    for (const id of ids) binding.deleteTensor(id);
  }

  #set(tensors: readonly StateTensor[], ids: number[]): void {
    this.#session.perform(
      ids,
      tensors.map(({ setInput }) => setInput),
      tensors.map(({ setDone }) => setDone),
    );
  }

  /**
   * Runs each program once on zeros: TensorFlow looks for kernels and optimises a graph only when it first runs, and a
   * graph that cannot run must be known now. Then sets the state anew.
   */
  #tryOut(traces: readonly Trace[]): void {
    const { binding } = this.#backend;
    for (const trace of traces) {
      const { inputs: feeds, outputs, done } = this.#programs.get(trace)!;
      const ids = trace.inputs.map((signature) => createZeros(binding, signature));
      try {
        this.#session.perform(ids, feeds, done ? [...outputs, done] : outputs);
      } finally {
        for (const id of ids) binding.deleteTensor(id);
      }
    }
    if (traces.every(({ writes }) => writes.length === 0)) return;
    this.#agreed.clear();
    this.#setHidden();
    this.writeVariables();
  }

  #typeOf(variable: Variable): number {
    return this.#backend.tensorMap.get(variable.dataId)!.dtype;
  }
}
