/**
 * Reads tensors from PyTorch's file format of before version 1.6: five pickles one after the other (magic number,
 * protocol, system, the tensors by name, the keys of their storages), then each storage in the order of the keys.
 * @see `_legacy_save` in https://github.com/pytorch/pytorch/blob/main/torch/serialization.py
 */
import { AppError } from '../../../contract/shared/errors.ts';
import {
  PickleCall,
  PickleGlobal,
  type PickleList,
  PickleReference,
  PickleRefused,
  type PickleValue,
} from './pickle-values.ts';
import { readPickle } from './pickle.ts';

/** Numbers in a row, which tensors look into. */
interface TorchStorage {
  readonly type: keyof typeof storageTypes;
  /** How many numbers there are. */
  readonly length: number;
  /** Little-endian; null until the storages are reached. */
  bytes: Uint8Array | null;
}

/** A tensor as the file describes it: weights that came from TensorFlow are stored transposed, which strides tell. */
export interface TorchTensor {
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  /** Steps in the storage from one element to the next, for each axis. */
  readonly strides: readonly number[];
}

const magic = 0x1950a86a20f9469cfc6cn;
const protocol = 1001;
/** Bytes of each number. */
const storageTypes = { 'torch.FloatStorage': 4, 'torch.LongStorage': 8 } as const;
const rebuild = 'torch._utils._rebuild_tensor_v2';
const names = new Set(['collections.OrderedDict', rebuild, ...Object.keys(storageTypes)]);

/** Limits far above every network for images. */
const maxTensors = 20_000;
const maxRank = 8;
const maxElements = 2 ** 28;

/**
 * Reads all tensors of a file.
 * @param path for messages
 * @throws AppError MODEL_FILE_INVALID
 */
export function readTorchFile(bytes: Uint8Array, path: string): Map<string, TorchTensor> {
  try {
    return readFile(bytes);
  } catch (error) {
    if (!(error instanceof PickleRefused)) throw error;
    throw new AppError('MODEL_FILE_INVALID', { path, reason: error.message }, { cause: error });
  }
}

function readFile(bytes: Uint8Array): Map<string, TorchTensor> {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b)
    throw new PickleRefused('it is in PyTorch’s zip format, and only the format before it can be read');
  let at = 0;
  const next = (): PickleValue => {
    const { value, end } = readPickle(bytes, at, names);
    at = end;
    return value;
  };
  if (next() !== magic) throw new PickleRefused('it does not begin as a file of PyTorch');
  if (next() !== protocol) throw new PickleRefused(`it has another protocol of PyTorch than ${protocol}`);
  const system = next();
  if (!(system instanceof Map) || system.get('little_endian') !== true)
    throw new PickleRefused('its numbers are not little-endian');
  const storages = new Map<string, TorchStorage>();
  const tensors = tensorsOf(next(), storages);
  at = readStorages(bytes, next(), at, storages);
  if (at !== bytes.byteLength) throw new PickleRefused(`it has ${bytes.byteLength - at} bytes too many`);
  return tensors;
}

function tensorsOf(value: PickleValue, storages: Map<string, TorchStorage>): Map<string, TorchTensor> {
  if (!(value instanceof Map)) throw new PickleRefused('it does not hold tensors by name');
  if (value.size > maxTensors) throw new PickleRefused('it holds too many tensors');
  return new Map([...value].map(([name, entry]) => [name, tensorOf(name, entry, storages)]));
}

function tensorOf(name: string, value: PickleValue, storages: Map<string, TorchStorage>): TorchTensor {
  const damaged = new PickleRefused(`${name.slice(0, 200)} is not described as a tensor is`);
  if (!(value instanceof PickleCall) || value.name !== rebuild) throw damaged;
  const [reference, offset, shape, strides] = value.args;
  if (!(reference instanceof PickleReference) || !Array.isArray(shape) || !Array.isArray(strides))
    throw damaged;
  if (!isCount(offset) || !shape.every(isCount) || !strides.every(isCount)) throw damaged;
  if (shape.length !== strides.length || shape.length > maxRank) throw damaged;
  const elements = shape.reduce((product, side) => product * side, 1);
  if (elements > maxElements) throw new PickleRefused(`${name.slice(0, 200)} is too large`);
  const storage = storageOf(reference.id, storages);
  const last = shape.reduce((sum, side, axis) => sum + (side - 1) * strides[axis], offset);
  // Steps of 0 would make a large tensor of a small file.
  if (elements > storage.length || (elements > 0 && last >= storage.length))
    throw new PickleRefused(`${name.slice(0, 200)} reaches beyond its storage`);
  return { storage, offset, shape, strides };
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** The storage that a reference stands for: `('storage', type, key, device, length, view)`. */
function storageOf(id: PickleValue, storages: Map<string, TorchStorage>): TorchStorage {
  const [kind, type, key, , length, view = null] = Array.isArray(id) ? id : ([] as PickleList);
  const isType = type instanceof PickleGlobal && Object.hasOwn(storageTypes, type.name);
  if (kind !== 'storage' || !isType || typeof key !== 'string' || !isCount(length))
    throw new PickleRefused('a tensor lies in something that is not a storage');
  if (view !== null) throw new PickleRefused('a storage is a view of another');
  const known = storages.get(key);
  if (known !== undefined) {
    if (known.type !== type.name || known.length !== length)
      throw new PickleRefused('two tensors describe one storage differently');
    return known;
  }
  const storage: TorchStorage = { type: type.name as TorchStorage['type'], length, bytes: null };
  storages.set(key, storage);
  return storage;
}

/** @returns where the last storage ends */
function readStorages(
  bytes: Uint8Array,
  keys: PickleValue,
  start: number,
  storages: ReadonlyMap<string, TorchStorage>,
): number {
  if (!Array.isArray(keys) || new Set(keys).size !== storages.size || keys.length !== storages.size)
    throw new PickleRefused('its list of storages is not that of its tensors');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (storage === undefined) throw new PickleRefused('its list of storages is not that of its tensors');
    const size = storage.length * storageTypes[storage.type];
    if (at + 8 + size > bytes.byteLength) throw new PickleRefused('it ends too early');
    if (view.getBigInt64(at, true) !== BigInt(storage.length))
      throw new PickleRefused('a storage has another length than its tensors say');
    storage.bytes = bytes.subarray(at + 8, at + 8 + size);
    at += 8 + size;
  }
  return at;
}

/**
 * The numbers of a float tensor, with its axes in another order.
 * @param order which axis comes first, second, …
 * @returns row by row, as float32
 * @throws AppError MODEL_FILE_INVALID for tensors of whole numbers
 */
export function floatsOf(tensor: TorchTensor, order: readonly number[], path: string): Float32Array {
  const { storage, offset, shape, strides } = tensor;
  if (storage.type !== 'torch.FloatStorage' || storage.bytes === null)
    throw new AppError('MODEL_FILE_INVALID', { path, reason: 'weights are stored as whole numbers' });
  const sides = order.map((axis) => shape[axis]);
  const steps = order.map((axis) => strides[axis]);
  // A copy: in the file numbers begin at any byte, and every platform that runs this is little-endian.
  const source = new Float32Array(new Uint8Array(storage.bytes).buffer);
  const length = sides.at(-1) ?? 1;
  const step = steps.at(-1) ?? 0;
  const values = new Float32Array(sides.reduce((product, side) => product * side, 1));
  const place = sides.map(() => 0);
  let from = offset;
  for (let start = 0; start < values.length; start += length) {
    for (let index = 0; index < length; index++) values[start + index] = source[from + index * step];
    // On to the next row, from the last but one axis to the first.
    for (let axis = sides.length - 2; axis >= 0; axis--) {
      from += steps[axis];
      if (++place[axis] < sides[axis]) break;
      from -= sides[axis] * steps[axis];
      place[axis] = 0;
    }
  }
  return values;
}
