/** A linear head solved on a backend is the one that plain arithmetic finds. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { runAtOnce } from '../../../../src-main/core/jobs/in-pieces.ts';
import { createRandom } from '../../../../src-main/core/random/random.ts';
import { fitBestRegression } from '../../../../src-main/core/statistics/logistic-regression/choose-strength.ts';
import {
  type LabelledRows,
  predictRow,
} from '../../../../src-main/core/statistics/logistic-regression/logistic-regression.ts';
import {
  assignLinearHead,
  readProblem,
  solveLinearHead,
} from '../../../../src-main/engine/transfer/linear-head.ts';

const dimension = 6;

/** Classes one behind the other along two features; the others say nothing, and one never varies. */
function clusters(rows: number, classes: number, seed: number): LabelledRows {
  const random = createRandom(seed);
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes);
  const data = Float32Array.from({ length: rows * dimension }, (_, at) => {
    const feature = at % dimension;
    if (feature === dimension - 1) return 7;
    return random.normal() + (feature < 2 ? labels[Math.floor(at / dimension)] : 0);
  });
  return { features: { data, dimension }, rows: labels.map((_, row) => row), labels, classes };
}

function solve(train: LabelledRows, validation: LabelledRows | null = null) {
  const options = { seed: 1, onProgress: () => undefined };
  return runAtOnce(solveLinearHead(tf, { train, validation }, options));
}

describe.each([2, 3])('a head of %i classes', (classes) => {
  const train = clusters(90, classes, 1);

  test('solved on a backend is the one that plain arithmetic finds', () => {
    const before = tf.memory().numTensors;
    const solved = solve(train);
    expect(tf.memory().numTensors).toBe(before);
    const plain = runAtOnce(fitBestRegression(train, { seed: 1 }));
    expect(solved.strength).toBe(plain.strength);
    solved.weights.forEach((weight, i) => expect(weight).toBeCloseTo(plain.weights[i], 3));
  });

  test('says as a layer what the regression says', () => {
    const solved = solve(train);
    const outputs = classes === 2 ? 1 : classes;
    const activation = classes === 2 ? 'sigmoid' : 'softmax';
    const layer = tf.layers.dense({ units: outputs, activation, inputShape: [dimension] });
    const model = tf.sequential({ layers: [layer] });
    assignLinearHead(
      tf,
      layer.weights.map((weight) => weight.read() as tf.Variable),
      solved,
    );
    const said = tf.tidy(() =>
      Array.from((model.predict(tf.tensor2d(train.features.data, [90, dimension])) as tf.Tensor).dataSync()),
    );
    const output = new Float64Array(classes);
    for (let row = 0; row < 90; row++) {
      predictRow(solved, train.features, row, output);
      const expected = classes === 2 ? [output[1]] : Array.from(output);
      expected.forEach((value, at) => expect(said[row * outputs + at]).toBeCloseTo(value, 5));
    }
    model.dispose();
  });
});

test('few validation images do not decide, many do', async () => {
  const labelled = (rows: number, seed: number) => {
    const { features, labels } = clusters(rows, 2, seed);
    const bytes = new Uint8Array(features.data.buffer);
    const reader = {
      shape: [dimension],
      type: 'float32' as const,
      read: (slots: readonly number[], into: Uint8Array) => {
        const record = dimension * 4;
        slots.forEach((slot, at) =>
          into.set(bytes.subarray(slot * record, (slot + 1) * record), at * record),
        );
        return Promise.resolve();
      },
    };
    return { reader, data: { slots: Int32Array.from({ length: rows }, (_, row) => row), labels } };
  };
  const train = labelled(40, 1);
  const problem = { train, classes: 2, classWeights: null };
  expect((await readProblem({ ...problem, validation: labelled(40, 2) })).validation).toBeNull();
  const decided = await readProblem({ ...problem, validation: labelled(300, 2) });
  expect(decided.validation?.features.data).toEqual(clusters(300, 2, 2).features.data);
});
