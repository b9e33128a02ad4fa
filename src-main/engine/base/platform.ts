/** What the engine needs from the platform it runs on. */
import type { OpenTileReader, FeatureFile } from '../../core/files/records.ts';
import type { TilePack } from '../../contract/engine/engine.ts';
import type { Backend } from './backend.ts';
import type { ModelRuntime } from './model-runtime.ts';
import type { Storage } from '../../core/files/storage.ts';

/** What computes frozen networks: the engine's TensorFlow, ONNX Runtime, or whichever is faster. */
export type FrozenEngine = 'auto' | 'tensorflow' | 'onnxruntime';

/** What the engine needs from the platform it runs on. */
export interface EnginePlatform {
  readonly backend: Backend;
  /** Loads what runs ONNX files. @throws AppError where it cannot be had */
  readonly loadOnnxRuntime: () => Promise<ModelRuntime>;
  readonly frozenEngine: FrozenEngine;
  /** Loads what runs LiteRT files. @throws AppError where it cannot be had */
  readonly loadLiteRt: () => Promise<ModelRuntime>;
  /** A folder as storage. */
  readonly storage: (folder: string) => Storage;
  /** The folder of a file, and the file's name in it. */
  readonly split: (path: string) => { folder: string; name: string };
  /** Opens a tile pack; `often` when the same tiles will be read again and again. */
  readonly openTiles: (pack: TilePack, often: boolean) => Promise<OpenTileReader>;
  /** Opens features beside a tile pack. */
  readonly openFeatures: (pack: TilePack, name: string, shape: readonly number[]) => Promise<FeatureFile>;
  /** The path of a file in a folder. */
  readonly join: (folder: string, name: string) => string;
  readonly imagenetNames: readonly string[];
  /** Resolves after waiting messages have been handled. */
  readonly yieldToOthers: () => Promise<void>;
  readonly residentBytes: () => number;
  /** Memory that could still be had; null when unknown. */
  readonly freeBytes: () => number | null;
}
