import type { Variable } from '@tensorflow/tfjs';
import { attributeValue, typeValue } from './attribute-values.ts';
import type { NodeDef } from '../../../core/tensorflow/generated/tensorflow/core/framework/node_def_pb.js';
import type { GraphNodes } from './graph-nodes.ts';
import { missingAttributes } from './missing-attributes.ts';
import { findRewrites } from './find-rewrites.ts';
import type { RewriteWriter } from './rewrite.ts';
import type { StateNodes } from './state-nodes.ts';
import { repeatedElement } from './tensor-content.ts';
import type { Constant, Operation, Trace, Value, Write } from './trace.ts';

/** Larger constants go into the session's state instead of the file (which may not exceed 2 GB). */
const LARGEST_CONSTANT = 1 << 20;

/** Operations that never pass on the memory of an input: what they give may be kept in a variable as it is. */
const FRESH =
  /^(Add|AddV2|Sub|Mul|Div|RealDiv|DivNoNan|MatMul|Maximum|Minimum|Sqrt|Rsqrt|Square|SquaredDifference|Pow|Neg|Exp)$/;

/** The nodes to feed and to fetch to run one program. */
export interface ProgramNodes {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Fetched as well, so that the program's writes happen; null when there are none and there is an output. */
  readonly done: string | null;
}

/** Writes one recorded program into a graph, under a prefix. Operations that lead nowhere are left out. */
export function addProgram(nodes: GraphNodes, state: StateNodes, trace: Trace, prefix: string): ProgramNodes {
  return new ProgramWriter(nodes, state, trace, prefix).add();
}

class ProgramWriter {
  readonly #nodes: GraphNodes;
  readonly #state: StateNodes;
  readonly #trace: Trace;
  readonly #prefix: string;
  readonly #inputs: string[];
  readonly #operationNodes = new Map<Operation, string>();
  /** A variable's contents before any write (`null`) and after each: the reading nodes, made on demand. */
  readonly #reads = new Map<Write | null, Map<object, NodeDef>>();
  readonly #writeNodes = new Map<Write, string>();
  readonly #rewriteWriter: RewriteWriter;
  #count = 0;

  constructor(nodes: GraphNodes, state: StateNodes, trace: Trace, prefix: string) {
    this.#nodes = nodes;
    this.#state = state;
    this.#trace = trace;
    this.#prefix = prefix;
    this.#rewriteWriter = {
      binding: nodes.binding,
      input: (value) => this.#input(value),
      constant: (constant) => nodes.constant(constant),
      add: (op, inputs, attributes) => nodes.add(this.#name(op), op, inputs, attributes).name,
      addLike: (operation, inputs) => this.#addLike(operation, inputs),
    };
    this.#inputs = trace.inputs.map((input, index) => nodes.placeholder(`${prefix}/input_${index}`, input));
  }

  add(): ProgramNodes {
    const { operations, writes, outputs } = this.#trace;
    const needed = neededOperations(outputs, writes);
    for (const write of writes) this.#writeNodes.set(write, this.#name(write.name));
    const used = operations.filter((operation) => needed.has(operation));
    const rewrites = findRewrites(used, [...outputs, ...writes.flatMap(({ operands }) => operands)]);
    for (const operation of used) {
      const rewrite = rewrites.get(operation);
      const name = rewrite ? rewrite(this.#rewriteWriter) : this.#addOperation(operation);
      if (name !== null) this.#operationNodes.set(operation, name);
    }
    const written = writes.map((write) => this.#addWrite(write));
    const outputNames = outputs.map((value, index) => {
      const type = { T: typeValue(this.#typeOf(value)) };
      return this.#nodes.add(`${this.#prefix}/output_${index}`, 'Identity', [this.#input(value)], type).name;
    });
    this.#orderReadsBeforeWrites(written);
    const mustRun = written.length > 0 || outputs.length === 0;
    const names = written.map(({ name }) => name);
    const done = mustRun ? this.#nodes.barrier(`${this.#prefix}/done`, names) : null;
    return { inputs: this.#inputs, outputs: outputNames, done };
  }

  #name(operation: string): string {
    return `${this.#prefix}/${this.#count++}_${operation.replace(/^_+/, '')}`;
  }

  #addOperation(operation: Operation): string {
    return this.#addLike(
      operation,
      operation.inputs.map((value) => this.#input(value)),
    );
  }

  /** Adds a recorded operation with these inputs. Returns the name of its node. */
  #addLike(operation: Operation, inputs: string[]): string {
    const { name, attributes } = operation;
    const { binding } = this.#nodes;
    const node = this.#nodes.add(
      this.#name(name),
      name,
      inputs,
      Object.fromEntries(attributes.map((attribute) => [attribute.name, attributeValue(binding, attribute)])),
    );
    for (const [key, dtype] of missingAttributes(operation, (value) => this.#typeOf(value))) {
      node.attr[key] ??= typeValue(dtype);
    }
    return node.name;
  }

  #addWrite(write: Write): NodeDef {
    const { name, attributes, targets, operands } = write;
    const { binding } = this.#nodes;
    const assigns = name === 'AssignVariableOp';
    const inputs = operands.map((value) => (assigns ? this.#ownCopy(value) : this.#input(value)));
    const handles = targets.map((target) => this.#state.of(target).handle);
    const node = this.#nodes.add(this.#writeNodes.get(write)!, name, [...handles, ...inputs]);
    for (const attribute of attributes) node.attr[attribute.name] = attributeValue(binding, attribute);
    if (assigns) node.attr.dtype = typeValue(this.#state.of(targets[0]).dtype);
    return node;
  }

  /** The value in memory that the session may keep: not that of a fed tensor, which JavaScript may own. */
  #ownCopy(value: Value): string {
    const input = this.#input(value);
    if (value.kind !== 'input' && !(value.kind === 'output' && !FRESH.test(value.operation.name)))
      return input;
    const type = { T: typeValue(this.#typeOf(value)) };
    return this.#nodes.add(this.#name('DeepCopy'), 'DeepCopy', [input], type).name;
  }

  /** The name by which other nodes refer to a value. */
  #input(value: Value): string {
    switch (value.kind) {
      case 'input':
        return this.#inputs[value.index];
      case 'output':
        return `${this.#operationNodes.get(value.operation)!}:${value.index}`;
      case 'variable':
        return this.#read(value.variable, value.write);
      case 'constant':
        return value.bytes.length <= LARGEST_CONSTANT || repeatedElement(this.#nodes.binding, value)
          ? this.#nodes.constant(value)
          : this.#read(value, null);
    }
  }

  #read(source: Variable | Constant, after: Write | null): string {
    const reads = this.#reads.get(after) ?? new Map<object, NodeDef>();
    this.#reads.set(after, reads);
    const known = reads.get(source);
    if (known) return known.name;
    const { handle, dtype } = this.#state.of(source);
    const order = after ? [`^${this.#writeNodes.get(after)!}`] : [];
    const node = this.#nodes.add(this.#name('ReadVariableOp'), 'ReadVariableOp', [handle, ...order], {
      dtype: typeValue(dtype),
    });
    reads.set(source, node);
    return node.name;
  }

  /** Each write comes after the previous write of the same variable and after whatever read that write's result. */
  #orderReadsBeforeWrites(nodes: readonly NodeDef[]): void {
    const latest = new Map<object, Write>();
    this.#trace.writes.forEach((write, index) => {
      const before = new Set<string>();
      for (const target of write.targets) {
        const previous = latest.get(target) ?? null;
        if (previous) before.add(`^${this.#writeNodes.get(previous)!}`);
        const read = this.#reads.get(previous)?.get(target);
        if (read) before.add(`^${read.name}`);
        latest.set(target, write);
      }
      nodes[index].input.push(...before);
    });
  }

  #typeOf(value: Value): number {
    switch (value.kind) {
      case 'input':
        return this.#trace.inputs[value.index].dtype;
      case 'output':
        return value.operation.outputTypes[value.index];
      case 'variable':
        return this.#state.of(value.variable).dtype;
      case 'constant':
        return value.dtype;
    }
  }
}

/** The operations that outputs and writes depend on. */
function neededOperations(outputs: readonly Value[], writes: readonly Write[]): Set<Operation> {
  const needed = new Set<Operation>();
  const open: Value[] = [...outputs, ...writes.flatMap(({ operands }) => operands)];
  for (let value = open.pop(); value; value = open.pop()) {
    if (value.kind !== 'output' || needed.has(value.operation)) continue;
    needed.add(value.operation);
    open.push(...value.operation.inputs);
  }
  return needed;
}
