import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../../src-main/engine/base/backend.ts';
import { registerLayers } from '../../../../src-main/engine/layers/register-layers.ts';
import { plainBackend } from '../../../fixtures/engine-parts.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await plainBackend();
  registerLayers(backend.tf);
});

/** What a layer, made as from a file, makes of values. */
function outputOf(type: string, config: object, values: tfjs.Tensor): tfjs.Tensor {
  const { classNameMap } = backend.tf.serialization.SerializationMap.getMap();
  const [make, fromConfig] = classNameMap[type];
  const layer = fromConfig(make, { ...config }) as unknown as tfjs.layers.Layer;
  return layer.apply(values) as tfjs.Tensor;
}

describe('layers of Keras that tfjs lacks or has in part', () => {
  it('softmax takes any axis', () => {
    const { tf } = backend;
    const values = tf.tensor([0, 1, 2, Math.log(3), 1, 4], [1, 2, 3]);
    const along = outputOf('Softmax', { axis: 1 }, values).dataSync();
    [0.25, 0.5, 1 / (1 + Math.exp(2)), 0.75].forEach((value, i) => expect(along[i]).toBeCloseTo(value, 6));
    const both = outputOf('Softmax', { axis: [1, 2] }, values).dataSync();
    expect(both[0] + both[1] + both[2] + both[3] + both[4] + both[5]).toBeCloseTo(1, 6);
    const usual = outputOf('Softmax', {}, values).dataSync();
    expect(usual[0] + usual[1] + usual[2]).toBeCloseTo(1, 6);
  });

  it('a crop larger than the picture enlarges the middle of the wanted shape', () => {
    const { tf } = backend;
    const rows = tf.tile(tf.reshape(tf.range(0, 4), [1, 4, 1, 1]), [1, 1, 2, 1]);
    const cut = outputOf('CenterCrop', { height: 2, width: 2 }, rows);
    expect([...cut.dataSync()]).toEqual([1, 1, 2, 2]);
    // Two of the four rows are as high as the picture is wide.
    const enlarged = outputOf('CenterCrop', { height: 4, width: 4 }, rows);
    expect(enlarged.shape).toEqual([1, 4, 4, 1]);
    expect([...tf.slice(enlarged, [0, 0, 0, 0], [1, 4, 1, 1]).dataSync()]).toEqual([1, 1.25, 1.75, 2]);
  });
});
