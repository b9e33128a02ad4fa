/** The formulas of the network map, with the lesson's layers. */
import { expect, test } from 'vitest';
import {
  type DrawnLayer,
  costOf,
  kernelOf,
  placeBlocks,
  shapeText,
  sizeSpans,
} from '../../../../../../src-renderer/features/explain/network/network-map.ts';

const layer = (name: string, type: string, outputShape: (number | null)[], params: number): DrawnLayer => ({
  name,
  type,
  outputShape,
  params,
  trainable: true,
  trainableParams: 0,
  trainableWeights: 0,
  unfrozenWeights: 0,
  multiplications: 0,
});
const mnist = [
  layer('conv2d', 'Conv2D', [null, 26, 26, 32], 320),
  layer('max_pooling2d', 'MaxPooling2D', [null, 13, 13, 32], 0),
  layer('conv2d_1', 'Conv2D', [null, 11, 11, 64], 18_496),
  layer('flatten', 'Flatten', [null, 7744], 0),
  layer('dense', 'Dense', [null, 64], 495_680),
];

test('finds the filters of a layer from its parameters', () => {
  expect(kernelOf(mnist[0], undefined, 1)).toEqual([3, 3, 1]);
  expect(kernelOf(mnist[2], mnist[1], 1)).toEqual([3, 3, 32]);
  expect(kernelOf(mnist[1], mnist[0], 1)).toBeNull();
  // Without a bias.
  expect(kernelOf(layer('c', 'Conv2D', [null, 8, 8, 16], 25 * 3 * 16), undefined, 3)).toEqual([5, 5, 3]);
});

test('counts multiplications and parameters, with the numbers they come from', () => {
  const conv = costOf(mnist[2], [3, 3, 32]);
  expect(conv?.result).toBe(64 * 11 * 11 * 3 * 3 * 32);
  expect(conv?.parameters).toBe('3 · 3 · 32 · 64 + 64 = 18,496');
  const dense = costOf(mnist[4], null);
  expect(dense?.filled).toBe('64 · 7,744');
  expect(dense?.result).toBe(64 * 7744);
  expect(costOf(mnist[1], null)).toBeNull();
});

test('places blocks in order without overlap, and larger maps taller', () => {
  const blocks = placeBlocks(mnist, 28);
  for (const [i, block] of blocks.entries()) {
    if (i > 0) expect(block.x).toBeGreaterThan(blocks[i - 1].x + blocks[i - 1].width);
  }
  expect(blocks[0].height).toBeGreaterThan(blocks[1].height);
  expect(shapeText(mnist[3].outputShape)).toBe('7,744');
});

test('says the size of the maps of a deep network once for all layers that share it', () => {
  const side = (at: number): number => [112, 56, 28][Math.floor(at / 12)];
  const deep = Array.from({ length: 36 }, (_, at) =>
    layer(`c${at}`, 'Conv2D', [null, side(at), side(at), 32], 9),
  );
  const spans = sizeSpans(
    [...deep, layer('dense', 'Dense', [null, 2], 66)],
    placeBlocks([...deep, mnist[4]], 112),
  );
  expect(spans.map(({ text }) => text)).toEqual(['112×112', '56×56', '28×28']);
  for (const [i, { x, to }] of spans.entries()) {
    expect(to).toBeGreaterThan(x);
    if (i > 0) expect(x).toBeGreaterThanOrEqual(spans[i - 1].to - 60);
  }
});
