/** What the camera says settles, and follows. */
import { expect, test } from 'vitest';
import type { Prediction } from '../../../../../src-main/contract/app/index.ts';
import { smoothPrediction } from '../../../../../src-renderer/features/predict/smooth-predictions.ts';

const frame = (cat: number): Prediction => ({
  image: 'camera.jpg',
  preview: null,
  label: cat >= 0.5 ? 'cat' : 'dog',
  probability: Math.max(cat, 1 - cat),
  probabilities: { cat, dog: 1 - cat },
  error: null,
  unknown: null,
  set: null,
  distance: null,
});

test('one wrong frame among right ones changes nothing that is named', () => {
  let said = smoothPrediction(null, frame(0.9), 0);
  for (const cat of [0.9, 0.1, 0.9]) {
    said = smoothPrediction(said, frame(cat), 60);
    expect(said.label).toBe('cat');
  }
  expect(said.probabilities.cat + said.probabilities.dog).toBeCloseTo(1, 12);
  expect(said.probability).toBe(said.probabilities.cat);
});

test('another thing before the camera is named within half a second, at any rate of frames', () => {
  for (const elapsed of [40, 100, 250]) {
    let said = smoothPrediction(null, frame(0.95), 0);
    for (let passed = 0; passed < 500; passed += elapsed) said = smoothPrediction(said, frame(0.05), elapsed);
    expect(said.label).toBe('dog');
  }
});
