/** Cross-validation of a linear head on the features of the best pretrained network here. */
import type { CrossValidateEvent, CrossValidation } from '../../contract/app/judging/cross-validation.ts';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import { runInPieces } from '../../core/jobs/in-pieces.ts';
import { divideIntoFolds } from '../../core/statistics/logistic-regression/folds.ts';
import { fitBestRegression } from '../../core/statistics/logistic-regression/choose-strength.ts';
import { predictRow } from '../../core/statistics/logistic-regression/logistic-regression.ts';
import { sampleDeviation, wilsonInterval } from '../../core/statistics/statistics.ts';
import { emptyConfusion } from '../../engine/step/metrics.ts';
import { listClasses } from '../../project/images/classes.ts';
import { type LabelledImage, labelledPages } from '../../project/images/labelled-pages.ts';
import { readGroups } from '../../project/images/near-duplicates.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from '../base/context.ts';
import { imageFeatures } from '../features/image-features.ts';
import { chooseBackbone } from '../runs/run-backbone.ts';

/** What is asked for. */
export interface CrossValidateRequest {
  readonly folds: number;
  readonly seed: number;
}

/** What is learned from and judged. */
interface Rows {
  readonly data: Float32Array;
  readonly dimension: number;
  readonly labels: Int32Array;
  readonly names: readonly string[];
  readonly foldOf: Int32Array;
}

/**
 * Predicts each training and validation photo by a head that has not seen it. Its strength is chosen inside the other
 * folds, so the judged photos choose nothing.
 * @throws AppError BACKBONE_NONE, TRAINING_TOO_FEW_CLASSES, DATASET_TILES_MISSING, CANCELLED
 */
export async function crossValidateProject(
  context: ServiceContext,
  { folds, seed }: CrossValidateRequest,
  emit: (event: CrossValidateEvent) => void,
  signal: AbortSignal,
): Promise<CrossValidation> {
  const began = performance.now();
  const project = context.project();
  const backbone = await chooseBackbone(context.settingsFolder);
  if (backbone === null) throw new AppError('BACKBONE_NONE');
  const images = await judgedImages(project);
  const report = (phase: string) => (done: number, total: number) =>
    emit({ type: 'progress', phase, done, total });
  const onProgress = report('computing features');
  const { values, length } = await imageFeatures(context, project, images, { signal, onProgress });
  const classes = listClasses(project.database).filter(({ id }) =>
    images.some((image) => image.classId === id),
  );
  const placeOf = new Map(classes.map(({ id }, place) => [id, place]));
  const labels = Int32Array.from(images, ({ classId }) => placeOf.get(classId)!);
  const counts = classes.map((_, place) => labels.filter((label) => label === place).length);
  const fewest = Math.min(...counts);
  if (classes.length < 2 || fewest < 2) {
    const detail = 'cross-validation needs two classes, each with two training or validation photos';
    throw new AppError('INPUT_INVALID', { detail });
  }
  const { groups, known } = groupsOf(project, images);
  const count = Math.min(folds, fewest);
  const foldOf = divideIntoFolds(labels, { folds: count, seed, groups });
  const rows: Rows = {
    data: values,
    dimension: length,
    labels,
    names: classes.map(({ name }) => name),
    foldOf,
  };
  const predicted = new Int32Array(images.length).fill(-1);
  for (let fold = 0; fold < count; fold++) {
    report('judging')(fold, count);
    await judgeFold(rows, { fold, seed, groups }, predicted, signal);
  }
  return {
    backbone: backbone.label,
    ...figuresOf(rows, predicted, count),
    grouped: known,
    seconds: (performance.now() - began) / 1000,
  };
}

async function judgedImages(project: Project): Promise<LabelledImage[]> {
  const images: LabelledImage[] = [];
  for await (const page of labelledPages(project.database, ['train', 'validation'])) images.push(...page);
  if (images.length === 0) throw new AppError('DATASET_EMPTY_SPLIT', { split: 'train' });
  return images;
}

/** Near-duplicates share a number; the same content does in any case. */
function groupsOf(
  project: Project,
  images: readonly LabelledImage[],
): { groups: Int32Array; known: boolean } {
  const duplicates = readGroups(project.database);
  const numbers = new Map<string, number>();
  const groups = Int32Array.from(images, ({ hash }) => {
    const group = duplicates.get(hash);
    const name = group === undefined ? hash : `group ${group}`;
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
  return { groups, known: duplicates.size > 0 };
}

async function judgeFold(
  { data, dimension, labels, names, foldOf }: Rows,
  { fold, seed, groups }: { fold: number; seed: number; groups: Int32Array },
  predicted: Int32Array,
  signal: AbortSignal,
): Promise<void> {
  const features = { data, dimension };
  const all = Array.from(labels.keys());
  const learnt = all.filter((row) => foldOf[row] !== fold);
  const work = fitBestRegression(
    { features, rows: learnt, labels, classes: names.length },
    { seed, groups, folds: 3, judged: 1 },
  );
  const head = await runInPieces(work, {
    milliseconds: 40,
    stillWanted: () => {
      throwIfCancelled(signal);
      return true;
    },
  });
  const output = new Float64Array(names.length);
  for (const row of all) {
    if (foldOf[row] !== fold) continue;
    predictRow(head!, features, row, output);
    predicted[row] = output.indexOf(Math.max(...output));
  }
}

function figuresOf(
  { labels, names, foldOf }: Rows,
  predicted: Int32Array,
  count: number,
): Omit<CrossValidation, 'backbone' | 'grouped' | 'seconds'> {
  const confusionMatrix = emptyConfusion(names.length);
  const folds = Array.from({ length: count }, () => ({ images: 0, right: 0 }));
  labels.forEach((label, row) => {
    confusionMatrix[label][predicted[row]]++;
    folds[foldOf[row]].images++;
    if (label === predicted[row]) folds[foldOf[row]].right++;
  });
  // Groups that stay together may leave a fold without photos.
  const judged = folds
    .filter(({ images }) => images > 0)
    .map(({ images, right }) => ({ images, accuracy: right / images }));
  const right = folds.reduce((sum, fold) => sum + fold.right, 0);
  return {
    images: labels.length,
    folds: judged,
    accuracy: right / labels.length,
    interval: wilsonInterval(right, labels.length),
    deviation: sampleDeviation(judged.map(({ accuracy }) => accuracy)),
    classes: names.map((name, index) => {
      const own = confusionMatrix[index][index];
      const support = confusionMatrix[index].reduce((sum, photos) => sum + photos, 0);
      const called = confusionMatrix.reduce((sum, row) => sum + row[index], 0);
      return {
        name,
        precision: called === 0 ? null : own / called,
        precisionInterval: wilsonInterval(own, called),
        recall: support === 0 ? null : own / support,
        recallInterval: wilsonInterval(own, support),
        support,
      };
    }),
    confusionMatrix,
  };
}
