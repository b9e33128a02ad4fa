/** Requests about curves of a measured split: all from the scores that were kept when it was measured. */
import { AppError } from '../../contract/shared/errors.ts';
import type {
  ClassCurve,
  Rule,
  SplitCurves,
  ThresholdEffect,
  curvesContract,
} from '../../contract/app/judging/curves.ts';
import type { Split } from '../../contract/shared/vocabulary.ts';
import {
  type ThresholdCurve,
  averagePrecision,
  curveAreas,
  rocArea,
  thresholdCurve,
} from '../../core/statistics/confidence/curves.ts';
import { answersOf, classesOf, probabilitiesOf } from '../../core/statistics/confidence/probabilities.ts';
import { calibrationError, reliabilityOf } from '../../core/statistics/confidence/reliability.ts';
import { wilsonInterval } from '../../core/statistics/statistics.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import { requireRun } from '../runs/run-states.ts';
import { type KeptScores, readScores } from './kept-scores.ts';

/** Points of a curve that are sent. */
const sentPoints = 2000;
const histogramBins = 20;
/** Photos of each kind that are named. */
const namedPhotos = 60;

/** A split with its probabilities. */
interface Judged extends KeptScores {
  readonly names: readonly string[];
  readonly classes: number;
  readonly probabilities: Float64Array;
}

/** Handlers of `contract.curves`. */
export function createCurvesService(context: ServiceContext): ServiceOf<typeof curvesContract> {
  return {
    overview: async ({ run, split }) => {
      const judged = await judgedPhotos(context, run, split);
      return judged && overviewOf(judged, split);
    },
    class: async ({ run, split, class: index }) => {
      const judged = await judgedPhotos(context, run, split);
      return judged && classCurveOf(judged, requireClass(judged, index));
    },
    threshold: async ({ run, split, class: index, ...asked }) => {
      const judged = await judgedPhotos(context, run, split);
      return judged && effectOf(judged, requireClass(judged, index), asked);
    },
  };
}

/** @throws AppError NOT_FOUND */
async function judgedPhotos(context: ServiceContext, run: string, split: Split): Promise<Judged | null> {
  const project = context.project();
  const { classes: names } = requireRun(project, run);
  const kept = await readScores(project, run, split);
  if (kept === null || classesOf(kept.outputs) !== names.length) return null;
  const probabilities = probabilitiesOf(kept, kept.temperature ?? 1);
  return { ...kept, names, classes: names.length, probabilities };
}

/** @throws AppError MODEL_CLASS_UNKNOWN */
function requireClass({ classes }: Judged, index: number): number {
  if (index < classes) return index;
  throw new AppError('MODEL_CLASS_UNKNOWN', { class: index, last: classes - 1 });
}

function probabilityOf({ probabilities, classes, labels }: Judged, index: number): Float64Array {
  return Float64Array.from(labels, (_, photo) => probabilities[photo * classes + index]);
}

function curveOf(judged: Judged, index: number): ThresholdCurve {
  return thresholdCurve(probabilityOf(judged, index), (photo) => judged.labels[photo] === index);
}

function overviewOf(judged: Judged, split: Split): SplitCurves {
  const diagram = (probabilities: Float64Array) => {
    const bins = reliabilityOf(probabilities, judged.labels, judged.classes);
    return {
      bins: bins.map((bin) => ({ ...bin, interval: wilsonInterval(bin.right, bin.photos) })),
      error: calibrationError(bins),
    };
  };
  return {
    split,
    images: judged.images.length,
    temperature: judged.temperature,
    classes: judged.names.map((name, index) => {
      const curve = curveOf(judged, index);
      const { positives } = curve;
      return { name, positives, rocArea: rocArea(curve), averagePrecision: averagePrecision(curve) };
    }),
    reliability: { before: diagram(probabilitiesOf(judged)), after: diagram(judged.probabilities) },
  };
}

function classCurveOf(judged: Judged, index: number): ClassCurve {
  const probabilities = probabilityOf(judged, index);
  const isMember = (photo: number): boolean => judged.labels[photo] === index;
  const { points, positives, negatives } = thresholdCurve(probabilities, isMember);
  const areas = curveAreas(probabilities, isMember);
  const histogram = {
    own: new Array<number>(histogramBins).fill(0),
    others: new Array<number>(histogramBins).fill(0),
  };
  probabilities.forEach((probability, photo) => {
    const bin = Math.min(histogramBins - 1, Math.floor(probability * histogramBins));
    histogram[isMember(photo) ? 'own' : 'others'][bin]++;
  });
  const every = Math.max(1, Math.ceil(points.length / sentPoints));
  return {
    class: index,
    positives,
    negatives,
    points: points.filter((_, at) => at % every === 0 || at === points.length - 1),
    rocArea: areas.roc,
    averagePrecision: areas.averagePrecision,
    rocInterval: areas.rocInterval,
    precisionInterval: areas.averagePrecisionInterval,
    histogram,
  };
}

/** What is asked of a threshold. */
interface Asked {
  readonly threshold: number;
  readonly missCost: number;
  readonly alarmCost: number;
}

function effectOf(judged: Judged, index: number, asked: Asked): ThresholdEffect {
  const probabilities = probabilityOf(judged, index);
  const answers = answersOf(judged.probabilities, judged.classes);
  const order = Array.from(probabilities, (_, photo) => photo).sort(
    (a, b) => probabilities[b] - probabilities[a] || a - b,
  );
  const called = { now: (photo: number) => answers[photo] === index, then: isAbove(probabilities, asked) };
  const changed = (from: 'now' | 'then', to: 'now' | 'then', isOfClass: boolean) => {
    const found = order.filter(
      (photo) => !called[from](photo) && called[to](photo) && (judged.labels[photo] === index) === isOfClass,
    );
    const images = found.slice(0, namedPhotos).map((photo) => judged.images[photo]);
    return { total: found.length, images };
  };
  return {
    class: index,
    threshold: asked.threshold,
    now: ruleOf(judged, index, called.now, asked),
    then: ruleOf(judged, index, called.then, asked),
    gained: { right: changed('now', 'then', true), wrong: changed('now', 'then', false) },
    lost: { right: changed('then', 'now', true), wrong: changed('then', 'now', false) },
    cheapest: cheapestOf(curveOf(judged, index), asked),
  };
}

function isAbove(probabilities: Float64Array, { threshold }: Asked): (photo: number) => boolean {
  return (photo) => probabilities[photo] >= threshold;
}

function ruleOf(
  { labels }: Judged,
  index: number,
  isCalled: (photo: number) => boolean,
  { missCost, alarmCost }: Asked,
): Rule {
  let [right, missed, wrong] = [0, 0, 0];
  labels.forEach((label, photo) => {
    const called = isCalled(photo);
    if (called && label === index) right++;
    else if (called) wrong++;
    else if (label === index) missed++;
  });
  const share = (total: number): number | null => (total === 0 ? null : right / total);
  return {
    right,
    missed,
    wrong,
    precision: share(right + wrong),
    precisionInterval: wilsonInterval(right, right + wrong),
    recall: share(right + missed),
    recallInterval: wilsonInterval(right, right + missed),
    cost: missed * missCost + wrong * alarmCost,
  };
}

/** The least costly threshold: between two probabilities that were seen, or 1 where it is best to call none. */
function cheapestOf(
  { points, positives }: ThresholdCurve,
  { missCost, alarmCost }: Asked,
): ThresholdEffect['cheapest'] {
  let best = { threshold: 1, cost: positives * missCost };
  points.forEach(({ threshold, right, wrong }, at) => {
    const cost = (positives - right) * missCost + wrong * alarmCost;
    const next = points.at(at + 1)?.threshold ?? 0;
    if (cost < best.cost) best = { threshold: (threshold + next) / 2, cost };
  });
  return best;
}
