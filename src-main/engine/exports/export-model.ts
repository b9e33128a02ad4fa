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
import type { ExportFormat, ExportTools, FindExportFormat, OutgoingModel } from './export-format.ts';
import { exportTexts } from './export-texts.ts';
import { checkGolden, runAnswers } from './golden-check.ts';

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
      const photos = await readPhotos(reader, request.slots);
      await this.#models.use(request.model, undefined, async (open) => {
        const outgoing = describe(open, request);
        emit({
          type: 'done',
          ...(await this.#write(format, outgoing, request.folder, photos, emit, signal)),
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
    emit: (event: ExportEvent) => void,
    signal: AbortSignal | undefined,
  ): Promise<Omit<Extract<ExportEvent, { type: 'done' }>, 'type'>> {
    const { backend, loadOnnxRuntime, loadLiteRt, storage, join, yieldToOthers } = this.#platform;
    const { tf } = backend;
    const tools: ExportTools = {
      tf,
      storage: storage(folder),
      file: (name) => this.#files.at(join(folder, name)),
      loadOnnxRuntime,
      loadLiteRt,
    };
    const report = async (phase: string, done = 0, total: number | null = null): Promise<void> => {
      emit({ type: 'progress', phase, done, total });
      await yieldToOthers();
      throwIfCancelled(signal);
    };
    await report('asking the run');
    const answers = runAnswers(tf, outgoing, photos);
    await report(`writing ${format.label}`);
    const reopen = await format.write(outgoing, tools);
    const encoder = new TextEncoder();
    for (const [name, text] of Object.entries(exportTexts(format, outgoing)))
      await tools.storage.write(name, encoder.encode(text));
    for (const [name, bytes] of Object.entries(confidenceFiles(outgoing)))
      await tools.storage.write(name, bytes);
    await report('loading it again');
    const reopened = await reopen();
    try {
      const phase = `comparing with ${reopened.checkedBy}`;
      const onProgress = (done: number): void =>
        emit({ type: 'progress', phase, done, total: photos.length });
      const checked = await checkGolden(tf, outgoing, format, reopened, photos, answers, onProgress, signal);
      const { imageSize, channels, preprocessing } = outgoing;
      const golden = answers.map(({ probabilities, judgement }) => ({ probabilities, judgement }));
      return { golden, ...checked, tolerance: format.tolerance, imageSize, channels, preprocessing };
    } finally {
      await reopened.close();
    }
  }
}

async function readPhotos(reader: TileReader, slots: readonly number[]): Promise<Uint8Array[]> {
  const photos: Uint8Array[] = [];
  for (const slot of slots) {
    const pixels = new Uint8Array(tileBytes(reader));
    await reader.read([slot], pixels);
    photos.push(pixels);
  }
  return photos;
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
