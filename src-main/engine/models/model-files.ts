/** Model files as the engine finds them. */
import type { Storage } from '../../core/files/storage.ts';
import type { KnownBackbones } from '../network/backbone.ts';

/** One model file. */
export interface ModelPlace {
  /** The folder that holds it. */
  readonly storage: Storage;
  /** Its name there: a `model.json`, `.h5` or `.keras`. */
  readonly name: string;
  /** The whole path, for messages. */
  readonly path: string;
  /** The published networks that a file of weights alone may be for. */
  readonly known: KnownBackbones;
}

/** The model files within reach, and the published networks that they may hold. */
export interface ModelFiles {
  at(path: string): ModelPlace;
  readonly known: KnownBackbones;
}
