/** From what the user calls a backbone to the file with its weights. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { backbones, knownBackbone } from '../../backbones/index.ts';
import { AppError } from '../../contract/errors.ts';
import { type FoundFile, findModelFiles } from './find-files.ts';
import { backbonePlaces } from './places.ts';
import { ownReference } from './references.ts';

/** A backbone whose weights are on this machine. */
export interface ResolvedBackbone {
  /** Id in the registry; null for a network of the user's own. */
  readonly id: string | null;
  /** The `model.json`, `.h5` or `.keras` file. */
  readonly path: string;
}

/**
 * Finds the weights of a backbone.
 * @param reference an id of the registry, a reference of the list, or the path of a model file or its folder
 * @throws AppError BACKBONE_UNKNOWN, BACKBONE_WEIGHTS_MISSING, MODEL_NOT_FOUND
 */
export async function resolveBackbone(settingsFolder: string, reference: string): Promise<ResolvedBackbone> {
  const known = knownBackbone(reference);
  const files = await allFiles(settingsFolder);
  if (known !== null) {
    const usable = bestFirst(files.filter(({ backbone }) => backbone?.id === known.id));
    if (usable.length > 0) return { id: known.id, path: usable[0].path };
    const download = known.weights === null ? 'not on offer for it' : `lenslet summary ${known.id} says where`;
    throw new AppError('BACKBONE_WEIGHTS_MISSING', { id: known.id, label: known.label, download });
  }
  const own = files.find((file) => ownReference(file) === reference);
  if (own !== undefined) return { id: own.backbone?.id ?? null, path: own.path };
  return resolvePath(reference);
}

async function resolvePath(reference: string): Promise<ResolvedBackbone> {
  const path = resolve(reference);
  if (!existsSync(path)) {
    if (/[\\/.]/.test(reference)) throw new AppError('MODEL_NOT_FOUND', { path: reference });
    const ids = backbones.map(({ id }) => id).join(', ');
    throw new AppError('BACKBONE_UNKNOWN', { id: reference, known: ids });
  }
  const [found] = await findModelFiles(path);
  // A file that is not recognised is opened all the same: the engine says what is wrong with it.
  return { id: found?.backbone?.id ?? null, path: found?.path ?? path };
}

/** The model files of all places, each once. */
export async function allFiles(settingsFolder: string): Promise<FoundFile[]> {
  const byPath = new Map<string, FoundFile>();
  for (const place of backbonePlaces(settingsFolder)) {
    for (const file of await findModelFiles(place)) {
      if (!byPath.has(file.path)) byPath.set(file.path, file);
    }
  }
  return [...byPath.values()];
}

/** The usual width before others; otherwise as found. */
export function bestFirst(files: readonly FoundFile[]): FoundFile[] {
  const usual = (file: FoundFile): number => (file.alpha === 1 ? 0 : 1);
  return [...files].sort((a, b) => usual(a) - usual(b));
}
