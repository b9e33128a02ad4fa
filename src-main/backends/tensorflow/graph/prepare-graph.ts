import type { Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { Precision, Program, ProgramSet, ProgramSpec, Tf } from '../../../engine/base/backend.ts';
import { prepareEagerly } from '../../../engine/base/eager-programs.ts';
import { tellsOfMemory } from '../../../engine/base/out-of-memory.ts';
import { nodeBackendOf, type NodeBackend } from '../native-binding.ts';
import { CompiledPrograms } from './compiled-programs.ts';
import { recordProgram } from './recorder.ts';
import { NotCompilable, type Signature, type Trace } from './trace.ts';

/** Recorded forms that one program may have at a time, for batches of different sizes. */
const LARGEST_NUMBER_OF_FORMS = 8;

/**
 * Makes TensorFlow graphs of tfjs programs: each is run once on zeros while its native operations are recorded, and
 * all are loaded as one session that holds the variables they use. Programs that cannot be a graph (they read numbers
 * while they run, draw random numbers in JavaScript, …) are run eagerly, and `whyEager` holds the reason.
 *
 * Throws only when memory does not suffice, with TensorFlow's message.
 * @param precision of the convolutions; where TensorFlow cannot run a graph in bfloat16, it is made in float32
 */
export function prepareGraph<Name extends string>(
  tf: Tf,
  programs: Record<Name, ProgramSpec>,
  precision: Precision = 'float32',
): ProgramSet<Name> {
  try {
    return new GraphProgramSet(tf, programs, precision);
  } catch (error) {
    // Eagerly they would need even more memory; the engine knows what to advise.
    if (error instanceof Error && tellsOfMemory(error.message)) throw error;
    return prepareEagerly(tf, programs, reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof NotCompilable ? message : `it could not be compiled: ${message}`;
}

class GraphProgramSet<Name extends string> implements ProgramSet<Name> {
  readonly mode = 'graph';
  readonly whyEager = null;
  readonly #tf: Tf;
  readonly #backend: NodeBackend;
  readonly #programs: Record<Name, ProgramSpec>;
  readonly #forms = new Map<string, Trace>();
  /** Forms that could not be made a graph. */
  readonly #failed = new Set<string>();
  /** The requested one; graphs without convolutions are not affected. */
  #precision: Precision;
  #whyExact: string | undefined;
  #compiled: CompiledPrograms;

  constructor(tf: Tf, programs: Record<Name, ProgramSpec>, precision: Precision) {
    this.#tf = tf;
    this.#precision = precision;
    this.#backend = nodeBackendOf(tf);
    this.#programs = programs;
    for (const name of Object.keys(programs) as Name[]) {
      const { exampleInputs, otherInputs = [] } = programs[name];
      for (const inputs of [exampleInputs, ...otherInputs]) this.#record(name, inputs);
    }
    this.#compiled = this.#compileFirst();
  }

  get precision(): Precision {
    return this.#compiled.precision;
  }

  get whyExact(): string | undefined {
    return this.#whyExact;
  }

  run(name: Name, inputs: Tensor[]): Tensor[] {
    const trace = this.#forms.get(this.#key(name, inputs));
    if (trace) return this.#compiled.run(trace, inputs);
    return this.#runNewForm(name, inputs);
  }

  readVariables(): void {
    this.#compiled.readVariables();
  }

  writeVariables(): void {
    this.#compiled.writeVariables();
  }

  dispose(): void {
    this.#compiled.dispose();
    this.#forms.clear();
  }

  /** Inputs of new shapes: the graph is made again with one more form of the program; failing that, runs eagerly. */
  #runNewForm(name: Name, inputs: Tensor[]): Tensor[] {
    this.#compiled.readVariables();
    if (!this.#addForm(name, inputs)) return this.#runEagerly(this.#programs[name].program, inputs);
    return this.#compiled.run(this.#forms.get(this.#key(name, inputs))!, inputs);
  }

  #addForm(name: Name, inputs: Tensor[]): boolean {
    const key = this.#key(name, inputs);
    if (this.#failed.has(key)) return false;
    try {
      this.#record(name, inputs);
      this.#dropOldForms(name);
      const compiled = this.#compile();
      this.#compiled.dispose();
      this.#compiled = compiled;
      return true;
    } catch {
      // If the program itself is at fault, running it eagerly throws its error.
      this.#forms.delete(key);
      this.#failed.add(key);
      return false;
    }
  }

  #runEagerly(program: Program, inputs: Tensor[]): Tensor[] {
    const outputs = this.#tf.tidy(() => program(inputs));
    this.#compiled.writeVariables();
    return outputs;
  }

  #record(name: Name, inputs: readonly TensorInfo[]): Trace {
    const signatures = inputs.map((input) => this.#signature(input));
    const trace = recordProgram(this.#tf, this.#backend, this.#programs[name].program, signatures);
    this.#forms.set(this.#key(name, inputs), trace);
    return trace;
  }

  #compileFirst(): CompiledPrograms {
    try {
      return this.#compile();
    } catch (error) {
      if (this.#precision === 'float32' || (error instanceof Error && tellsOfMemory(error.message)))
        throw error;
      this.#precision = 'float32';
      this.#whyExact = error instanceof Error ? error.message : String(error);
      return this.#compile();
    }
  }

  #compile(): CompiledPrograms {
    return new CompiledPrograms(this.#backend, [...this.#forms.values()], this.#precision);
  }

  /** Forgets forms recorded on the way, the oldest first; those that were announced stay. */
  #dropOldForms(name: Name): void {
    const keys = [...this.#forms.keys()].filter((key) => key.startsWith(`${name}|`));
    const announced = 1 + (this.#programs[name].otherInputs?.length ?? 0);
    const surplus = Math.max(0, keys.length - LARGEST_NUMBER_OF_FORMS);
    for (const key of keys.slice(announced, announced + surplus)) this.#forms.delete(key);
  }

  #signature(input: TensorInfo): Signature {
    // A tensor of bytes is `int32` to tfjs: what counts is the type that TensorFlow knows.
    const native = input.dataId ? this.#backend.tensorMap.get(input.dataId) : undefined;
    return { shape: input.shape, dtype: native?.dtype ?? this.#backend.getDTypeInteger(input.dtype) };
  }

  #key(name: Name, inputs: readonly TensorInfo[]): string {
    const signatures = inputs.map((input) => {
      const { shape, dtype } = this.#signature(input);
      return `${dtype}:${shape.join('x')}`;
    });
    return `${name}|${signatures.join('|')}`;
  }
}
