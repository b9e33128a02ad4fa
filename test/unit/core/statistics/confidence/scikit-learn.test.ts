/** Every figure of confidence against scikit-learn's: `test/fixtures/confidence/make.py` writes the fixture. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  averagePrecision,
  curveAreas,
  rocArea,
  thresholdCurve,
} from '../../../../../src-main/core/statistics/confidence/curves.ts';
import {
  neighbourDistance,
  normaliseRows,
} from '../../../../../src-main/core/statistics/confidence/nearest.ts';
import {
  classesOf,
  probabilitiesOf,
} from '../../../../../src-main/core/statistics/confidence/probabilities.ts';
import {
  calibrationError,
  measureReliability,
  reliabilityOf,
} from '../../../../../src-main/core/statistics/confidence/reliability.ts';
import { fitTemperature } from '../../../../../src-main/core/statistics/confidence/temperature.ts';
import { wilsonInterval } from '../../../../../src-main/core/statistics/statistics.ts';

interface Reliability {
  photos: number[];
  shares: number[];
  confidences: number[];
  error: number;
  loss: number;
}
interface Curves {
  roc: { falseRates: number[]; trueRates: number[]; thresholds: number[] };
  area: number;
  precisionRecall: { precision: number[]; recall: number[]; thresholds: number[] };
  averagePrecision: number;
}
interface Fixture {
  cases: {
    name: string;
    outputs: number;
    labels: number[];
    scores: number[];
    temperature: number;
    before: Reliability;
    halved: Reliability;
    curves: (Curves | null)[];
  }[];
  neighbours: {
    dimension: number;
    neighbour: number;
    reference: number[];
    asked: number[];
    distances: number[];
  };
  wilson: { right: number; total: number; interval: [number, number] }[];
}
const file = new URL('../../../../fixtures/confidence/scikit-learn.json', import.meta.url);
const fixture = JSON.parse(readFileSync(file, 'utf8')) as Fixture;

function expectClose(found: readonly number[], wanted: readonly number[], within = 1e-9): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, at) => expect(Math.abs(value - wanted[at])).toBeLessThanOrEqual(within));
}

describe.each(fixture.cases)('$name', (given) => {
  const classes = classesOf(given.outputs);
  it.each([
    ['as trained', 1, given.before],
    ['with a temperature of 2', 2, given.halved],
  ] as const)('has the reliability diagram, calibration error and loss %s', (_, temperature, wanted) => {
    const bins = reliabilityOf(probabilitiesOf(given, temperature), given.labels, classes);
    expect(bins.map(({ photos }) => photos)).toEqual(wanted.photos);
    const filled = bins.filter(({ photos }) => photos > 0);
    expectClose(
      filled.map(({ photos, right }) => right / photos),
      wanted.shares,
    );
    expectClose(
      filled.map(({ confidence }) => confidence),
      wanted.confidences,
    );
    const found = measureReliability(given, temperature);
    expectClose([calibrationError(bins), found.calibrationError], [wanted.error, wanted.error]);
    expectClose([found.loss], [wanted.loss]);
  });

  it('has the temperature that scipy finds', () => {
    // A minimum is flat: scipy looks at values, we at the slope.
    expectClose([fitTemperature(given)!], [given.temperature], 1e-6);
  });

  it('has the curves and areas of every class that has photos, and none for others', () => {
    const probabilities = probabilitiesOf(given);
    for (const [index, wanted] of given.curves.entries()) {
      const ofClass = given.labels.map((__, photo) => probabilities[photo * classes + index]);
      const curve = thresholdCurve(ofClass, (photo) => given.labels[photo] === index);
      const { points, positives, negatives } = curve;
      if (wanted === null) {
        expect(averagePrecision(curve)).toBeNull();
        expect(rocArea(curve)).toBeNull();
        continue;
      }
      expectClose([0, ...points.map(({ wrong }) => wrong / negatives)], wanted.roc.falseRates);
      expectClose([0, ...points.map(({ right }) => right / positives)], wanted.roc.trueRates);
      expectClose(
        points.map(({ threshold }) => threshold),
        wanted.roc.thresholds,
      );
      const { precision, recall } = wanted.precisionRecall;
      expectClose([1, ...points.map(({ right, wrong }) => right / (right + wrong))], precision.reverse());
      expectClose([0, ...points.map(({ right }) => right / positives)], recall.reverse());
      const areas = curveAreas(ofClass, (photo) => given.labels[photo] === index);
      expectClose([areas.roc!, areas.averagePrecision!], [wanted.area, wanted.averagePrecision]);
      expect(areas.rocInterval![0]).toBeLessThan(areas.roc!);
      expect(areas.rocInterval![1]).toBeGreaterThan(areas.roc!);
    }
  });
});

it('finds the distance to the same neighbour', () => {
  const { dimension, neighbour, reference, asked, distances } = fixture.neighbours;
  const rows = {
    values: normaliseRows(Float32Array.from(reference), dimension),
    length: dimension,
    neighbour,
  };
  const photos = normaliseRows(Float32Array.from(asked), dimension);
  const found = distances.map((__, at) =>
    neighbourDistance(rows, photos.subarray(at * dimension, (at + 1) * dimension)),
  );
  // Rows are kept in float32.
  expectClose(found, distances, 1e-6);
});

it.each(fixture.wilson)('has the interval of $right of $total', ({ right, total, interval }) => {
  expectClose(wilsonInterval(right, total)!, interval);
});
