/** What an export of a model is: one format, written and loaded again. */
import type * as tfjs from '@tensorflow/tfjs';
import type { ExportAbout } from '../../contract/engine/exports.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import type { Storage } from '../../core/files/storage.ts';
import type { Tf } from '../base/backend.ts';
import type { ModelRuntime } from '../base/model-runtime.ts';
import type { Calibrated } from '../inference/open-calibration.ts';
import type { ModelPlace } from '../models/model-files.ts';
import type { Ending } from '../step/classifier.ts';

/** The model that goes out: the same description for every format. */
export interface OutgoingModel {
  /** The network with its weights: from preprocessed images to its output. */
  readonly model: tfjs.LayersModel;
  /** What its output is, before it becomes probabilities. */
  readonly ending: Ending;
  readonly imageSize: number;
  readonly channels: 1 | 3;
  readonly preprocessing: Preprocessing;
  /** One name for each class, in the order of the probabilities. */
  readonly classes: readonly string[];
  /** What was fitted for it, its temperature in the weights already; null where nothing was. */
  readonly calibrated: Calibrated | null;
  readonly about: ExportAbout;
}

/** Photos whose classes are known. */
export interface MeasuredPhotos {
  /** Of each, the place of its class. */
  readonly labels: readonly number[];
  /** `imageSize · imageSize · channels` bytes. */
  readonly pixels: (index: number) => Promise<Uint8Array>;
}

/** What formats are written and read with. */
export interface ExportTools {
  readonly tf: Tf;
  /** The folder that becomes the export. */
  readonly storage: Storage;
  /** A model file in that folder, to be opened as any other. */
  file(name: string): ModelPlace;
  /** @throws AppError EXPORT_UNPROVEN where it cannot be loaded */
  readonly loadOnnxRuntime: () => Promise<ModelRuntime>;
  /** @throws AppError EXPORT_UNPROVEN where it cannot be loaded */
  readonly loadLiteRt: () => Promise<ModelRuntime>;
  /** Null for formats that are not measured. */
  readonly measured: MeasuredPhotos | null;
  /** Says how far the work is. @throws AppError CANCELLED */
  readonly report: (phase: string, done?: number, total?: number | null) => Promise<void>;
}

/** The values of one layer for one image, channels last. */
export interface LayerValues {
  readonly layer: string;
  readonly values: Float32Array;
}

/** An export that was loaded from its files, as another program would load it. */
export interface ReopenedExport {
  /** What it was loaded by, with its version, for people. */
  readonly checkedBy: string;
  /** Probabilities of one image. @param pixels `imageSize · imageSize · channels` bytes */
  probabilities(pixels: Uint8Array): Promise<readonly number[]>;
  /** What its last layer reads for one image, flat; absent where the format does not give it. */
  features?(pixels: Uint8Array): Promise<Float32Array>;
  /** Its layers for one image, in the order in which they are computed: as many as it lets look at. */
  layers(pixels: Uint8Array): Promise<readonly LayerValues[]>;
  close(): Promise<void>;
}

/** A format. Adding one is adding its file and its line in `registries/exports/index.ts`. */
export interface ExportFormat {
  readonly id: string;
  readonly label: string;
  /** What it is for, in a sentence. */
  readonly purpose: string;
  /** The most by which a probability may differ from the run's. */
  readonly tolerance: number;
  /** How far a distance from the training photos, 0 to 2, may be from the run's; 0.001 where it is not given. */
  readonly distanceTolerance?: number;
  /** How far a layer's values may be from the run's, as a share of the largest; 0.001 where it is not given. */
  readonly layerTolerance?: number;
  /** It rounds so coarsely that photos with known classes settle how, and say what that costs. */
  readonly isMeasured?: true;
  /**
   * Writes the model and whatever belongs to its format: everything but what all formats have (`exportTexts`).
   * @returns loads it again, from its files
   * @throws AppError EXPORT_LAYER_UNSUPPORTED
   */
  write(outgoing: OutgoingModel, tools: ExportTools): Promise<() => Promise<ReopenedExport>>;
  /** Text files beside it, by name: scripts, examples, what they need. */
  texts(outgoing: OutgoingModel): Readonly<Record<string, string>>;
  /** Files of packages that belong to it: by the name that they get, their paths in `node_modules`. */
  readonly packageFiles?: Readonly<Record<string, string>>;
  /** The part of its README that says how it is used, in Markdown. */
  usage(outgoing: OutgoingModel): string;
}

/** Finds a format. @throws AppError EXPORT_FORMAT_UNKNOWN */
export type FindExportFormat = (id: string) => ExportFormat;
