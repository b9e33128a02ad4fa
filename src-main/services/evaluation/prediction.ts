/** Predictions for images of the project and for files that are in none. */
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import type { Judgement } from '../../contract/shared/calibration.ts';
import type { TilePack } from '../../contract/engine/engine.ts';
import {
  pickedPictureAddress,
  thumbnailAddress,
  uploadedPictureAddress,
} from '../../contract/shared/media.ts';
import type { Prediction } from '../../contract/app/training.ts';
import { scan } from '../../datasets/import/scan.ts';
import { temporaryPath } from '../../core/files/temporary-path.ts';
import { likeliest } from '../../core/statistics/likeliest.ts';
import { writeTemporaryPack } from '../../datasets/tiles/tile-store.ts';
import { findImages } from '../../project/images/images.ts';
import type { Project } from '../../project/project.ts';
import { findRecipe } from '../../registries/recipes/index.ts';
import type { ServiceContext } from '../base/context.ts';
import type { EngineClient } from '../base/engine-client.ts';
import { tilesOfImages } from '../project/image-caches.ts';
import { type FoundModel, type ModelChoice, findModel } from '../runs/models.ts';
import { photoVersion, projectKey } from '../base/project-key.ts';
import { runModel } from '../runs/run-files.ts';
import { requireRun } from '../runs/run-states.ts';
import { listUpload } from '../base/uploads.ts';
import { modelTile, runTile } from '../runs/run-tiles.ts';
import type { TileSpec } from '../../datasets/photos/tiles.ts';

/** A file to predict, with how to call and show it. */
interface FileToPredict {
  readonly path: string;
  readonly image: string;
  readonly preview: string | null;
}

/** What predicts: a model file with the shape of its input and its class names. */
interface Predictor {
  readonly model: Pick<FoundModel, 'path' | 'preprocessing'>;
  readonly spec: TileSpec;
  readonly classes: readonly string[];
}

/** Files decoded and predicted at once: enough to use the machine, few enough to answer soon. */
const chunkSize = 64;

/** What to predict through the contract. */
export interface PredictRequest {
  readonly run: string;
  readonly images: readonly number[];
  readonly uploads: readonly string[];
  readonly picks: readonly string[];
}

/** Some of what was asked for, and how far it is. */
export interface PredictedPortion {
  /** Photos predicted so far, these included. */
  readonly done: number;
  /** Photos to predict in all. */
  readonly total: number;
  readonly predictions: Prediction[];
}

/** The files of uploads and picks, each with an address to show it by. */
async function filesOf(
  context: ServiceContext,
  project: Project,
  { uploads, picks }: Pick<PredictRequest, 'uploads' | 'picks'>,
  signal: AbortSignal | undefined,
): Promise<FileToPredict[]> {
  const key = projectKey(project);
  const files: FileToPredict[] = [];
  for (const id of uploads) {
    const listed = await listUpload(project, id);
    listed.forEach(({ path, absolutePath }, index) =>
      files.push({ path: absolutePath, image: path, preview: uploadedPictureAddress(key, id, index) }),
    );
  }
  for (const pick of picks) {
    for await (const path of imageFiles(context.pickedPaths.resolve(pick), signal)) {
      // Each file of a folder gets an id of its own: the page names no path.
      const preview = pickedPictureAddress(key, context.pickedPaths.add(path));
      files.push({ path, image: basename(path), preview });
    }
  }
  return files;
}

/**
 * Predicts images of the project, uploaded files and picked files or folders with a run's model as it is now, also
 * while it trains, a portion at a time and in this order. What cannot be read is an answer with an error.
 * @throws AppError NOT_FOUND, TRAINING_NO_MODEL, CANCELLED, BACKEND_…
 */
export async function* predictPortions(
  context: ServiceContext,
  request: PredictRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<PredictedPortion, void> {
  const { run, images } = request;
  const project = context.project();
  const record = requireRun(project, run);
  const predictor: Predictor = {
    model: { path: runModel(project, run), preprocessing: undefined },
    spec: runTile(findRecipe(record.recipe), record.settings),
    classes: record.classes,
  };
  const files = await filesOf(context, project, request, signal);
  try {
    const predictions = await predictImages(context.engine, project, predictor, images, signal);
    const total = predictions.length + files.length;
    let done = predictions.length;
    yield { done, total, predictions };
    for (let start = 0; start < files.length; start += chunkSize) {
      const chunk = files.slice(start, start + chunkSize);
      const portion = await predictFiles(context.engine, predictor, chunk, signal);
      done += portion.length;
      yield { done, total, predictions: portion };
    }
  } catch (error) {
    const missing = error instanceof AppError && error.code === 'MODEL_NOT_FOUND';
    throw missing ? new AppError('TRAINING_NO_MODEL', { id: run }, { cause: error }) : error;
  }
}

/** The same in one answer. @throws AppError as `predictPortions` */
export async function predictWithRun(
  context: ServiceContext,
  request: PredictRequest,
  signal: AbortSignal | undefined,
): Promise<Prediction[]> {
  const all: Prediction[] = [];
  for await (const { predictions } of predictPortions(context, request, signal)) all.push(...predictions);
  return all;
}

/**
 * Predicts files and folders with any model, in the order found; for the command line.
 * @throws AppError MODEL_…, CANCELLED, BACKEND_…
 */
export async function* predictPaths(
  engine: EngineClient,
  choice: ModelChoice,
  paths: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<Prediction, void> {
  const { path, preprocessing, description } = await findModel(engine, choice);
  const { classes } = description;
  const predictor: Predictor = { model: { path, preprocessing }, spec: modelTile(description), classes };
  let chunk: FileToPredict[] = [];
  for (const given of paths) {
    let files = 0;
    for await (const found of imageFiles(given, signal)) {
      files++;
      chunk.push({ path: found, image: found, preview: null });
      if (chunk.length < chunkSize) continue;
      yield* await predictFiles(engine, predictor, chunk, signal);
      chunk = [];
    }
    if (files > 0) continue;
    if (chunk.length > 0) yield* await predictFiles(engine, predictor, chunk, signal);
    chunk = [];
    yield failed({ image: given, preview: null }, new AppError('IMAGE_NONE_IN_FOLDER'));
  }
  if (chunk.length > 0) yield* await predictFiles(engine, predictor, chunk, signal);
}

/**
 * The files of a path: itself, whatever it is, or all that may be images in a folder. A path that is missing is one
 * file too: reading it throws.
 */
async function* imageFiles(path: string, signal: AbortSignal | undefined): AsyncGenerator<string, void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    yield path;
    return;
  }
  for await (const found of scan(path, { signal })) {
    if (found.kind === 'file') yield found.absolutePath;
    if (found.kind === 'problem') yield join(path, found.path);
  }
}

async function predictImages(
  engine: EngineClient,
  project: Project,
  predictor: Predictor,
  ids: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Prediction[]> {
  const rows = findImages(project.database, ids);
  const key = projectKey(project);
  const about = rows.map(({ id, path, hash }) => ({
    image: path,
    preview: thumbnailAddress({ project: key, id, version: photoVersion(hash) }),
  }));
  if (rows.length === 0) return [];
  try {
    const pack = await tilesOfImages(project, rows, predictor.spec, { signal });
    return await ask(engine, predictor, pack.path, Array.from(pack.slots), about, signal);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'DATASET_TILES_MISSING') throw error;
    if (rows.length === 1) return [failed(about[0], new AppError('IMAGE_MISSING', {}, { cause: error }))];
  }
  // Some originals are gone. Halves of halves find them, so that the others are predicted in a few large requests.
  const middle = Math.ceil(rows.length / 2);
  const half = (part: typeof rows): Promise<Prediction[]> =>
    predictImages(
      engine,
      project,
      predictor,
      part.map(({ id }) => id),
      signal,
    );
  return [...(await half(rows.slice(0, middle))), ...(await half(rows.slice(middle)))];
}

async function predictFiles(
  engine: EngineClient,
  predictor: Predictor,
  files: readonly FileToPredict[],
  signal: AbortSignal | undefined,
): Promise<Prediction[]> {
  const paths = files.map((file) => file.path);
  const pack = await writeTemporaryPack(temporaryPath('prediction'), predictor.spec, paths, { signal });
  try {
    const readable = files.flatMap((file, index) => (pack.slots[index] < 0 ? [] : [{ file, index }]));
    const slots = readable.map(({ index }) => pack.slots[index]);
    const about = readable.map(({ file }) => file);
    const answers = slots.length === 0 ? [] : await ask(engine, predictor, pack.path, slots, about, signal);
    const byIndex = new Map(readable.map(({ index }, place) => [index, answers[place]]));
    return files.map(
      // What cannot be decoded cannot be shown either.
      (file, index) => byIndex.get(index) ?? failed({ ...file, preview: null }, pack.errors[index]!),
    );
  } finally {
    await pack.dispose();
  }
}

type About = Pick<Prediction, 'image' | 'preview'>;

async function ask(
  engine: EngineClient,
  { model, spec, classes }: Predictor,
  path: string,
  slots: number[],
  about: readonly About[],
  signal: AbortSignal | undefined,
): Promise<Prediction[]> {
  const tiles: TilePack = { path, ...spec };
  const request = { model: model.path, preprocessing: model.preprocessing, tiles, slots };
  const found = await engine.ask((process) => process.predict(request, { signal }), signal);
  const { probabilities, judgements } = found;
  return probabilities.map((row, index) => answer(about[index], row, judgements[index], classes));
}

function answer(
  { image, preview }: About,
  row: readonly number[],
  judgement: Judgement | null,
  classes: readonly string[],
): Prediction {
  const best = likeliest(row);
  return {
    image,
    preview,
    label: classes[best],
    probability: row[best],
    probabilities: Object.fromEntries(row.map((value, index) => [classes[index], value])),
    unknown: judgement?.unknown ?? null,
    distance: judgement?.distance ?? null,
    set: judgement?.set?.map((index) => classes[index]) ?? null,
    error: null,
  };
}

function failed({ image, preview }: About, error: AppError): Prediction {
  const nothing = {
    label: null,
    probability: null,
    probabilities: {},
    unknown: null,
    distance: null,
    set: null,
  };
  return { image, preview, ...nothing, error: error.toData() };
}
