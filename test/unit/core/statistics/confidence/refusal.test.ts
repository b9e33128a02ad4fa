import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../../src-main/core/random/random.ts';
import { fitSets, setOf } from '../../../../../src-main/core/statistics/confidence/conformal.ts';
import {
  type JudgedAnswer,
  fitRefusal,
  whyUnknown,
} from '../../../../../src-main/core/statistics/confidence/refusal.ts';
import { fitTemperature } from '../../../../../src-main/core/statistics/confidence/temperature.ts';

/** Answers of two classes; those of the second are less sure and farther away. */
function answers(count: number, seed: number): JudgedAnswer[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, at) => {
    const answer = at % 2;
    const probability = 1 - random.next() * (answer === 1 ? 0.5 : 0.1);
    const distance = random.next() * (answer === 1 ? 0.8 : 0.2);
    return { answer, right: random.next() < 0.9, probability, distance };
  });
}

describe('limits of "I don\'t know"', () => {
  it('keep the wanted share of right answers, also of those that come later', () => {
    const { classes, kept } = fitRefusal(answers(4000, 1), 2, 0.95)!;
    expect(kept).toBeGreaterThanOrEqual(0.95);
    expect(kept).toBeLessThan(0.96);
    // Each class has its own.
    expect(classes.map(({ own }) => own)).toEqual([true, true]);
    expect(classes[0].probability).toBeGreaterThan(0.9);
    expect(classes[1].probability).toBeLessThan(0.6);
    const later = answers(4000, 2).filter(({ right }) => right);
    const keptLater = later.filter(
      (one) => whyUnknown(classes[one.answer], one.probability, one.distance) === null,
    );
    expect(keptLater.length / later.length).toBeGreaterThan(0.935);
  });

  it('are those of all classes together for a class with too few photos, and none with too few at all', () => {
    const many = answers(100, 3).map((one) => ({ ...one, right: true }));
    const few = [
      ...many.filter(({ answer }) => answer === 0),
      ...many.filter(({ answer }) => answer === 1).slice(0, 5),
    ];
    const { classes } = fitRefusal(few, 3, 0.95)!;
    expect(classes.map(({ own, photos }) => [own, photos])).toEqual([
      [true, 50],
      [false, 5],
      [false, 0],
    ]);
    expect(classes[2]).toMatchObject({ probability: classes[1].probability, distance: classes[1].distance });
    expect(fitRefusal(many.slice(0, 18), 2, 0.95)).toBeNull();
    expect(fitRefusal(many.slice(0, 19), 2, 0.95)).not.toBeNull();
  });

  it('say why: a photo that is far away first, as its probability means nothing', () => {
    const limits = { probability: 0.8, distance: 0.5 };
    expect(whyUnknown(limits, 0.9, 0.4)).toBeNull();
    expect(whyUnknown(limits, 0.8, 0.5)).toBeNull();
    expect(whyUnknown(limits, 0.7, 0.4)).toBe('probability');
    expect(whyUnknown(limits, 0.99, 0.6)).toBe('distance');
    expect(whyUnknown({ probability: 0.8, distance: null }, 0.9, 0.6)).toBeNull();
  });
});

describe('conformal sets', () => {
  it('hold the true class of the wanted share of later photos, in each class', () => {
    const random = createRandom(5);
    const draw = (photos: number) => {
      const labels = Array.from({ length: photos }, (_, at) => at % 3);
      const probabilities = labels.flatMap((label) => {
        const raw = [0, 1, 2].map((index) => random.next() + (index === label ? 0.7 + 0.3 * label : 0));
        const sum = raw[0] + raw[1] + raw[2];
        return raw.map((value) => value / sum);
      });
      return { labels, probabilities };
    };
    const { labels, probabilities } = draw(3000);
    const { limits, own } = fitSets(probabilities, labels, 3, 0.9)!;
    expect(own).toEqual([true, true, true]);
    const later = draw(3000);
    for (const wanted of [0, 1, 2]) {
      const of = later.labels.flatMap((label, photo) => (label === wanted ? [photo] : []));
      const covered = of.filter((photo) =>
        setOf(limits, later.probabilities.slice(3 * photo, 3 * photo + 3)).includes(wanted),
      );
      expect(covered.length / of.length).toBeGreaterThan(0.87);
      expect(covered.length / of.length).toBeLessThan(0.93);
    }
  });

  it('name the most probable class first, and may be empty', () => {
    expect(setOf([0.2, 0.3, 0.9], [0.3, 0.4, 0.3])).toEqual([1, 0]);
    expect(setOf([0.95, 0.95], [0.5, 0.5])).toEqual([]);
    expect(fitSets(new Float64Array(36).fill(0.5), new Int32Array(18), 2, 0.95)).toBeNull();
  });
});

it('fits no temperature where all validation photos are answered rightly, which would ask for certainty', () => {
  const photos = { scores: Array.from({ length: 60 }, (_, at) => (at % 2 === 1 ? 3 : -3)), outputs: 1 };
  const labels = Array.from({ length: 60 }, (_, at) => at % 2);
  expect(fitTemperature({ ...photos, labels })).toBeNull();
  labels[0] = 1;
  expect(fitTemperature({ ...photos, labels })).toBeCloseTo(3 / Math.log(59), 6);
});
