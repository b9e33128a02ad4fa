/**
 * What the layers of Keras' networks are called with: tensors, and for operations numbers too, in the ways of its
 * versions.
 */
import type { Connection } from '../network/topology.ts';
import type { Operand } from './keras-operations.ts';

type Config = Readonly<Record<string, unknown>>;

/** What a layer is called with. */
export interface Call {
  readonly tensors: readonly Connection[];
  /** Tensors and numbers in their order. */
  readonly operands: readonly Operand[];
  /** Arguments by name that are no tensors. */
  readonly named: Config;
  /** How many axes each tensor has, where the file says it. */
  readonly ranks: readonly number[];
}

interface Found {
  readonly operands: Operand[];
  readonly ranks: number[];
}

/**
 * The call of one node. Keras 2 writes `[[layer, call, output, {}], …]`, one of them alone or an object of them by
 * name; Keras 3 `{ args: [tensor, or list or object of tensors], kwargs }`.
 * @param names in this order are tensors taken from objects
 */
export function callOf(node: unknown, names: readonly string[] = []): Call {
  const { args, kwargs } = (node ?? {}) as { args?: unknown; kwargs?: Config };
  return Array.isArray(args) ? kerasThree(args, kwargs ?? {}, names) : kerasTwo(node, names);
}

function asCall({ operands, ranks }: Found, named: Config): Call {
  const tensors = operands.flatMap((operand) => ('tensor' in operand ? [operand.tensor] : []));
  return { tensors, operands, named, ranks };
}

/** Keras 3's way. */
function kerasThree(args: readonly unknown[], kwargs: Config, names: readonly string[]): Call {
  const found: Found = { operands: [], ranks: [] };
  for (const value of args) collect(value, names, found);
  const named: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(kwargs)) {
    // By name come tensors and operands, switches like `training`, and masks, which are left out.
    if (name === 'mask') continue;
    if (/^x\d?$/.test(name) || holdsTensor(value)) collect(value, names, found);
    else named[name] = value;
  }
  return asCall(found, named);
}

function isTensor(value: unknown): value is { config: { keras_history: unknown[]; shape?: unknown } } {
  const { class_name, config } = (value ?? {}) as {
    class_name?: unknown;
    config?: { keras_history?: unknown };
  };
  return class_name === '__keras_tensor__' && Array.isArray(config?.keras_history);
}

function holdsTensor(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false;
  return isTensor(value) || Object.values(value).some(holdsTensor);
}

function collect(value: unknown, names: readonly string[], into: Found): void {
  if (isTensor(value)) {
    const { keras_history, shape } = value.config;
    into.operands.push({ tensor: connection(keras_history) });
    if (Array.isArray(shape)) into.ranks.push(shape.length);
  } else if (holdsTensor(value)) {
    const parts = Array.isArray(value) ? (value as unknown[]) : inOrder(value as object, names);
    for (const inner of parts) collect(inner, names, into);
  } else into.operands.push({ constant: value });
}

/** Keras 2 gives operations that begin with a number this name in place of a layer's. */
const constantName = '_CONSTANT_VALUE';
/** Arguments of TensorFlow's functions that are operands, not settings. */
const operandNames = ['y', 'bias'];

/** Keras 2's way. */
function kerasTwo(node: unknown, names: readonly string[]): Call {
  const found: Found = { operands: [], ranks: [] };
  const named: Record<string, unknown> = {};
  for (const tuple of connectionsIn(node, names)) {
    const [from, , third, settings] = tuple as [string, number, unknown, Config | undefined];
    found.operands.push(from === constantName ? { constant: third } : { tensor: connection(tuple) });
    for (const [name, value] of Object.entries(settings ?? {})) {
      const last = Array.isArray(value) && value.length === 3 && typeof value[0] === 'string';
      if (last) found.operands.push({ tensor: connection(value) });
      else if (operandNames.includes(name)) found.operands.push({ constant: value });
      else named[name] = value;
    }
  }
  return asCall(found, named);
}

function connectionsIn(value: unknown, names: readonly string[]): unknown[][] {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value) && typeof value[0] === 'string') return [value];
  const parts = Array.isArray(value) ? (value as unknown[]) : inOrder(value, names);
  return parts.flatMap((inner) => connectionsIn(inner, names));
}

function connection([layer, call, output]: readonly unknown[]): Connection {
  return [String(layer), Number(call), Number(output), {}];
}

/** The values of an object in Keras' order: that of the requested names, else the alphabet. */
export function inOrder(value: object, names: readonly string[]): unknown[] {
  const known = names.filter((name) => name in value);
  const keys = known.length > 0 ? known : Object.keys(value).sort();
  return keys.map((key) => (value as Record<string, unknown>)[key]);
}
