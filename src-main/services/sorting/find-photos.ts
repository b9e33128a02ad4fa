/** The photos of a folder, and what lies beside them and belongs to them. */
import { lstat, readdir } from 'node:fs/promises';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import { joinInside } from '../../core/files/join-inside.ts';
import {
  byCodePoint,
  hasImageEnding,
  isDocument,
  isHiddenName,
  rawTwins,
} from '../../datasets/label-files/scan-names.ts';
import { fromReadError } from '../../datasets/photos/image-file.ts';
import type { FoundPhoto } from '../../project/sorting/session-photos.ts';

/** How to look. */
interface LookOptions {
  /** An absolute path that is passed over with all that is in it: what was sorted before is not sorted again. */
  readonly except: string | null;
  readonly signal?: AbortSignal | undefined;
  /** Called for each link that is passed over. */
  readonly onLink: () => void;
}

/** Files that programs and cameras write beside a photo, with its name before the ending: they go where it goes. */
const sidecarEndings = /\.(xmp|aae|pp3|dop|arp|cos|thm|wav|mov|mp4|json|vrd|nksc|on1)$/i;

/** True for what goes with a photo and is none itself. */
function isSidecarName(name: string): boolean {
  return sidecarEndings.test(name);
}

/** Everything before the last dot, in small letters. */
function stemOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return (dot > 0 ? name.slice(0, dot) : name).toLowerCase();
}

/**
 * Walks a folder in the order of its names. Links are not followed, so nothing outside the folder is ever found.
 * @throws AppError SORT_NO_PHOTOS when the folder itself cannot be read, CANCELLED
 */
export async function* findPhotos(root: string, options: LookOptions): AsyncGenerator<FoundPhoto, void> {
  try {
    yield* walk(root, '', options);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('SORT_NO_PHOTOS', { path: root }, { cause: error });
  }
}

async function* walk(root: string, inner: string, options: LookOptions): AsyncGenerator<FoundPhoto, void> {
  throwIfCancelled(options.signal);
  const place = inner === '' ? root : joinInside(root, inner);
  if (place === options.except) return;
  const entries = await readdir(place, { withFileTypes: true }).catch((error: unknown) => {
    // A folder inside that may not be read is not a reason to sort none.
    if (inner === '') throw error;
    return [];
  });
  entries.sort((a, b) => byCodePoint(a.name, b.name));
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const photos = new Set(photosAmong(names));
  for (const entry of entries) {
    if (entry.isSymbolicLink()) options.onLink();
    if (!entry.isFile() || !photos.has(entry.name)) continue;
    const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
    const found = await lstat(joinInside(root, path), { bigint: true }).catch(() => null);
    if (found?.isFile() === true) yield { path, bytes: Number(found.size), modified: String(found.mtimeNs) };
  }
  for (const entry of entries) {
    if (!entry.isDirectory() || isHiddenName(entry.name)) continue;
    yield* walk(root, inner === '' ? entry.name : `${inner}/${entry.name}`, options);
  }
}

/** Documents, hidden files, raw twins and sidecars are not photos; what else cannot be read is reported as such. */
function photosAmong(names: readonly string[]): string[] {
  const twins = rawTwins(names);
  const stems = new Set(names.filter(hasImageEnding).flatMap((name) => [stemOf(name), name.toLowerCase()]));
  return names.filter((name) => {
    if (isHiddenName(name) || twins.has(name)) return false;
    if (isSidecarName(name) && stems.has(stemOf(name))) return false;
    return !isDocument(name, false);
  });
}

/** What goes with the photos of one folder, by their names. Each sidecar belongs to one photo, the first of its name. */
export function sidecarsOf(names: readonly string[], photos: readonly string[]): Map<string, string[]> {
  const twins = rawTwins(names);
  const byStem = new Map<string, string>();
  for (const photo of photos) if (!byStem.has(stemOf(photo))) byStem.set(stemOf(photo), photo);
  const byName = new Map(photos.map((photo) => [photo.toLowerCase(), photo]));
  const owned = new Set(photos);
  const found = new Map<string, string[]>();
  for (const name of names) {
    if (owned.has(name) || !(isSidecarName(name) || twins.has(name))) continue;
    // `IMG_1.JPG.xmp` says which file it belongs to; `IMG_1.xmp` only its name.
    const owner = byName.get(stemOf(name)) ?? byStem.get(stemOf(name));
    if (owner !== undefined) found.set(owner, [...(found.get(owner) ?? []), name]);
  }
  return found;
}

/** Names of the files in a folder; links left out. @throws AppError IMAGE_UNREADABLE, IMAGE_MISSING */
export async function fileNames(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch (error) {
    throw fromReadError(error);
  }
}
