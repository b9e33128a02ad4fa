/** Looking inside networks on disk: finds the model, feeds it the photos, and hands out what was found. */
import type { HeatmapMaker } from './heatmaps/heatmap-method.ts';
import type * as tfjs from '@tensorflow/tfjs';
import type { EngineActivations, EngineHeatmap, EnginePatterns } from '../../contract/engine/explain.ts';
import type { ModelDescription, TilePack } from '../../contract/engine/engine.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { HeatmapMethod } from '../../contract/app/explain/heatmaps.ts';
import type { MapLayer, ScoredClass } from '../../contract/app/explain/network.ts';
import type { PatternSettings } from '../../contract/app/explain/patterns.ts';
import { activationsOf, channelPictures } from './activations/activations.ts';
import { greatest, requireClass } from './heatmaps/class-score.ts';
import { type PlainCurve, heatmapCurves } from './heatmaps/deletion-insertion.ts';
import { gradientHeatmaps } from './heatmaps/gradient-heatmaps.ts';
import { type PhotoHeatmap, heatmapOf, saidOf } from './heatmaps/heatmaps.ts';
import { chooseHeatmapLayer, choosePatternLayer, chooseShownLayers, requireSpatial } from './layer-choice.ts';
import { measureLayers } from './activations/layer-times.ts';
import { Network } from '../network/network.ts';
import { mapNetwork } from './network-map.ts';
import { judgeRandomised, randomisedMaps } from './heatmaps/randomised-weights.ts';
import { receptiveFields } from './receptive-field.ts';
import { topChannels, photosAtOnce } from './activations/strongest-photos.ts';
import { type Subject, type Work, pause, photoTensor } from './subject.ts';
import {
  type ModelCache,
  type ModelReference,
  type OpenModel,
  requireClassifier,
} from '../inference/model-cache.ts';
import { explainMemory } from '../base/out-of-memory.ts';
import { keptPatterns } from './pattern-cache.ts';
import type { EnginePlatform } from '../base/platform.ts';
import { tileBytes } from '../../core/files/records.ts';
import { kernelOf } from './kernel.ts';

/** One photo. */
export interface ExplainPhotoSlot {
  readonly tiles: TilePack;
  readonly slot: number;
}

/** What a heatmap is wanted of. */
export interface ExplainWish {
  readonly method: HeatmapMethod;
  readonly layer: string | null;
  readonly class: number | null;
}

/** A way to make heatmaps, by id. */
export type FindHeatmapMaker = (id: HeatmapMethod) => HeatmapMaker;

/** Cancelling and progress of one request. */
export type ExplainWork = Pick<Work, 'signal' | 'onProgress'>;

/** Predictions that are told. */
const told = 5;
/** Photos whose heatmaps are made at once. */
const heatmapsAtOnce = 4;

export class Explainer {
  readonly #platform: EnginePlatform;
  readonly #models: ModelCache;
  readonly #heatmapMaker: FindHeatmapMaker;
  readonly #subjects = new WeakMap<OpenModel, Subject>();

  constructor(platform: EnginePlatform, models: ModelCache, heatmapMaker: FindHeatmapMaker) {
    this.#platform = platform;
    this.#models = models;
    this.#heatmapMaker = heatmapMaker;
  }

  /** The network map. @throws AppError MODEL_… */
  async overview(
    reference: ModelReference,
  ): Promise<{ description: ModelDescription; layers: MapLayer[]; heatmapLayer: string | null }> {
    return this.#with(reference, async (subject, { description }) => ({
      description,
      ...mapNetwork(subject.network),
    }));
  }

  /** The numbers of one filter. @throws AppError MODEL_…, MODEL_LAYER_…, MODEL_FILTER_UNKNOWN */
  async kernel(reference: ModelReference, layer: string, filter: number) {
    return this.#with(reference, async ({ network }) => kernelOf(network, layer, filter));
  }

  /** Times every layer. @throws AppError MODEL_…, CANCELLED */
  async measure(reference: ModelReference, batchSize: number, work: ExplainWork) {
    return this.#with(reference, async (subject) => {
      const { layers, whole } = await measureLayers(subject, batchSize, this.#work(work));
      const named = subject.network.layers.map(({ name }, place) => ({ name, milliseconds: layers[place] }));
      return { layers: named, wholeMilliseconds: whole };
    });
  }

  /** Activations of one photo; the channels' pictures go to the file `into`. @throws AppError MODEL_… */
  async activations(
    reference: ModelReference & ExplainPhotoSlot,
    layers: readonly string[] | null,
    afterActivation: boolean,
    into: string,
  ): Promise<EngineActivations> {
    return this.#with(reference, async (subject, open) => {
      const chosen = chooseShownLayers(subject.network, layers, afterActivation);
      const found = await this.#withPhotos(subject, reference.tiles, [reference.slot], async (pixels) =>
        activationsOf(subject, pixels, chosen),
      );
      const pictures = found.layers.map(channelPictures);
      let offset = 0;
      const rows = found.layers.map(({ layer, height, width, channels }, place) => {
        const { planes, statistics, blank } = pictures[place];
        const zeros = statistics.reduce((sum, one) => sum + one.zeros, 0) / channels;
        const about = { name: layer.name, type: layer.type, channels, height, width, blank, zeros, offset };
        offset += planes.length;
        return { ...about, sparsity: blank.length / channels, channelStatistics: statistics };
      });
      const whole = new Uint8Array(offset);
      rows.forEach((row, place) => whole.set(pictures[place].planes, row.offset));
      await this.#write(into, whole);
      return { predictions: ranked(found.probabilities, open.description.classes), layers: rows };
    });
  }

  /** The photos that excite a channel most. @throws AppError MODEL_…, CANCELLED */
  async strongest(
    reference: ModelReference,
    pack: TilePack,
    slots: readonly number[],
    wanted: { layer: string; channel: number; count: number },
    work: ExplainWork,
  ) {
    return this.#with(reference, async (subject) => {
      const layer = requireSpatial(subject.network, wanted.layer);
      const { channel, count } = wanted;
      const last = layer.outputShape.at(-1)! - 1;
      if (channel > last || channel < 0) {
        throw new AppError('MODEL_FILTER_UNKNOWN', { layer: layer.name, filter: channel, last });
      }
      const reader = await this.#platform.openTiles(pack, false);
      try {
        const pixels = new Uint8Array(photosAtOnce * tileBytes(reader));
        const read = async (from: number, to: number): Promise<Uint8Array> => {
          await reader.read(slots.slice(from, to), pixels);
          return pixels.subarray(0, (to - from) * tileBytes(reader));
        };
        const all = await topChannels(subject, layer, channel, slots.length, read, this.#work(work));
        const field = receptiveFields(subject.network.layers).get(layer) ?? null;
        const photos = all.slice(0, count).map(({ photo, value, row, column }) => ({
          place: photo,
          value,
          unit: [row, column] as [number, number],
          seen: seenShares(field, row, column, subject.imageSize),
        }));
        return { layer: layer.name, photos };
      } finally {
        await reader.close();
      }
    });
  }

  /** Filter patterns, from the folder's cache where they are there. @throws AppError MODEL_…, CANCELLED */
  async patterns(
    reference: ModelReference,
    wanted: { layer: string | null; first: number; count: number; settings: PatternSettings; folder: string },
    work: ExplainWork,
  ): Promise<EnginePatterns> {
    return this.#with(reference, async (subject) => {
      const layer = choosePatternLayer(subject.network, wanted.layer);
      const total = layer.outputShape.at(-1)!;
      const { first, count, settings, folder } = wanted;
      if (first >= total) {
        throw new AppError('MODEL_FILTER_UNKNOWN', { layer: layer.name, filter: first, last: total - 1 });
      }
      const filters = Array.from({ length: Math.min(count, total - first) }, (_, i) => first + i);
      const storage = this.#platform.storage(folder);
      const made = await keptPatterns(subject, layer, filters, settings, storage, this.#work(work));
      return { layer: layer.name, total, filters, channels: subject.channels, ...made };
    });
  }

  /** The heatmap of one photo. @throws AppError MODEL_…, CANCELLED */
  async heatmap(
    reference: ModelReference & ExplainPhotoSlot,
    wish: ExplainWish,
    work: ExplainWork,
  ): Promise<EngineHeatmap> {
    return this.#with(reference, (subject, open) => this.#heatmap(subject, open, reference, wish, work));
  }

  async #heatmap(
    subject: Subject,
    open: OpenModel,
    { tiles, slot }: ExplainPhotoSlot,
    wish: ExplainWish,
    work: ExplainWork,
  ): Promise<EngineHeatmap> {
    requireClassifier(open);
    const full = { ...wish, method: this.#heatmapMaker(wish.method) };
    return this.#withPhotos(subject, tiles, [slot], async (pixels) =>
      toHeatmap(await heatmapOf(subject, pixels, full, this.#work(work)), open.description.classes),
    );
  }

  /** Heatmaps of many photos by a gradient method, told one by one. @throws AppError MODEL_…, CANCELLED */
  async heatmaps(
    reference: ModelReference,
    pack: TilePack,
    photos: { slots: readonly number[]; classes: readonly (number | null)[] },
    wish: Pick<ExplainWish, 'method' | 'layer'>,
    tell: (place: number, heatmap: EngineHeatmap) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const maker = this.#heatmapMaker(wish.method);
    if (maker.kind !== 'gradient') {
      throw new AppError('INPUT_INVALID', { detail: `${maker.label} is made for one photo at a time` });
    }
    await this.#with(reference, async (subject, open) => {
      requireClassifier(open);
      const layer = chooseHeatmapLayer(subject.network, wish.layer);
      for (const one of photos.classes) if (one !== null) requireClass(one, subject.classes);
      for (let start = 0; start < photos.slots.length; start += heatmapsAtOnce) {
        await pause(this.#work({ signal }));
        const slots = photos.slots.slice(start, start + heatmapsAtOnce);
        await this.#withPhotos(subject, pack, slots, async (pixels) => {
          const said = saidOf(subject, pixels);
          const classes = slots.map((_, place) => {
            const row = said.subarray(place * subject.classes, (place + 1) * subject.classes);
            return photos.classes[start + place] ?? greatest(row);
          });
          gradientHeatmaps(subject, pixels, classes, layer, maker).forEach((heatmap, place) => {
            const full = { ...heatmap, layer, class: classes[place] };
            tell(start + place, toHeatmap(full, open.description.classes));
          });
        });
      }
    });
  }

  /** The randomised-weights test, on a copy of the model. @throws AppError MODEL_…, CANCELLED */
  async randomised(reference: ModelReference & ExplainPhotoSlot, wish: ExplainWish, work: ExplainWork) {
    const open = await this.#models.openCopy(reference.model, reference.preprocessing);
    try {
      requireClassifier(open);
      const subject = this.#subjectOf(open);
      const full = { ...wish, method: this.#heatmapMaker(wish.method) };
      const { tiles, slot } = reference;
      const steps = await this.#withPhotos(subject, tiles, [slot], (pixels) =>
        randomisedMaps(subject, pixels, full, this.#work(work)),
      );
      const { classes } = open.description;
      const told = steps.map(({ heatmap, ...step }) => ({ ...step, heatmap: toHeatmap(heatmap, classes) }));
      return { steps: told, verdict: judgeRandomised(steps) };
    } finally {
      open.dispose();
    }
  }

  /** Deletion and insertion curves of a heatmap. @throws AppError MODEL_…, CANCELLED */
  async curves(
    reference: ModelReference & ExplainPhotoSlot,
    wish: ExplainWish,
    work: ExplainWork,
  ): Promise<{ heatmap: EngineHeatmap; deletion: PlainCurve; insertion: PlainCurve }> {
    return this.#with(reference, async (subject, open) => {
      requireClassifier(open);
      const full = { ...wish, method: this.#heatmapMaker(wish.method) };
      return this.#withPhotos(subject, reference.tiles, [reference.slot], async (pixels) => {
        const silent = this.#work({ signal: work.signal });
        const heatmap = await heatmapOf(subject, pixels, full, silent);
        const curves = await heatmapCurves(subject, pixels, heatmap, heatmap.class, this.#work(work));
        return { heatmap: toHeatmap(heatmap, open.description.classes), ...curves };
      });
    });
  }

  #work(work: ExplainWork): Work {
    return { ...work, yieldToOthers: this.#platform.yieldToOthers };
  }

  #subjectOf(open: OpenModel): Subject {
    const known = this.#subjects.get(open);
    if (known !== undefined) return known;
    const { imageSize, channels, preprocessing } = open.description;
    const network = new Network(open.model);
    const classes = open.classifies ? open.classifier.classes : 0;
    const subject = { backend: this.#platform.backend, network, preprocessing, imageSize, channels, classes };
    this.#subjects.set(open, subject);
    return subject;
  }

  async #with<T>(
    { model, preprocessing }: ModelReference,
    work: (subject: Subject, open: OpenModel) => Promise<T>,
  ): Promise<T> {
    const { freeBytes } = this.#platform;
    try {
      return await this.#models.use(model, preprocessing, (open) => work(this.#subjectOf(open), open));
    } catch (error) {
      throw explainMemory(error, 1, 0, freeBytes());
    }
  }

  async #withPhotos<T>(
    subject: Subject,
    pack: TilePack,
    slots: readonly number[],
    work: (pixels: tfjs.Tensor4D) => Promise<T>,
  ): Promise<T> {
    const reader = await this.#platform.openTiles(pack, false);
    const bytes = new Uint8Array(slots.length * tileBytes(reader));
    await reader.read(slots, bytes).finally(() => reader.close());
    const pixels = photoTensor(subject, bytes);
    try {
      return await work(pixels);
    } finally {
      pixels.dispose();
    }
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    const { folder, name } = this.#platform.split(path);
    await this.#platform.storage(folder).write(name, bytes);
  }
}

/** The best classes, best first. */
function ranked(probabilities: ArrayLike<number>, labels: readonly string[]): ScoredClass[] {
  const all = Array.from(probabilities, (probability, index) => ({
    class: index,
    label: labels[index],
    probability,
  }));
  return all.sort((a, b) => b.probability - a.probability).slice(0, told);
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

/** Top, left, bottom and right of what a unit sees, as shares of the photo. */
function seenShares(
  field: MapLayer['receptiveField'],
  row: number,
  column: number,
  size: number,
): [number, number, number, number] {
  if (field === null || field === 'all') return [0, 0, 1, 1];
  const share = (place: number): number => Math.min(1, Math.max(0, place / size));
  const top = field.start[0] + row * field.stride[0];
  const left = field.start[1] + column * field.stride[1];
  return [share(top), share(left), share(top + field.size[0]), share(left + field.size[1])];
}
