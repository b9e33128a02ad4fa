/** The steps of a sorting, each of which can be cut short at any moment and continued. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SortBy } from '../../contract/app/sorting.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { isInside } from '../../core/files/join-inside.ts';
import type { EngineClient } from '../base/engine-client.ts';
import { type FoundModel, type ModelChoice, findModel } from '../runs/models.ts';
import { type PartsOfPhoto, partsByDetections, readBoxes } from './boxes.ts';
import { findPhotos } from './find-photos.ts';
import { judgePhotos } from './judge-photos.ts';
import { type MoveOptions, type Places, applyMoves, undoMoves } from './move-files.ts';
import { type SortPlan, planMoves } from './plan-moves.ts';
import { predictPhotos } from './predict-photos.ts';
import type { About, SortSession } from '../../project/sorting/session-database.ts';
import { type SortingPlaces, createSession } from '../../project/sorting/session-folders.ts';
import { countMoves, movesIn, setState, writePlan } from '../../project/sorting/session-moves.ts';
import { type FoundPhoto, addFound, allPaths, countStates } from '../../project/sorting/session-photos.ts';

/** A sorting to begin. */
export interface NewSorting {
  /** The folder of photos. */
  readonly source: string;
  /** The run, where the page may know it. */
  readonly run: string | null;
  readonly model: ModelChoice;
  readonly threshold: number | null;
  readonly burst: number | null;
  readonly boxes: About['boxes'];
  /** The folder to sort into, where that is known already. */
  readonly out: string | null;
}

/** Progress of reading and predicting. */
export interface StepOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?:
    ((phase: 'looking' | 'predicting', done: number, total: number | null) => void) | undefined;
}

const foundAtOnce = 500;

/** The file of a model, as it is now. */
function stampOf(path: string): string {
  const { size, mtimeMs } = statSync(path);
  return `${size}/${mtimeMs}`;
}

/** The folder itself where it is reached by a link. @throws AppError SORT_NO_PHOTOS */
function realFolder(path: string): string {
  try {
    const real = realpathSync(path);
    if (statSync(real).isDirectory()) return real;
  } catch {
    // Said below.
  }
  throw new AppError('DATASET_SOURCE_NOT_FOUND', { path });
}

/**
 * Makes the record of a new sorting, and looks at the model.
 * @throws AppError DATASET_SOURCE_NOT_FOUND, MODEL_…, SORT_BOXES_INVALID, BACKEND_…
 */
export async function beginSorting(
  engine: EngineClient,
  places: SortingPlaces,
  wanted: NewSorting,
): Promise<SortSession> {
  const source = realFolder(wanted.source);
  // A damaged list is better refused now than after an hour.
  if (wanted.boxes !== null) await readBoxes(wanted.boxes.path);
  const model = await findModel(engine, wanted.model);
  return createSession(places, {
    source,
    run: wanted.run,
    model: { ...wanted.model, classes: [...model.description.classes], stamp: stampOf(model.path) },
    classes: [...model.description.classes],
    threshold: wanted.threshold,
    burst: wanted.burst,
    boxes: wanted.boxes,
    boxesMissing: 0,
    links: 0,
    stage: 'looking',
    by: null,
    out: wanted.out === null ? null : realOrGiven(wanted.out),
    seconds: 0,
  });
}

/**
 * Finds and predicts what is not yet, and judges all of it.
 * @param model where its file is now; null: where it was
 * @throws AppError SORT_NO_PHOTOS, SORT_MODEL_CHANGED, CANCELLED, DISK_FULL, BACKEND_…
 */
export async function predictSorting(
  engine: EngineClient,
  session: SortSession,
  model: ModelChoice | null,
  options: StepOptions,
): Promise<void> {
  const choice: ModelChoice = model ?? session.about.model;
  const found = await findModel(engine, { ...choice, classes: session.about.model.classes });
  if (stampOf(found.path) !== session.about.model.stamp)
    throw new AppError('SORT_MODEL_CHANGED', { model: found.path });
  if (session.about.stage === 'looking') await look(session, options);
  await predict(engine, session, found, options);
  judgePhotos(session);
  session.update({ stage: 'ready' });
}

async function look(session: SortSession, { signal, onProgress }: StepOptions): Promise<void> {
  const { source, out } = session.about;
  let [links, done] = [0, 0];
  let some: FoundPhoto[] = [];
  // Sorted in place, its own folders are looked at too: what lies right there stays.
  const except = out !== null && out !== source && isInside(source, out) ? out : null;
  for await (const photo of findPhotos(source, { except, signal, onLink: () => links++ })) {
    some.push(photo);
    if (++done % foundAtOnce !== 0) continue;
    addFound(session, some);
    some = [];
    onProgress?.('looking', done, null);
  }
  addFound(session, some);
  if (done === 0) throw new AppError('SORT_NO_PHOTOS', { path: source });
  session.update({ stage: 'predicting', links });
}

async function predict(
  engine: EngineClient,
  session: SortSession,
  model: FoundModel,
  { signal, onProgress }: StepOptions,
): Promise<void> {
  const partsOf = await partsOfPhotos(session);
  const counts = countStates(session);
  const total = counts.found + counts.failed + counts.predicted;
  let done = total - counts.found;
  const before = session.about.seconds;
  const began = performance.now();
  onProgress?.('predicting', done, total);
  try {
    await predictPhotos(session, {
      engine,
      model,
      partsOf,
      signal,
      onDone: (photos) => onProgress?.('predicting', (done += photos), total),
    });
  } finally {
    session.update({ seconds: before + (performance.now() - began) / 1000 });
  }
}

async function partsOfPhotos(session: SortSession): Promise<(path: string) => PartsOfPhoto> {
  const { boxes } = session.about;
  if (boxes === null) return () => ({ kind: 'whole' });
  const { partsOf, missing } = partsByDetections(
    await readBoxes(boxes.path),
    allPaths(session),
    boxes.confidence,
  );
  session.update({ boxesMissing: missing });
  return partsOf;
}

/** Judges anew, with other settings. */
export function judgeSorting(session: SortSession, settings: Pick<About, 'threshold' | 'burst'>): void {
  session.update(settings);
  judgePhotos(session);
}

/** Where files would go, when nothing is in place yet; noted, and not moved. @throws AppError SORT_UNFINISHED, CANCELLED */
export async function planSorting(
  session: SortSession,
  out: string,
  signal?: AbortSignal,
): Promise<SortPlan> {
  requireNothingPlaced(session);
  const plan = await planMoves(session, realOrGiven(out), signal);
  writePlan(session, plan.moves);
  return plan;
}

/** An absolute path, links on the way to it followed. */
export function realOrGiven(path: string): string {
  const full = resolve(path);
  return existsSync(full) ? realpathSync(full) : full;
}

/**
 * Carries the plan out, or continues with one that was cut short.
 * @throws AppError SORT_UNFINISHED when files are in place by another plan, CANCELLED, DISK_FULL, FILE_UNWRITABLE
 */
export async function applySorting(
  session: SortSession,
  by: SortBy,
  out: string,
  options: MoveOptions,
): Promise<void> {
  if (session.about.stage === 'applying') {
    await applyMoves(session, placesOf(session), options);
  } else {
    await planSorting(session, out, options.signal);
    session.update({ stage: 'applying', by, out: realOrGiven(out) });
    await applyMoves(session, placesOf(session), options);
  }
  session.update({ stage: 'applied' });
}

/** Puts all files back that are still what they were. @throws AppError SORT_NOTHING_TO_UNDO, CANCELLED, DISK_FULL */
export async function undoSorting(session: SortSession, options: MoveOptions): Promise<void> {
  const { stage, out, source } = session.about;
  if (stage !== 'applying' && stage !== 'applied' && stage !== 'undoing')
    throw new AppError('SORT_NOTHING_TO_UNDO', { path: out ?? source });
  // What an earlier undo has kept may be free by now.
  if (stage !== 'undoing') setState(session, movesIn(session, ['kept'], { max: 1e9 }), 'done');
  session.update({ stage: 'undoing' });
  await undoMoves(session, placesOf(session), options);
  session.update({ stage: countMoves(session).kept > 0 ? 'applied' : 'ready' });
}

function placesOf({ about: { source, out, by, id } }: SortSession): Places {
  if (out === null || by === null) throw new AppError('INTERNAL_BUG', { detail: 'nothing was applied' });
  return { source, out, by, id };
}

function requireNothingPlaced(session: SortSession): void {
  const { done, doing, undoing, kept } = countMoves(session);
  if (done + doing + undoing + kept > 0)
    throw new AppError('SORT_UNFINISHED', { path: session.about.source });
}
