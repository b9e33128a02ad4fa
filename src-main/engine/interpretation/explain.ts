/** Explains networks on disk: finds the model, feeds it the photos, and answers with what was found. */
import type { EngineActivations, EnginePatterns } from '../../contract/engine/explain.ts';
import type { ModelDescription, TilePack } from '../../contract/engine/engine.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { MapLayer } from '../../contract/app/explain/network.ts';
import type { PatternSettings } from '../../contract/app/explain/patterns.ts';
import { tileBytes } from '../../core/files/records.ts';
import type { ModelReference } from '../inference/model-cache.ts';
import { activationsOf, channelPictures } from './activations/activations.ts';
import { measureLayers } from './activations/layer-times.ts';
import { photosAtOnce, topChannels } from './activations/strongest-photos.ts';
import type { ExplainPhotoSlot, ExplainWork, ExplainedModels } from './explained-models.ts';
import { kernelOf } from './kernel.ts';
import { choosePatternLayer, chooseShownLayers, requireSpatial } from './layer-choice.ts';
import { mapNetwork } from './network-map.ts';
import { keptPatterns } from './pattern-cache.ts';
import { ranked } from './ranked.ts';
import { receptiveFields } from '../network/receptive-field.ts';

export class Explainer {
  readonly #models: ExplainedModels;

  constructor(models: ExplainedModels) {
    this.#models = models;
  }

  /** The network map. @throws AppError MODEL_… */
  async overview(
    reference: ModelReference,
  ): Promise<{ description: ModelDescription; layers: MapLayer[]; heatmapLayer: string | null }> {
    return this.#models.use(reference, async (subject, { description }) => ({
      description,
      ...mapNetwork(subject.network),
    }));
  }

  /** The numbers of one filter. @throws AppError MODEL_…, MODEL_LAYER_…, MODEL_FILTER_UNKNOWN */
  async kernel(reference: ModelReference, layer: string, filter: number) {
    return this.#models.use(reference, async ({ network }) => kernelOf(network, layer, filter));
  }

  /** Times every layer. @throws AppError MODEL_…, CANCELLED */
  async measure(reference: ModelReference, batchSize: number, work: ExplainWork) {
    return this.#models.use(reference, async (subject) => {
      const { layers, whole } = await measureLayers(subject, batchSize, this.#models.toWork(work));
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
    return this.#models.use(reference, async (subject, open) => {
      const chosen = chooseShownLayers(subject.network, layers, afterActivation);
      const found = await this.#models.withPhotos(
        subject,
        reference.tiles,
        [reference.slot],
        async (pixels) => activationsOf(subject, pixels, chosen),
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
    return this.#models.use(reference, async (subject) => {
      const layer = requireSpatial(subject.network, wanted.layer);
      const { channel, count } = wanted;
      const last = layer.outputShape.at(-1)! - 1;
      if (channel > last || channel < 0) {
        throw new AppError('MODEL_FILTER_UNKNOWN', { layer: layer.name, filter: channel, last });
      }
      const reader = await this.#models.platform.openTiles(pack, false);
      try {
        const pixels = new Uint8Array(photosAtOnce * tileBytes(reader));
        const read = async (from: number, to: number): Promise<Uint8Array> => {
          await reader.read(slots.slice(from, to), pixels);
          return pixels.subarray(0, (to - from) * tileBytes(reader));
        };
        const all = await topChannels(subject, layer, channel, slots.length, read, this.#models.toWork(work));
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
    return this.#models.use(reference, async (subject) => {
      const layer = choosePatternLayer(subject.network, wanted.layer);
      const total = layer.outputShape.at(-1)!;
      const { first, count, settings, folder } = wanted;
      if (first >= total) {
        throw new AppError('MODEL_FILTER_UNKNOWN', { layer: layer.name, filter: first, last: total - 1 });
      }
      const filters = Array.from({ length: Math.min(count, total - first) }, (_, i) => first + i);
      const storage = this.#models.platform.storage(folder);
      const made = await keptPatterns(subject, layer, filters, settings, storage, this.#models.toWork(work));
      return { layer: layer.name, total, filters, channels: subject.channels, ...made };
    });
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    const { folder, name } = this.#models.platform.split(path);
    await this.#models.platform.storage(folder).write(name, bytes);
  }
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
