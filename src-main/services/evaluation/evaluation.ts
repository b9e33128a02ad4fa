/** Measuring a run's model on a split of the dataset. */
import { AppError } from '../../contract/shared/errors.ts';
import type { EvaluateEvent, Measurement, PackedSlots } from '../../contract/engine/engine.ts';
import type { Evaluation } from '../../contract/app/runs.ts';
import type { Split } from '../../contract/shared/vocabulary.ts';
import { packIntegers, unpackIntegers } from '../../core/statistics/packed-integers.ts';
import { measureReliability } from '../../core/statistics/confidence/reliability.ts';
import { wilsonInterval } from '../../core/statistics/statistics.ts';
import { scoreClasses } from '../../engine/step/metrics.ts';
import { listClasses } from '../../project/images/classes.ts';
import { labelledPages } from '../../project/images/labelled-pages.ts';
import type { Project } from '../../project/project.ts';
import { storePredictions } from '../../project/runs/predictions.ts';
import { insertTestUse } from '../../project/runs/test-uses.ts';
import { insertEvaluation } from '../../project/runs/runs.ts';
import { findRecipe } from '../../registries/recipes/index.ts';
import type { ServiceContext } from '../base/context.ts';
import { outputsByClass, readDataset, runModel } from '../runs/run-files.ts';
import { runRecords } from '../runs/run-records.ts';
import { requireRun } from '../runs/run-states.ts';
import { runTile, type WantedImage, tilesOf } from '../runs/run-tiles.ts';
import { keepScores, placeForScores, readScores } from './kept-scores.ts';

/** Progress and cancel. */
export interface EvaluationOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Measures a run on the present images of a split and stores the result. Images the run was trained on are left out
 * of the other splits, so that remaking the split cannot flatter it.
 * @throws AppError DATASET_EMPTY_SPLIT, TRAINING_NO_MODEL, DATASET_TILES_MISSING, CANCELLED, BACKEND_…
 */
export async function evaluateRun(
  context: ServiceContext,
  project: Project,
  run: string,
  split: Split,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  const record = requireRun(project, run);
  const { images, labels, outputs } = await imagesToMeasure(project, run, split);
  if (images.length === 0) throw new AppError('DATASET_EMPTY_SPLIT', { split });
  const spec = runTile(findRecipe(record.recipe), record.settings);
  const pack = await tilesOf(project, images, spec, options);
  const place = await placeForScores(project, run, split);
  const { measurement, answers, temperature } = await measure(context, project, run, {
    tiles: { path: pack.path, ...spec },
    images: { slots: packIntegers(pack.slots), labels: packIntegers(labels) },
    scoresInto: place,
    options,
  });
  project.identity.require();
  await keepScores(project, run, split, { place, images: images.map(({ id }) => id), labels, temperature });
  const reliability = await measureKept(project, run, split, temperature);
  const calibrationError = reliability?.after.calibrationError ?? null;
  const figures = { temperature, calibrationError, reliability };
  const result = { split, ...name(measurement, record.classes), ...figures };
  const uses = insertEvaluation(project.database, run, result);
  if (split === 'test') insertTestUse(project.database, { run, name: record.name, purpose: 'measured' });
  keepAnswers(project, run, images, outputs, answers);
  context.events.emit({ type: 'dataset' });
  if (split === 'test') {
    const { loss, accuracy, interval } = result;
    runRecords(project).change(run, { test: { loss, accuracy, interval } });
  }
  return { ...result, uses };
}

/** How believable the probabilities are, without the temperature and with it; null where the scores cannot be read. */
async function measureKept(
  project: Project,
  run: string,
  split: Split,
  temperature: number | null,
): Promise<Evaluation['reliability']> {
  const scores = await readScores(project, run, split);
  if (scores === null) return null;
  return { before: measureReliability(scores), after: measureReliability(scores, temperature ?? 1) };
}

async function imagesToMeasure(
  project: Project,
  run: string,
  split: Split,
): Promise<{ images: WantedImage[]; labels: number[]; outputs: ReadonlyMap<number, number> }> {
  const dataset = await readDataset(project, run);
  const trained = new Set(dataset.images.filter((image) => image[4] === 'train').map((image) => image[1]));
  const outputs = outputsByClass(listClasses(project.database), dataset);
  const images: WantedImage[] = [];
  const labels: number[] = [];
  for await (const page of labelledPages(project.database, [split])) {
    for (const { id, hash, classId } of page) {
      const label = outputs.get(classId) ?? -1;
      if (label < 0 || (split !== 'train' && trained.has(hash))) continue;
      images.push({ id, hash });
      labels.push(label);
    }
  }
  return { images, labels, outputs };
}

/** What the engine answers. */
type Measured = Omit<Extract<EvaluateEvent, { type: 'done' }>, 'type'>;

/** Keeps the prediction for each image, so that the grid and the map can show right and wrong ones. */
function keepAnswers(
  project: Project,
  run: string,
  images: readonly WantedImage[],
  outputs: ReadonlyMap<number, number>,
  answers: Measured['answers'],
): void {
  const predicted = unpackIntegers(answers.predicted);
  const probabilities = unpackIntegers(answers.probabilities);
  const classOf = new Map([...outputs].map(([classId, output]) => [output, classId]));
  const rows = images.flatMap(({ id: imageId }, at) => {
    const classId = classOf.get(predicted[at]);
    return classId === undefined ? [] : { imageId, classId, probability: probabilities[at] / 1e6 };
  });
  storePredictions(project.database, run, rows);
}

async function measure(
  { engine }: ServiceContext,
  project: Project,
  run: string,
  {
    tiles,
    images,
    scoresInto,
    options,
  }: {
    tiles: { path: string; size: number; channels: 1 | 3 };
    images: PackedSlots;
    scoresInto: string;
    options: EvaluationOptions;
  },
): Promise<Measured> {
  const { signal, onProgress } = options;
  const request = { model: runModel(project, run), tiles, images, scoresInto };
  return engine
    .ask(async (process) => {
      for await (const event of await process.evaluate(request, { signal })) {
        if (event.type === 'done') return event;
        onProgress?.(event.done, event.total);
      }
      throw new AppError('CANCELLED');
    }, signal)
    .catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'MODEL_NOT_FOUND') {
        throw new AppError('TRAINING_NO_MODEL', { id: run }, { cause: error });
      }
      throw error;
    });
}

function name(
  measurement: Measurement,
  classes: readonly string[],
): Pick<Evaluation, 'images' | 'loss' | 'accuracy' | 'confusionMatrix' | 'interval' | 'classes'> {
  const scores = scoreClasses(measurement.confusionMatrix);
  const { images, accuracy } = measurement;
  return {
    ...measurement,
    interval: wilsonInterval(accuracy * images, images),
    classes: scores.map((score, index) => ({ name: classes[index], ...score })),
  };
}
