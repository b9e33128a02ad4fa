import { expect, test } from 'vitest';
import { baseLength, kerasShape, namesOfLayers } from '../../../../src-main/contract/shared/keras-names.ts';

const layers = [
  { name: 'conv2d', type: 'Conv2D' },
  { name: 'max_pooling2d', type: 'MaxPooling2D' },
  { name: 'conv2d_1', type: 'Conv2D' },
  { name: 'block5_conv1', type: 'Conv2D' },
  { name: 'global_average_pooling2d', type: 'GlobalAveragePooling2D' },
  { name: 'dense_Dense1', type: 'Dense' },
];

test('counts the layers nobody named from 1, as the lecture’s tables do, and keeps chosen names', () => {
  expect(namesOfLayers(layers, 'keras')).toEqual([
    'conv2d_1',
    'max_pooling2d_1',
    'conv2d_2',
    'block5_conv1',
    'global_average_pooling2d_1',
    'dense_1',
  ]);
  expect(namesOfLayers(layers, 'lecture').slice(0, 2)).toEqual(['conv2d_1', 'maxpooling2d_1']);
  expect(namesOfLayers(layers, 'own')).toEqual(layers.map(({ name }) => name));
});

test('writes shapes as Keras does', () => {
  expect(kerasShape([null, 148, 148, 32])).toBe('(None, 148, 148, 32)');
  expect(kerasShape([null])).toBe('(None,)');
});

test('ends the base before the map becomes a list', () => {
  expect(baseLength(layers)).toBe(4);
  expect(baseLength(layers.slice(0, 3))).toBe(3);
});
