/** From what the user calls a backbone to the file with its weights. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { backbones, knownBackbone } from '../../registries/backbones/index.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { isInside } from '../../core/files/join-inside.ts';
import { type FoundFile, allFiles, findModelFiles } from './find-files.ts';
import { isNamed, looksLikePath } from './named-files.ts';
import { backbonePlaces, placeOf } from './places.ts';
import { ownReference } from './references.ts';

/** A backbone whose weights are on this machine. */
export interface ResolvedBackbone {
  /** Id in the registry; null for a network of the user's own. */
  readonly id: string | null;
  /** The `model.json`, `.h5` or `.keras` file. */
  readonly path: string;
}

/** As `ResolvedBackbone`, with the size of the images that the file was made for; null where it does not say. */
export interface LocatedBackbone extends ResolvedBackbone {
  readonly imageSize: number | null;
}

/**
 * Finds the weights of a backbone.
 * @param reference an id of the registry, a reference of the list, or the path of a model file or its folder: one that
 *   is in a place of the list or was named on this machine's command line, as it may come from a page or a project
 * @throws AppError BACKBONE_UNKNOWN, BACKBONE_NOT_CHOSEN, BACKBONE_WEIGHTS_MISSING, MODEL_NOT_FOUND, MODEL_SHARD_MISSING
 */
export async function resolveBackbone(settingsFolder: string, reference: string): Promise<ResolvedBackbone> {
  const { id, path } = await locateBackbone(settingsFolder, reference);
  return { id, path };
}

/** As `resolveBackbone`, with what is known of the file. */
export async function locateBackbone(settingsFolder: string, reference: string): Promise<LocatedBackbone> {
  const known = knownBackbone(reference);
  const files = await allFiles(settingsFolder);
  if (known !== null) {
    const [best] = bestFirst(files.filter(({ backbone }) => backbone?.id === known.id));
    if (best !== undefined) return usable(best);
    const download = known.weights === null ? 'there is no official address for it' : placeOf(known.weights);
    throw new AppError('BACKBONE_WEIGHTS_MISSING', { id: known.id, label: known.label, download });
  }
  const own = files.find((file) => ownReference(file) === reference);
  return own === undefined ? resolvePath(settingsFolder, reference) : usable(own);
}

function usable({ backbone, path, problem, imageSize }: FoundFile): LocatedBackbone {
  if (problem !== null) throw problem;
  return { id: backbone?.id ?? null, path, imageSize };
}

async function resolvePath(settingsFolder: string, reference: string): Promise<LocatedBackbone> {
  if (!looksLikePath(reference)) {
    const ids = backbones.map(({ id }) => id).join(', ');
    throw new AppError('BACKBONE_UNKNOWN', { id: reference, known: ids });
  }
  const path = resolve(reference);
  const isInPlace = backbonePlaces(settingsFolder).some((place) => isInside(place, path));
  // Before the disk is read: that alone would show a page which files exist, and sign in at a server on Windows.
  if (!isInPlace && !(await isNamed(settingsFolder, path)))
    throw new AppError('BACKBONE_NOT_CHOSEN', { path: reference });
  if (!existsSync(path)) throw new AppError('MODEL_NOT_FOUND', { path: reference });
  const [found] = bestFirst(await findModelFiles(settingsFolder, [path]));
  // A file that is not recognised is opened all the same: the engine reports what is wrong with it.
  return found === undefined ? { id: null, path, imageSize: null } : usable(found);
}

/** Files that can be used first, then those of the usual width; otherwise as found. */
export function bestFirst(files: readonly FoundFile[]): FoundFile[] {
  const rank = (file: FoundFile): number => (file.problem === null ? 0 : 2) + (file.alpha === 1 ? 0 : 1);
  return [...files].sort((a, b) => rank(a) - rank(b));
}
