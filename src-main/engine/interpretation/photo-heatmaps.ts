/** Heatmaps of photos, as they are requested of the engine. */
import type { EngineHeatmap } from '../../contract/engine/explain.ts';
import type { TilePack } from '../../contract/engine/engine.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { HeatmapMethod } from '../../contract/app/explain/heatmaps.ts';
import { type ModelReference, type OpenModel, requireClassifier } from '../inference/model-cache.ts';
import type { ExplainPhotoSlot, ExplainWork, ExplainedModels } from './explained-models.ts';
import { greatest, requireClass } from './heatmaps/class-score.ts';
import { type PlainCurve, heatmapCurves } from './heatmaps/deletion-insertion.ts';
import { gradientHeatmaps } from './heatmaps/gradient-heatmaps.ts';
import type { HeatmapMaker } from './heatmaps/heatmap-method.ts';
import { type PhotoHeatmap, heatmapOf, predictionsOf } from './heatmaps/heatmaps.ts';
import { judgeRandomised, randomisedMaps } from './heatmaps/randomised-weights.ts';
import { chooseHeatmapLayer } from './layer-choice.ts';
import { ranked } from './ranked.ts';
import { type Subject, pause } from './subject.ts';

/** What a heatmap explains, and how. */
export interface HeatmapRequest {
  readonly method: HeatmapMethod;
  readonly layer: string | null;
  readonly class: number | null;
}

/** A way to make heatmaps, by id. */
export type FindHeatmapMaker = (id: HeatmapMethod) => HeatmapMaker;

/** Photos whose heatmaps are made at once. */
const heatmapsAtOnce = 4;

export class PhotoHeatmaps {
  readonly #models: ExplainedModels;
  readonly #findMaker: FindHeatmapMaker;

  constructor(models: ExplainedModels, findMaker: FindHeatmapMaker) {
    this.#models = models;
    this.#findMaker = findMaker;
  }

  /** The heatmap of one photo. @throws AppError MODEL_…, CANCELLED */
  async one(
    reference: ModelReference & ExplainPhotoSlot,
    request: HeatmapRequest,
    work: ExplainWork,
  ): Promise<EngineHeatmap> {
    return this.#models.use(reference, (subject, open) =>
      this.#heatmap(subject, open, reference, request, work),
    );
  }

  async #heatmap(
    subject: Subject,
    open: OpenModel,
    { tiles, slot }: ExplainPhotoSlot,
    request: HeatmapRequest,
    work: ExplainWork,
  ): Promise<EngineHeatmap> {
    requireClassifier(open);
    const full = { ...request, method: this.#findMaker(request.method) };
    return this.#models.withPhotos(subject, tiles, [slot], async (pixels) =>
      toHeatmap(await heatmapOf(subject, pixels, full, this.#models.toWork(work)), open.description.classes),
    );
  }

  /** Heatmaps of many photos by a gradient method, passed on one by one. @throws AppError MODEL_…, CANCELLED */
  async many(
    reference: ModelReference,
    pack: TilePack,
    photos: { slots: readonly number[]; classes: readonly (number | null)[] },
    request: Pick<HeatmapRequest, 'method' | 'layer'>,
    onHeatmap: (place: number, heatmap: EngineHeatmap) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const maker = this.#findMaker(request.method);
    if (maker.kind !== 'gradient') {
      throw new AppError('INPUT_INVALID', { detail: `${maker.label} is made for one photo at a time` });
    }
    await this.#models.use(reference, async (subject, open) => {
      requireClassifier(open);
      const layer = chooseHeatmapLayer(subject.network, request.layer);
      for (const one of photos.classes) if (one !== null) requireClass(one, subject.classes);
      for (let start = 0; start < photos.slots.length; start += heatmapsAtOnce) {
        await pause(this.#models.toWork({ signal }));
        const slots = photos.slots.slice(start, start + heatmapsAtOnce);
        await this.#models.withPhotos(subject, pack, slots, async (pixels) => {
          const probabilities = predictionsOf(subject, pixels);
          const classes = slots.map((_, place) => {
            const row = probabilities.subarray(place * subject.classes, (place + 1) * subject.classes);
            return photos.classes[start + place] ?? greatest(row);
          });
          gradientHeatmaps(subject, pixels, classes, layer, maker).forEach((heatmap, place) => {
            const full = { ...heatmap, layer, class: classes[place] };
            onHeatmap(start + place, toHeatmap(full, open.description.classes));
          });
        });
      }
    });
  }

  /** The randomised-weights test, on a copy of the model. @throws AppError MODEL_…, CANCELLED */
  async randomised(reference: ModelReference & ExplainPhotoSlot, request: HeatmapRequest, work: ExplainWork) {
    const open = await this.#models.openCopy(reference);
    try {
      requireClassifier(open);
      const subject = this.#models.subjectOf(open);
      const full = { ...request, method: this.#findMaker(request.method) };
      const { tiles, slot } = reference;
      const steps = await this.#models.withPhotos(subject, tiles, [slot], (pixels) =>
        randomisedMaps(subject, pixels, full, this.#models.toWork(work)),
      );
      const { classes } = open.description;
      const answered = steps.map(({ heatmap, ...step }) => ({
        ...step,
        heatmap: toHeatmap(heatmap, classes),
      }));
      return { steps: answered, verdict: judgeRandomised(steps) };
    } finally {
      open.dispose();
    }
  }

  /** Deletion and insertion curves of a heatmap. @throws AppError MODEL_…, CANCELLED */
  async curves(
    reference: ModelReference & ExplainPhotoSlot,
    request: HeatmapRequest,
    work: ExplainWork,
  ): Promise<{ heatmap: EngineHeatmap; deletion: PlainCurve; insertion: PlainCurve }> {
    return this.#models.use(reference, async (subject, open) => {
      requireClassifier(open);
      const full = { ...request, method: this.#findMaker(request.method) };
      return this.#models.withPhotos(subject, reference.tiles, [reference.slot], async (pixels) => {
        const silent = this.#models.toWork({ signal: work.signal });
        const heatmap = await heatmapOf(subject, pixels, full, silent);
        const curves = await heatmapCurves(
          subject,
          pixels,
          heatmap,
          heatmap.class,
          this.#models.toWork(work),
        );
        return { heatmap: toHeatmap(heatmap, open.description.classes), ...curves };
      });
    });
  }
}

/** As it is sent: rows of numbers with six decimals. */
function toHeatmap(heatmap: PhotoHeatmap, labels: readonly string[]): EngineHeatmap {
  const { height, width, map, layer, empty, probabilities } = heatmap;
  const row = (y: number): number[] =>
    Array.from(map.subarray(y * width, (y + 1) * width), (value) => Math.round(value * 1e6) / 1e6);
  return {
    layer: layer?.name ?? null,
    class: heatmap.class,
    label: labels[heatmap.class],
    probability: probabilities[heatmap.class],
    predictions: ranked(probabilities, labels),
    map: Array.from({ length: height }, (_, y) => row(y)),
    empty,
  };
}
