import { expect, test } from 'vitest';
import { spreadNames } from '../../../../../src-renderer/shared/charts/curve-annotations.ts';
import { stageWork, trainsSentence } from '../../../../../src-renderer/features/train/network-words.ts';
import {
  decadeLabel,
  roundedRate,
  shortRate,
} from '../../../../../src-renderer/features/train/rate-series.ts';

const layer = (name: string, params: number, trainable: boolean) => ({
  name,
  type: 'Conv2D',
  outputShape: [null, 4, 4, 512],
  params,
  trainable,
  trainableParams: 0,
  trainableWeights: 0,
  unfrozenWeights: 0,
  multiplications: 0,
});

test('says that 4 of 30 weight tensors train where the lesson freezes the rest', () => {
  const frozen = { unfrozenWeights: 30, trainableWeights: 4 };
  expect(trainsSentence(frozen)).toBe(
    '30 weight tensors, 4 of them train: the pretrained network is frozen.',
  );
  expect(trainsSentence({ unfrozenWeights: 12, trainableWeights: 12 })).toBe(
    '12 weight tensors, all of them train.',
  );
  const layers = [
    layer('block4_conv3', 10, false),
    layer('block5_input', 0, true),
    layer('block5_conv1', 10, true),
  ];
  const tuned = {
    ...frozen,
    stages: [
      { name: 'head', trainableWeights: 4, trainableParams: 1 },
      { name: 'fine-tuning', trainableWeights: 10, trainableParams: 2 },
    ],
    backbone: { name: 'vgg16', layers },
  };
  expect(trainsSentence(tuned)).toBe(
    '30 weight tensors. While the head learns, 4 of them train: the pretrained network is frozen. Then 10 do, from block5_conv1 on.',
  );
});

test('says what each stage trains', () => {
  const stage = {
    name: 'head',
    solver: 'gradient-descent',
    input: 'features',
    trains: 'head',
    epochs: 1,
    learningRate: 1,
  } as const;
  expect(stageWork(stage, null)).toContain('computed once');
  expect(stageWork({ ...stage, input: 'images' }, null)).toContain('frozen backbone');
  expect(stageWork({ ...stage, trains: 'from' }, 'conv_27')).toContain('from conv_27 on');
});

test('writes rates shortly, and uses the rate that was read', () => {
  expect(shortRate(0.00031)).toBe('3e-4');
  expect(roundedRate(0.00031)).toBe(0.0003);
  expect(shortRate(1)).toBe('1');
  expect(decadeLabel(0.001)).toBe('1e-3');
  expect(decadeLabel(0.002)).toBe('');
});

test('places the names of curves apart and inside the picture', () => {
  expect(spreadNames([50, 80], 0, 100)).toEqual([50, 80]);
  expect(spreadNames([50, 52], 0, 100)).toEqual([50, 64]);
  const low = spreadNames([95, 97, 99], 0, 100);
  expect(low).toEqual([72, 86, 100]);
  expect(spreadNames([-5, 3], 0, 100)).toEqual([0, 14]);
});
