/** Where the photos of a sorting go: a folder for each class, names kept, nothing overwritten. */
import { lstatSync, readdirSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import { throwIfCancelled } from '../../contract/shared/errors.ts';
import { joinInside } from '../../core/files/join-inside.ts';
import { safeFileName } from '../../core/text/file-name.ts';
import { emptyName } from './boxes.ts';
import { fileNames, sidecarsOf } from './find-photos.ts';
import type { SortSession } from '../../project/sorting/session-database.ts';
import type { PlannedMove } from '../../project/sorting/session-moves.ts';
import { type SortedRow, allPhotos } from '../../project/sorting/session-photos.ts';

/** What becomes of a photo. */
export type Fate =
  | { readonly kind: 'class'; readonly name: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'aside'; readonly name: string }
  /** It cannot be read: it stays. */
  | { readonly kind: 'failed' }
  /** It is not predicted yet: it stays. */
  | { readonly kind: 'waiting' };

/** What the user, the detector and the network say of a photo, in this order. */
export function fateOf(photo: Pick<SortedRow, 'state' | 'aside' | 'label' | 'unknown' | 'verdict'>): Fate {
  if (photo.verdict !== null)
    return photo.verdict === '' ? { kind: 'unknown' } : { kind: 'class', name: photo.verdict };
  if (photo.state === 'failed') return { kind: 'failed' };
  if (photo.state === 'found') return { kind: 'waiting' };
  if (photo.aside !== null) return { kind: 'aside', name: photo.aside };
  if (photo.unknown !== null || photo.label === null) return { kind: 'unknown' };
  return { kind: 'class', name: photo.label };
}

/** Where files would go. */
export interface SortPlan {
  readonly moves: readonly PlannedMove[];
  /** Photos by the folder that they go to, in the order of the folders' names. */
  readonly folders: readonly { readonly folder: string; readonly photos: number }[];
  readonly sidecars: number;
  /** Photos that get another name, as theirs is taken. */
  readonly renamed: number;
  /** Photos that are in their place already. */
  readonly inPlace: number;
  /** Photos that cannot be read, and stay. */
  readonly failed: number;
}

/** The folder of a fate. */
const unknownFolder = '_unknown';
const asideFolder = (name: string): string => `_${name === emptyName ? 'empty' : name}`;

/**
 * Computes the plan. Nothing is moved.
 * @param out the folder that the class folders lie in; need not exist
 * @throws AppError CANCELLED, IMAGE_UNREADABLE
 */
export async function planMoves(session: SortSession, out: string, signal?: AbortSignal): Promise<SortPlan> {
  const { source } = session.about;
  const folders = new FolderNames();
  const targets = new TargetNames(out, source);
  const counts = new Map<string, number>();
  const plan = { moves: [] as PlannedMove[], sidecars: 0, renamed: 0, inPlace: 0, failed: 0 };
  const add = async (folderOfPhotos: string, photos: readonly SortedRow[]): Promise<void> => {
    throwIfCancelled(signal);
    const names = await fileNames(folderOfPhotos === '.' ? source : joinInside(source, folderOfPhotos)).catch(
      () => [],
    );
    const sidecars = sidecarsOf(
      names,
      photos.map(({ path }) => basename(path)),
    );
    for (const photo of photos) {
      const fate = fateOf(photo);
      if (fate.kind === 'failed') plan.failed++;
      if (fate.kind === 'failed' || fate.kind === 'waiting') continue;
      const folder = folders.of(fate);
      const own = [basename(photo.path), ...(sidecars.get(basename(photo.path)) ?? [])];
      const taken = targets.take(folder, own, photo.path);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
      if (taken === null) {
        plan.inPlace++;
        continue;
      }
      if (taken.renamed) plan.renamed++;
      for (const [index, name] of own.entries()) {
        const from = folderOfPhotos === '.' ? name : `${folderOfPhotos}/${name}`;
        const move = planned(photo, from, taken.targets[index], index > 0, source);
        if (move === null) continue;
        plan.moves.push(move);
        if (index > 0) plan.sidecars++;
      }
    }
  };
  for (const [folder, photos] of byFolder(session)) await add(folder, photos);
  const byName = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...plan, folders: byName.map(([folder, photos]) => ({ folder, photos })) };
}

/** Photos that lie together come together. */
function byFolder(session: SortSession): Map<string, SortedRow[]> {
  return Map.groupBy(allPhotos(session), ({ path }) => dirname(path));
}

function planned(
  photo: SortedRow,
  source: string,
  target: string,
  sidecar: boolean,
  root: string,
): PlannedMove | null {
  if (!sidecar) {
    const { id, bytes, modified, hash } = photo;
    return { photo: id, sidecar, source, target, bytes, modified, hash };
  }
  const found = lstatSync(joinInside(root, source), { bigint: true, throwIfNoEntry: false });
  if (found?.isFile() !== true) return null;
  const [bytes, modified] = [Number(found.size), String(found.mtimeNs)];
  return { photo: photo.id, sidecar, source, target, bytes, modified, hash: null };
}

/** Names as keys that no two files of a folder may share, on whatever drive: letter case and spelling of accents aside. */
const keyOf = (path: string): string => path.normalize('NFC').toLowerCase();

/** A folder for each class: two classes never share one, however alike their names become as folders. */
class FolderNames {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

  of(fate: Exclude<Fate, { kind: 'failed' | 'waiting' }>): string {
    const key = fate.kind === 'unknown' ? 'unknown' : `${fate.kind}/${fate.name}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const wanted =
      fate.kind === 'unknown'
        ? unknownFolder
        : safeFileName(fate.kind === 'aside' ? asideFolder(fate.name) : fate.name, 'class');
    let name = wanted;
    for (let number = 2; this.#taken.has(keyOf(name)); number++) name = `${wanted} (${number})`;
    this.#taken.add(keyOf(name));
    this.#names.set(key, name);
    return name;
  }
}

/** Names that are free in the folders to sort into. */
class TargetNames {
  readonly #out: string;
  readonly #source: string;
  readonly #taken = new Map<string, Set<string>>();

  constructor(out: string, source: string) {
    this.#out = out;
    this.#source = source;
  }

  /**
   * Takes names for a photo and what belongs to it, all with the same number where one of them is not free.
   * @returns null where the photo is in its place already
   */
  take(
    folder: string,
    [photo, ...sidecars]: readonly string[],
    path: string,
  ): { targets: string[]; renamed: boolean } | null {
    if (this.#out === this.#source && path === `${folder}/${photo}`) return null;
    const taken = this.#namesIn(folder);
    const ending = extname(photo);
    const stem = basename(photo, ending);
    for (let number = 1; ; number++) {
      const own = number === 1 ? stem : `${stem} (${number})`;
      const names = [own + ending, ...sidecars.map((name) => own + name.slice(stem.length))];
      if (names.some((name) => taken.has(keyOf(name)))) continue;
      for (const name of names) taken.add(keyOf(name));
      return { targets: names.map((name) => `${folder}/${name}`), renamed: number > 1 };
    }
  }

  #namesIn(folder: string): Set<string> {
    let names = this.#taken.get(folder);
    if (names === undefined) {
      names = new Set(namesOn(joinInside(this.#out, folder)).map(keyOf));
      this.#taken.set(folder, names);
    }
    return names;
  }
}

function namesOn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Not there yet; what else is wrong with it is said when it is written to.
    return [];
  }
}
