import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { NativeAttribute, NativeBinding } from '../native-binding.ts';
import {
  AttrValueSchema,
  type AttrValue,
} from '../../../core/tensorflow/generated/tensorflow/core/framework/attr_value_pb.js';
import { TensorProtoSchema } from '../../../core/tensorflow/generated/tensorflow/core/framework/tensor_pb.js';
import { TensorShapeProtoSchema } from '../../../core/tensorflow/generated/tensorflow/core/framework/tensor_shape_pb.js';
import { repeatedElement } from './tensor-content.ts';
import type { Constant } from './trace.ts';
import { NotCompilable } from './trace.ts';

type AttrInit = MessageInitShape<typeof AttrValueSchema>;
type ListInit = Extract<NonNullable<AttrInit['value']>, { case: 'list' }>['value'];

function attr(value: AttrInit['value']): AttrValue {
  return create(AttrValueSchema, { value });
}

/** An attribute holding an element type (a TensorFlow `DataType` number). */
export function typeValue(dtype: number): AttrValue {
  return attr({ case: 'type', value: dtype });
}

/** An attribute holding a tensor shape. */
export function shapeValue(shape: readonly number[]): AttrValue {
  const dim = shape.map((size) => ({ size: BigInt(size) }));
  return attr({ case: 'shape', value: create(TensorShapeProtoSchema, { dim }) });
}

/** An attribute holding text. */
export function stringValue(text: string): AttrValue {
  return attr({ case: 's', value: new TextEncoder().encode(text) });
}

/** An attribute holding a constant tensor; one of equal elements takes the room of one element. */
export function tensorValue(binding: NativeBinding, constant: Constant): AttrValue {
  const dim = constant.shape.map((size) => ({ size: BigInt(size) }));
  const element = repeatedElement(binding, constant);
  const content = element ? repeated(binding, constant.dtype, element) : { tensorContent: constant.bytes };
  const value = create(TensorProtoSchema, { dtype: constant.dtype, tensorShape: { dim }, ...content });
  return attr({ case: 'tensor', value });
}

/** TensorFlow repeats the last given element to fill the shape. */
function repeated(binding: NativeBinding, dtype: number, element: Uint8Array) {
  const view = new DataView(element.buffer, element.byteOffset);
  if (dtype === binding.TF_FLOAT) return { floatVal: [view.getFloat32(0, true)] };
  if (dtype === binding.TF_BOOL) return { boolVal: [element[0] !== 0] };
  return { intVal: [dtype === binding.TF_UINT8 ? element[0] : view.getInt32(0, true)] };
}

/**
 * An operation's attribute as tfjs-node hands it to TensorFlow, in the form of a graph. Throws NotCompilable for
 * kinds that tfjs-node does not use today.
 */
export function attributeValue(binding: NativeBinding, { name, type, value }: NativeAttribute): AttrValue {
  const integer = (number: unknown) => BigInt(Math.trunc(Number(number)));
  if (Array.isArray(value)) return attr({ case: 'list', value: listValue(binding, name, type, value) });
  if (type === binding.TF_ATTR_STRING && typeof value === 'string') return stringValue(value);
  if (type === binding.TF_ATTR_INT) return attr({ case: 'i', value: integer(value) });
  if (type === binding.TF_ATTR_FLOAT) return attr({ case: 'f', value: Number(value) });
  if (type === binding.TF_ATTR_BOOL) return attr({ case: 'b', value: Boolean(value) });
  if (type === binding.TF_ATTR_TYPE) return typeValue(Number(value));
  throw new NotCompilable(`it uses an operation whose attribute ${name} is of an unknown kind`);
}

function listValue(
  binding: NativeBinding,
  name: string,
  type: number,
  value: number[] | boolean[],
): ListInit {
  if (type === binding.TF_ATTR_INT) return { i: value.map((number) => BigInt(Math.trunc(Number(number)))) };
  if (type === binding.TF_ATTR_FLOAT) return { f: value.map(Number) };
  if (type === binding.TF_ATTR_BOOL) return { b: value.map(Boolean) };
  if (type === binding.TF_ATTR_SHAPE) {
    throw new NotCompilable(`it uses an operation whose attribute ${name} is a shape`);
  }
  throw new NotCompilable(`it uses an operation whose attribute ${name} is a list of an unknown kind`);
}
