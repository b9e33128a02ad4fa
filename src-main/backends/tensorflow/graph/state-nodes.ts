import type { Variable } from '@tensorflow/tfjs';
import { shapeValue, stringValue, typeValue } from './attribute-values.ts';
import type { GraphNodes } from './graph-nodes.ts';
import type { Constant, Scratch, Signature } from './trace.ts';

/** What a state tensor of the graph stands for. */
export type StateSource = Variable | Scratch | Constant;

/** One tensor of the session's state, and the names of the nodes that set and get it. */
export interface StateTensor extends Signature {
  readonly source: StateSource;
  readonly handle: string;
  /** To feed and then fetch, to set it. */
  readonly setInput: string;
  readonly setDone: string;
  /** To fetch, to get it. */
  readonly get: string;
}

/** The state shared by the programs of one graph. */
export class StateNodes {
  readonly #nodes: GraphNodes;
  readonly #typeOf: (variable: Variable) => number;
  readonly #tensors = new Map<StateSource, StateTensor>();

  constructor(nodes: GraphNodes, typeOf: (variable: Variable) => number) {
    this.#nodes = nodes;
    this.#typeOf = typeOf;
  }

  /** The state tensor for a variable, a scratch slot or a constant too large for the file. */
  of(source: StateSource): StateTensor {
    const known = this.#tensors.get(source);
    if (known) return known;
    const tensor = this.#declare(source, `state_${this.#tensors.size}`);
    this.#tensors.set(source, tensor);
    return tensor;
  }

  all(): StateTensor[] {
    return [...this.#tensors.values()];
  }

  #declare(source: StateSource, name: string): StateTensor {
    const dtype = 'kind' in source ? source.dtype : this.#typeOf(source);
    const { shape } = source;
    const nodes = this.#nodes;
    const type = typeValue(dtype);
    const { name: handle } = nodes.add(name, 'VarHandleOp', [], {
      dtype: type,
      shape: shapeValue(shape),
      shared_name: stringValue(name),
    });
    const setInput = nodes.placeholder(`${name}/fed`, { shape, dtype });
    // A copy, because JavaScript may own the fed memory: it must not be freed by one of TensorFlow's threads.
    nodes.add(`${name}/copy`, 'DeepCopy', [setInput], { T: type });
    nodes.add(`${name}/set`, 'AssignVariableOp', [handle, `${name}/copy`], { dtype: type });
    const setDone = nodes.barrier(`${name}/is_set`, [`${name}/set`]);
    nodes.add(`${name}/get`, 'ReadVariableOp', [handle], { dtype: type });
    return { source, shape, dtype, handle, setInput, setDone, get: `${name}/get` };
  }
}
