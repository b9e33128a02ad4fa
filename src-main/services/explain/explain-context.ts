/** What all requests to explain have in common: the model, the engine, and progress. */
import { basename } from 'node:path';
import type { TilePack } from '../../contract/engine/engine.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { ExplainModel, ExplainPhoto, ExplainProgress } from '../../contract/app/explain/network.ts';
import { streamEvents } from '../../core/jobs/async-queue.ts';
import type { ServiceContext } from '../base/context.ts';
import type { EngineProcess } from '../base/engine-client.ts';
import { type NamedModel, findExplainModel } from './models.ts';
import { type FoundPhoto, findPhoto } from './photos.ts';
import type { ExplainResults } from './results.ts';
import { modelTile } from '../runs/run-tiles.ts';

/** The engine's answer about a model. */
export type EngineOverview = Awaited<ReturnType<EngineProcess['explain']['overview']>>;

/** A model that is open in the engine. */
export interface OpenedModel extends NamedModel {
  readonly overview: EngineOverview;
  /** What its pictures say of it. */
  readonly about: { readonly model: string; readonly preprocessing: string };
}

/** Shared by all handlers. */
export interface ExplainContext {
  readonly context: ServiceContext;
  readonly results: ExplainResults;
  /** Lenslet with its version, for pictures. */
  readonly software: string;
}

/** A model as it is named to the engine. */
export function reference({ path, preprocessing }: NamedModel): {
  model: string;
  preprocessing: Preprocessing | undefined;
} {
  return { model: path, preprocessing };
}

/** Opens a model. @throws AppError MODEL_…, NOT_FOUND, BACKEND_… */
export async function openModel({ context }: ExplainContext, model: ExplainModel): Promise<OpenedModel> {
  const found = await findExplainModel(context, model);
  try {
    const overview = await context.engine.ask((engine) => engine.explain.overview(reference(found)));
    const about = { model: found.name, preprocessing: overview.description.preprocessing };
    return { ...found, overview, about };
  } catch (error) {
    const missing = error instanceof AppError && error.code === 'MODEL_NOT_FOUND' && model.kind === 'run';
    if (missing) throw new AppError('TRAINING_NO_MODEL', { id: model.run }, { cause: error });
    throw model.kind === 'upload' ? withNameOnly(error, found.path) : error;
  }
}

/** Users know an uploaded file by its name, not by the place where the project keeps it. */
function withNameOnly(error: unknown, path: string): unknown {
  if (!(error instanceof AppError) || error.params.path !== path) return error;
  const { code, params, kind } = error;
  return new AppError(code, { ...params, path: basename(path) }, { kind, cause: error });
}

/** A photo as the model takes it. */
export async function photoFor(
  { context }: ExplainContext,
  { overview }: OpenedModel,
  photo: ExplainPhoto,
): Promise<FoundPhoto & { use<T>(work: (tiles: TilePack, slot: number) => Promise<T>): Promise<T> }> {
  const found = await findPhoto(context, photo);
  return { ...found, use: (work) => found.withTile(modelTile(overview.description), work) };
}

/** Events of a stream of the engine. */
type EngineEvent<Result> = ExplainProgress | { type: 'done'; result: Result };

/** Emits the progress of a request. */
export type Emit<Event> = (event: Event | ExplainProgress) => void;

/** Runs a request of the engine to its end, passing its progress on. @throws AppError of the engine */
export async function follow<Result>(
  { context }: ExplainContext,
  begin: (engine: EngineProcess, signal: AbortSignal) => Promise<AsyncIterable<EngineEvent<Result>>>,
  emit: (event: ExplainProgress) => void,
  signal: AbortSignal,
): Promise<Result> {
  return context.engine.ask(async (engine) => {
    for await (const event of await begin(engine, signal)) {
      if (event.type === 'done') return event.result;
      emit(event);
    }
    throw new AppError('CANCELLED');
  }, signal);
}

/** A request as a stream: what `work` emits, then what it returns. Closing it cancels. */
export function stream<Done extends { type: string }>(
  signal: AbortSignal | undefined,
  work: (emit: Emit<Done>, signal: AbortSignal) => Promise<Done>,
): AsyncGenerator<Done | ExplainProgress, void> {
  return streamEvents<Done | ExplainProgress>(async (emit, ending) => emit(await work(emit, ending)), signal);
}

/** Seconds since a moment of `performance.now()`. */
export function secondsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}
