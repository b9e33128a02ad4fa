/** Heatmaps of many photos of the dataset: chosen ones, or the model's mistakes. */
import type { EngineHeatmap } from '../../contract/engine/explain.ts';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import type { GridHeatmap } from '../../contract/app/explain/heatmaps.ts';
import type { ExplainModel, ExplainProgress, ScoredClass } from '../../contract/app/explain/network.ts';
import type { Split } from '../../contract/shared/vocabulary.ts';
import { listClasses } from '../../project/images/classes.ts';
import { type ImageRow, findImages, labelledImages } from '../../project/images/images.ts';
import type { Project } from '../../project/project.ts';
import { greatest } from '../../engine/interpretation/heatmaps/class-score.ts';
import { tilesOfImages } from '../project/image-caches.ts';
import { emptyOf, keepHeatmap } from './heatmaps.ts';
import { type ExplainContext, type OpenedModel, openModel, reference } from './explain-context.ts';
import { ofProject } from './photos.ts';
import { modelTile } from '../runs/run-tiles.ts';

/** What is wanted. */
export interface HeatmapGridInput {
  readonly model: ExplainModel;
  readonly photos: { images: number[] } | { mistakesOf: Split; limit: number };
  readonly method: 'grad-cam' | 'grad-cam-plus-plus';
  readonly layer: string | null;
  readonly towards: 'predicted' | 'true' | number;
}

/** Events of the stream. */
export type HeatmapGridEvent =
  | ExplainProgress
  | { type: 'heatmap'; heatmap: GridHeatmap }
  | {
      type: 'done';
      method: HeatmapGridInput['method'];
      layer: string;
      shown: number;
      mistakes: number | null;
      images: number;
    };

/** Photos predicted with one request, so that progress shows and cancelling works. */
const predictedAtOnce = 64;

/** A photo with its class as the model numbers it; −1 without label, or one that the model does not know. */
interface Labelled {
  readonly row: ImageRow;
  readonly label: number;
  readonly trueLabel: string | null;
}

function withLabels(project: Project, rows: readonly ImageRow[], classes: readonly string[]): Labelled[] {
  const names = new Map(listClasses(project.database).map(({ id, name }) => [id, name]));
  return rows.map((row) => {
    const trueLabel = row.classId === null ? null : (names.get(row.classId) ?? null);
    return { row, trueLabel, label: trueLabel === null ? -1 : classes.indexOf(trueLabel) };
  });
}

type Emit = (event: HeatmapGridEvent) => void;

async function prepare(
  project: Project,
  { overview }: OpenedModel,
  photos: readonly Labelled[],
  emit: Emit,
  signal: AbortSignal,
) {
  const spec = modelTile(overview.description);
  const rows = photos.map(({ row }) => row);
  const onProgress = (done: number, total: number): void =>
    emit({ type: 'progress', phase: 'preparing images', done, total });
  const pack = await tilesOfImages(project, rows, spec, { signal, onProgress });
  return { tiles: { path: pack.path, ...spec }, slots: Array.from(pack.slots) };
}

/** The photos of a split that the model gets wrong, those it is surest of first. */
async function findMistakes(
  { context }: ExplainContext,
  opened: OpenedModel,
  photos: readonly Labelled[],
  pack: Awaited<ReturnType<typeof prepare>>,
  emit: Emit,
  signal: AbortSignal,
): Promise<number[]> {
  const wrong: { place: number; probability: number }[] = [];
  for (let start = 0; start < photos.length; start += predictedAtOnce) {
    throwIfCancelled(signal);
    const slots = pack.slots.slice(start, start + predictedAtOnce);
    const request = { ...reference(opened), tiles: pack.tiles, slots };
    const { probabilities } = await context.engine.ask(
      (engine) => engine.predict(request, { signal }),
      signal,
    );
    probabilities.forEach((row, index) => {
      const place = start + index;
      const predicted = greatest(row);
      if (predicted !== photos[place].label) wrong.push({ place, probability: row[predicted] });
    });
    const done = Math.min(start + predictedAtOnce, photos.length);
    emit({ type: 'progress', phase: 'looking for mistakes', done, total: photos.length });
  }
  return wrong.sort((a, b) => b.probability - a.probability).map(({ place }) => place);
}

function classFor({ label }: Labelled, towards: HeatmapGridInput['towards']): number | null {
  if (typeof towards === 'number') return towards;
  return towards === 'true' && label >= 0 ? label : null;
}

/** @throws AppError MODEL_…, DATASET_EMPTY_SPLIT, DATASET_TILES_MISSING, CANCELLED */
export async function lookAtHeatmaps(
  explain: ExplainContext,
  input: HeatmapGridInput,
  emit: Emit,
  signal: AbortSignal,
): Promise<HeatmapGridEvent & { type: 'done' }> {
  const project = explain.context.project();
  const opened = await openModel(explain, input.model);
  const { classes } = opened.overview.description;
  const { photos: wanted } = input;
  const isGiven = 'images' in wanted;
  const rows = isGiven
    ? findImages(project.database, wanted.images)
    : labelledImages(project.database, wanted.mistakesOf);
  const all = withLabels(project, rows, classes).filter(({ label }) => isGiven || label >= 0);
  if (all.length === 0) {
    throw isGiven
      ? new AppError('NOT_FOUND', { what: 'photo', id: wanted.images.join(', ') })
      : new AppError('DATASET_EMPTY_SPLIT', { split: wanted.mistakesOf });
  }
  const pack = await prepare(project, opened, all, emit, signal);
  const mistakes = isGiven ? null : await findMistakes(explain, opened, all, pack, emit, signal);
  const places =
    mistakes === null
      ? all.map((_, place) => place)
      : mistakes.slice(0, 'limit' in wanted ? wanted.limit : 0);
  const { method, layer } = input;
  const usedLayer = layer ?? opened.overview.heatmapLayer ?? '';
  if (places.length > 0) {
    const request = {
      ...reference(opened),
      tiles: pack.tiles,
      slots: places.map((place) => pack.slots[place]),
      classes: places.map((place) => classFor(all[place], input.towards)),
      method,
      layer,
    };
    await explain.context.engine.ask(async (engine) => {
      for await (const { place, heatmap } of await engine.explain.heatmaps(request, { signal })) {
        const one = all[places[place]];
        emit({ type: 'heatmap', heatmap: gridHeatmap(explain, opened, project, one, method, heatmap) });
        emit({ type: 'progress', phase: 'computing', done: place + 1, total: places.length });
      }
    }, signal);
  }
  const counts = { shown: places.length, mistakes: mistakes?.length ?? null, images: all.length };
  return { type: 'done', method, layer: usedLayer, ...counts };
}

function gridHeatmap(
  explain: ExplainContext,
  opened: OpenedModel,
  project: Project,
  { row, trueLabel }: Labelled,
  method: HeatmapGridInput['method'],
  found: EngineHeatmap,
): GridHeatmap {
  const { picture } = keepHeatmap(explain, opened, ofProject(project, row), method, found, { trueLabel });
  const { map, label, probability } = found;
  const predicted: ScoredClass = found.predictions[0];
  return {
    image: row.id,
    trueLabel,
    predicted,
    class: found.class,
    label,
    probability,
    map,
    empty: emptyOf(found),
    picture,
    width: row.width,
    height: row.height,
  };
}
