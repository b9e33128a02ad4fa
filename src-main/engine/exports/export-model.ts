/** Writes a run's model in a format, and proves it. */
import type { ExportEvent, ExportRequest } from '../../contract/engine/exports.ts';
import { throwIfCancelled } from '../../contract/shared/errors.ts';
import { type TileReader, tileBytes } from '../../core/files/records.ts';
import type { EnginePlatform } from '../base/platform.ts';
import { type ModelCache, type OpenModel, requireClassifier } from '../inference/model-cache.ts';
import type { ModelFiles } from '../models/model-files.ts';
import { Network } from '../network/network.ts';
import { headOf } from '../step/classifier.ts';
import { confidenceFiles } from './confidence-files.ts';
import type {
  ExportFormat,
  ExportTools,
  FindExportFormat,
  MeasuredPhotos,
  OutgoingModel,
} from './export-format.ts';
import { exportTexts } from './export-texts.ts';
import { checkGolden, runAnswers, usualTolerance } from './golden-check.ts';
import { measureAccuracy } from './measure-accuracy.ts';

/** Writes exports of models. */
export class ModelExports {
  readonly #platform: EnginePlatform;
  readonly #models: ModelCache;
  readonly #files: ModelFiles;
  readonly #find: FindExportFormat;

  constructor(platform: EnginePlatform, models: ModelCache, files: ModelFiles, find: FindExportFormat) {
    this.#platform = platform;
    this.#models = models;
    this.#files = files;
    this.#find = find;
  }

  /**
   * Writes a model into a folder, loads it again, and compares it with the run on golden photos.
   * @throws AppError EXPORT_…, MODEL_…, DISK_FULL, CANCELLED; what is in the folder then is worth nothing
   */
  async export(
    request: ExportRequest,
    emit: (event: ExportEvent) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const format = this.#find(request.format);
    const reader = await this.#platform.openTiles(request.tiles, false);
    try {
      const photos = await Promise.all(request.slots.map((slot) => readPhoto(reader, slot)));
      const measured = measuredOf(reader, request);
      await this.#models.use(request.model, undefined, async (open) => {
        const outgoing = describe(open, request);
        emit({
          type: 'done',
          ...(await this.#write(format, outgoing, request.folder, photos, measured, emit, signal)),
        });
      });
    } finally {
      await reader.close();
    }
  }

  async #write(
    format: ExportFormat,
    outgoing: OutgoingModel,
    folder: string,
    photos: readonly Uint8Array[],
    measured: MeasuredPhotos | null,
    emit: (event: ExportEvent) => void,
    signal: AbortSignal | undefined,
  ): Promise<Omit<Extract<ExportEvent, { type: 'done' }>, 'type'>> {
    const { backend, loadOnnxRuntime, loadLiteRt, storage, join, yieldToOthers } = this.#platform;
    const { tf } = backend;
    const report = async (phase: string, done = 0, total: number | null = null): Promise<void> => {
      emit({ type: 'progress', phase, done, total });
      await yieldToOthers();
      throwIfCancelled(signal);
    };
    const tools: ExportTools = {
      tf,
      storage: storage(folder),
      file: (name) => this.#files.at(join(folder, name)),
      loadOnnxRuntime,
      loadLiteRt,
      measured,
      report,
    };
    await report('asking the run');
    const answers = runAnswers(tf, outgoing, photos);
    await report(`writing ${format.label}`);
    const reopen = await format.write(outgoing, tools);
    for (const [name, bytes] of Object.entries(confidenceFiles(outgoing)))
      await tools.storage.write(name, bytes);
    await report('loading it again');
    const reopened = await reopen();
    try {
      const phase = `comparing with ${reopened.checkedBy}`;
      const onProgress = (done: number): void =>
        emit({ type: 'progress', phase, done, total: photos.length });
      const checked = await checkGolden(tf, outgoing, format, reopened, photos, answers, onProgress, signal);
      const accuracy =
        measured &&
        (await measureAccuracy(tf, outgoing, reopened, measured, (done) =>
          report('measuring its accuracy', done, measured.labels.length),
        ));
      const encoder = new TextEncoder();
      for (const [name, text] of Object.entries(exportTexts(format, outgoing, accuracy)))
        await tools.storage.write(name, encoder.encode(text));
      const { imageSize, channels, preprocessing } = outgoing;
      const { tolerance, distanceTolerance = usualTolerance } = format;
      const golden = answers.map(({ probabilities, judgement }) => ({ probabilities, judgement }));
      const tolerances = { tolerance, distanceTolerance };
      return { golden, ...checked, ...tolerances, accuracy, imageSize, channels, preprocessing };
    } finally {
      await reopened.close();
    }
  }
}

async function readPhoto(reader: TileReader, slot: number): Promise<Uint8Array> {
  const pixels = new Uint8Array(tileBytes(reader));
  await reader.read([slot], pixels);
  return pixels;
}

function measuredOf(reader: TileReader, { measured }: ExportRequest): MeasuredPhotos | null {
  if (measured === undefined) return null;
  const { labels, slots } = measured;
  return { labels, pixels: (index) => readPhoto(reader, slots[index]) };
}

/** @throws AppError MODEL_NO_CLASSIFIER */
function describe(open: OpenModel, { classes, about }: ExportRequest): OutgoingModel {
  requireClassifier(open);
  const { model, description, calibrated } = open;
  const { imageSize, channels, preprocessing } = description;
  const { activation } = headOf(new Network(model))!;
  const ending = { activation, outputs: model.outputs[0].shape[1]! };
  return { model, ending, imageSize, channels, preprocessing, classes, calibrated, about };
}
