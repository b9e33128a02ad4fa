/** Class activation heatmaps of one photo and of many, and the checks on them. */
import type { EngineHeatmap } from '../../contract/engine/explain.ts';
import type {
  Curves,
  GridHeatmap,
  Heatmap,
  HeatmapMethod,
  Randomised,
} from '../../contract/app/explain/heatmaps.ts';
import type { ExplainModel, ExplainPhoto } from '../../contract/app/explain/network.ts';
import { heatmapMaker } from '../../registries/explanations/index.ts';
import { resultAddress } from './activations.ts';
import { type DrawnHeatmap, heatmapPictures, heatmapSide } from './draw-heatmap.ts';
import {
  type ExplainContext,
  type OpenedModel,
  type Emit,
  follow,
  openModel,
  reference,
  photoFor,
  secondsSince,
} from './explain-context.ts';
import type { FoundPhoto } from './photos.ts';
import { curvesSentence, emptySentence, randomisedSentence } from './sentences.ts';

/** What a heatmap is wanted of. */
export interface HeatmapInput {
  readonly model: ExplainModel;
  readonly photo: ExplainPhoto;
  readonly method: HeatmapMethod;
  readonly layer: string | null;
  readonly class: number | null;
}

/** Why there is nothing to see, or null. */
export function emptyOf({ empty, label, probability }: EngineHeatmap): GridHeatmap['empty'] {
  return empty === null ? null : { reason: empty, sentence: emptySentence(empty, label, probability) };
}

/** Keeps a heatmap's picture and returns its address. */
export function keepHeatmap(
  explain: ExplainContext,
  opened: OpenedModel,
  photo: Pick<FoundPhoto, 'name' | 'raster'>,
  method: HeatmapMethod,
  found: EngineHeatmap,
  more: object = {},
): { id: string; picture: string } {
  const { layer, label, probability } = found;
  const drawn: DrawnHeatmap = {
    map: found.map,
    empty: emptyOf(found)?.sentence ?? null,
    photo: (side) => photo.raster(side),
    software: explain.software,
    settings: {
      ...opened.about,
      photo: photo.name,
      method,
      layer,
      class: found.class,
      label,
      probability,
      ...more,
    },
    title: `${label.replaceAll('_', ' ')}, ${(100 * probability).toFixed(1)}%`,
    line: [heatmapMaker(method).label, opened.name, ...(layer === null ? [] : [layer])].join(', '),
  };
  const id = explain.results.add(heatmapPictures(drawn));
  return { id, picture: resultAddress(id) };
}

/** The heatmap of one photo. @throws AppError MODEL_…, IMAGE_…, CANCELLED */
export async function lookAtHeatmap(
  explain: ExplainContext,
  input: HeatmapInput,
  emit: Emit<Heatmap & { type: 'done' }>,
  signal: AbortSignal,
): Promise<Heatmap & { type: 'done' }> {
  const start = performance.now();
  const opened = await openModel(explain, input.model);
  const photo = await photoFor(explain, opened, input.photo);
  const { method, layer } = input;
  const found = await photo.use((tiles, slot) => {
    const request = { ...reference(opened), tiles, slot, method, layer, class: input.class };
    return follow(
      explain,
      (engine, ending) => engine.explain.heatmap(request, { signal: ending }),
      emit,
      signal,
    );
  });
  const { width, height } = await photo.raster(heatmapSide);
  const kept = keepHeatmap(explain, opened, photo, method, found);
  return {
    type: 'done',
    ...kept,
    ...found,
    method,
    empty: emptyOf(found),
    width,
    height,
    seconds: secondsSince(start),
  };
}

/** The randomised-weights test. @throws AppError MODEL_…, IMAGE_…, CANCELLED */
export async function checkByRandomising(
  explain: ExplainContext,
  input: HeatmapInput,
  emit: Emit<Randomised>,
  signal: AbortSignal,
): Promise<Randomised> {
  const opened = await openModel(explain, input.model);
  const photo = await photoFor(explain, opened, input.photo);
  const { method } = input;
  const { steps, verdict } = await photo.use((tiles, slot) => {
    const request = { ...reference(opened), tiles, slot, method, layer: input.layer, class: input.class };
    return follow(
      explain,
      (engine, ending) => engine.explain.randomised(request, { signal: ending }),
      emit,
      signal,
    );
  });
  const [{ heatmap }] = steps;
  const shown = steps.map(({ heatmap: found, ...step }) => ({
    ...step,
    map: found.map,
    probability: found.probability,
    picture: keepHeatmap(explain, opened, photo, method, found, { shuffledDownTo: step.downTo }).picture,
  }));
  const sentence = randomisedSentence(verdict, steps.at(-1)!.similarity);
  const { layer, class: wanted, label } = heatmap;
  return { type: 'done', method, layer, class: wanted, label, steps: shown, verdict, sentence };
}

/** Deletion and insertion curves. @throws AppError MODEL_…, IMAGE_…, CANCELLED */
export async function checkByCurves(
  explain: ExplainContext,
  input: HeatmapInput,
  emit: Emit<Curves>,
  signal: AbortSignal,
): Promise<Curves> {
  const opened = await openModel(explain, input.model);
  const photo = await photoFor(explain, opened, input.photo);
  const { method } = input;
  const { heatmap, deletion, insertion } = await photo.use((tiles, slot) => {
    const request = { ...reference(opened), tiles, slot, method, layer: input.layer, class: input.class };
    return follow(
      explain,
      (engine, ending) => engine.explain.curves(request, { signal: ending }),
      emit,
      signal,
    );
  });
  const { layer, class: wanted, label } = heatmap;
  const sentence = curvesSentence(deletion, insertion);
  return { type: 'done', method, layer, class: wanted, label, deletion, insertion, sentence };
}
