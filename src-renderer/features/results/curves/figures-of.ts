/** The figures of a measured split, from what the core counted. */
import type { ClassCurve, SplitCurves } from '../../../../src-main/contract/app/index.ts';
import { classColour } from '../../../shared/composables/class-style.ts';
import type { Figure } from './figure.ts';
import { figuresText as text } from './text.ts';

/** Where figures lie that say nothing (ROC), or are right (reliability). */
const diagonal = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
];

const quiet = 'var(--ui-text-muted)';
const plain = 'var(--ui-primary)';

/** A name for files. */
function idOf(what: string, split: string, name = ''): string {
  return [what, split, name.replaceAll(/[^\p{L}\p{N}]+/gu, '-')].filter((part) => part !== '').join('-');
}

/** The ROC curve of a class. */
export function rocFigure(curve: ClassCurve, split: string, name: string, index: number): Figure {
  const { points, positives, negatives, rocArea, rocInterval } = curve;
  const shares = points.map(({ right, wrong }) => ({ x: wrong / negatives, y: right / positives }));
  return {
    id: idOf('roc', split, name),
    title: text.roc,
    says: rocArea === null ? whyNot(curve) : text.rocSays(rocArea, rocInterval),
    x: text.falseRate,
    y: text.trueRate,
    most: 1,
    series:
      rocArea === null
        ? []
        : [
            {
              name: text.chance,
              kind: 'line',
              colour: quiet,
              dashed: true,
              points: diagonal,
            },
            { name, kind: 'line', colour: classColour(index), points: [{ x: 0, y: 0 }, ...shares] },
          ],
    table: {
      header: ['threshold', 'false_positive_rate', 'true_positive_rate'],
      rows:
        rocArea === null ? [] : points.map(({ threshold }, at) => [threshold, shares[at].x, shares[at].y]),
    },
  };
}

function whyNot({ positives }: ClassCurve): string {
  return positives === 0 ? text.notMeasured : text.onlyThis;
}

/** The precision–recall curve of a class. */
export function precisionFigure(curve: ClassCurve, split: string, name: string, index: number): Figure {
  const { points, positives, averagePrecision, precisionInterval } = curve;
  const shares = points.map(({ right, wrong }) => ({ x: right / positives, y: right / (right + wrong) }));
  return {
    id: idOf('precision-recall', split, name),
    title: text.precisionRecall,
    says:
      averagePrecision === null ? text.notMeasured : text.precisionSays(averagePrecision, precisionInterval),
    x: text.recall,
    y: text.precision,
    most: 1,
    series:
      averagePrecision === null
        ? []
        : [{ name, kind: 'steps', colour: classColour(index), points: [{ x: 0, y: 1 }, ...shares] }],
    table: {
      header: ['threshold', 'recall', 'precision'],
      rows:
        averagePrecision === null
          ? []
          : points.map(({ threshold }, at) => [threshold, shares[at].x, shares[at].y]),
    },
  };
}

/** The reliability diagram of all answers. */
export function reliabilityFigure({ reliability, temperature, split }: SplitCurves): Figure {
  const { before, after } = reliability;
  const scaled = temperature !== null;
  const diagram = (bins: typeof after.bins) =>
    bins.flatMap(({ photos, right, confidence, interval }) =>
      photos === 0 || interval === null
        ? []
        : [{ x: confidence, y: right / photos, low: interval[0], high: interval[1] }],
    );
  const rows = (bins: typeof after.bins, which: string) =>
    bins.map(({ photos, right, confidence, interval }, bin) => [
      which,
      bin / bins.length,
      (bin + 1) / bins.length,
      photos,
      right,
      photos === 0 ? null : confidence,
      interval?.[0] ?? null,
      interval?.[1] ?? null,
    ]);
  return {
    id: idOf('reliability', split),
    title: text.reliability,
    says: text.reliabilitySays(after.error, before.error, scaled),
    x: text.confidence,
    y: text.rightShare,
    most: 1,
    series: [
      {
        name: text.ideal,
        kind: 'line',
        colour: quiet,
        dashed: true,
        points: diagonal,
      },
      ...(scaled
        ? [{ name: text.without, kind: 'line' as const, colour: quiet, points: diagram(before.bins) }]
        : []),
      { name: '', kind: 'line', colour: plain, points: diagram(after.bins) },
      { name: text.shown, kind: 'points', colour: plain, points: diagram(after.bins) },
    ],
    table: {
      header: [
        'probabilities',
        'from',
        'to',
        'photos',
        'right',
        'mean_probability',
        'right_low',
        'right_high',
      ],
      rows: [...rows(after.bins, 'shown'), ...(scaled ? rows(before.bins, 'without temperature') : [])],
    },
  };
}

/** How probable the class is of its photos, and of others. */
export function histogramFigure(curve: ClassCurve, split: string, name: string, index: number): Figure {
  const { own, others } = curve.histogram;
  const width = 1 / own.length;
  const bars = (counts: readonly number[], shift: number) =>
    counts.map((y, bin) => ({ x: bin * width + shift, y }));
  return {
    id: idOf('probabilities', split, name),
    title: text.histogram,
    says: text.histogramSays(curve.positives, curve.negatives),
    x: text.probability,
    y: text.photos,
    // Four even steps.
    most: 4 * Math.ceil(Math.max(4, ...own, ...others) / 4),
    series: [
      { name: text.others, kind: 'bars', colour: quiet, width: width / 2, points: bars(others, 0) },
      {
        name: text.ofClass(name),
        kind: 'bars',
        colour: classColour(index),
        width: width / 2,
        points: bars(own, width / 2),
      },
    ],
    table: {
      header: ['from', 'to', 'photos_of_the_class', 'other_photos'],
      rows: own.map((photos, bin) => [bin * width, (bin + 1) * width, photos, others[bin]]),
    },
  };
}
