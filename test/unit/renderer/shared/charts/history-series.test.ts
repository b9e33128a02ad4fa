import { expect, test } from 'vitest';
import { curvesOf, smooth } from '../../../../../src-renderer/shared/charts/history-series.ts';

const points = [1, 0, 1, 0].map((y, i) => ({ x: i + 1, y }));

test('smoothing is the exponential moving average of the lesson', () => {
  expect(smooth(points, 0).map(({ y }) => y)).toEqual([1, 0, 1, 0]);
  const smoothed = smooth(points, 0.8).map(({ y }) => y);
  [1, 0.8, 0.84, 0.672].forEach((y, i) => expect(smoothed[i]).toBeCloseTo(y, 12));
});

const epoch = (n: number, valLoss: number | null) => ({
  epoch: n,
  loss: 1 / n,
  accuracy: n / 10,
  valLoss,
  valAccuracy: valLoss === null ? null : 0.5,
  seconds: 1,
  stage: 'training',
});
const progress = {
  epoch: 3,
  step: 5,
  stepsPerEpoch: 10,
  loss: 0.25,
  accuracy: 0.6,
  imagesPerSecond: 1,
  secondsLeft: null,
  phase: 'training',
};

test('the epoch under way is a point of its own, between the last epoch and the next', () => {
  const [training, validation] = curvesOf({ history: [epoch(1, 0.9), epoch(2, 0.8)], progress }, 'loss');
  expect(training.points).toEqual([
    { x: 1, y: 1 },
    { x: 2, y: 0.5 },
  ]);
  expect(training.provisional).toEqual({ x: 2.5, y: 0.25 });
  expect(validation.points.map(({ y }) => y)).toEqual([0.9, 0.8]);
  expect(validation.provisional).toBeNull();
});

test('runs without validation, and losses that are no numbers, leave gaps instead of breaking the curve', () => {
  const history = [epoch(1, null), { ...epoch(2, 0.7), loss: Number.NaN }];
  const [training, validation] = curvesOf({ history, progress: null }, 'loss');
  expect(training.points).toEqual([{ x: 1, y: 1 }]);
  expect(validation.points).toEqual([{ x: 2, y: 0.7 }]);
  expect(training.provisional).toBeNull();
});
