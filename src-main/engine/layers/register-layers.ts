/** Layers and activations of Keras that tfjs lacks or has in part, in one place. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../base/backend.ts';
import { registerActivations } from './activations.ts';
import { defineAugmentationLayers } from './augmentation-layers.ts';
import { defineBatchNormalization } from './batch-normalization.ts';
import { defineELU } from './elu.ts';
import { defineGlobalAveragePooling, defineGlobalMaxPooling } from './global-pooling.ts';
import { defineGroupedConvolution } from './grouped-convolution.ts';
import { defineLayerScale } from './layer-scale.ts';
import type { DefineLayer } from './layer-class.ts';
import { defineNormalization } from './normalization.ts';
import { defineOperation } from './operation.ts';
import { defineReLU } from './relu.ts';
import { defineRescaling } from './rescaling.ts';
import { defineReshape } from './reshape.ts';
import { defineCenterCrop, defineResizing, defineUpSampling } from './resizing.ts';
import { defineSoftmax } from './softmax.ts';
import { defineSubtract } from './subtract.ts';

/** Adding a layer is adding its file and its line here. Those that tfjs has under the same name are replaced. */
const definitions: readonly DefineLayer[] = [
  defineRescaling,
  defineNormalization,
  defineGlobalAveragePooling,
  defineGlobalMaxPooling,
  defineReLU,
  defineELU,
  defineResizing,
  defineUpSampling,
  defineCenterCrop,
  defineSubtract,
  defineSoftmax,
  defineReshape,
  defineBatchNormalization,
  defineOperation,
  defineGroupedConvolution,
  defineLayerScale,
];

/** The part of tfjs' table of classes that is used. */
interface ClassMap {
  readonly classNameMap: Record<string, readonly [{ readonly prototype: unknown }, unknown]>;
}

/** What each tfjs knows, by instance: classes are registered once. */
const registered = new WeakMap<object, ReadonlySet<string>>();

/**
 * Adds our layers to tfjs' own, so that networks with them can be read from files.
 * @returns class names of all layers there are
 */
export function registerLayers(tf: Tf): ReadonlySet<string> {
  const known = registered.get(tf);
  if (known !== undefined) return known;
  registerActivations(tf);
  for (const define of definitions) register(tf, define(tf));
  for (const layer of defineAugmentationLayers(tf)) register(tf, layer);
  const { classNameMap } = tf.serialization.SerializationMap.getMap() as unknown as ClassMap;
  const names = Object.entries(classNameMap)
    .filter(([, [type]]) => type.prototype instanceof tf.layers.Layer)
    .map(([name]) => name);
  const all = new Set(names);
  registered.set(tf, all);
  return all;
}

function register(tf: Tf, layer: tfjs.serialization.SerializableConstructor<tfjs.layers.Layer>): void {
  tf.serialization.registerClass(layer);
}

/** Names of all activations there are, in camel case. */
export function knownActivations(tf: Tf): ReadonlySet<string> {
  registerLayers(tf);
  const { classNameMap } = tf.serialization.SerializationMap.getMap() as unknown as ClassMap;
  const names = Object.entries(classNameMap)
    .filter(([, [type]]) => typeof (type.prototype as { apply?: unknown }).apply === 'function')
    .filter(([, [type]]) => !(type.prototype instanceof tf.layers.Layer))
    .map(([name]) => name);
  return new Set(names);
}
