/** Takes one file back to where it came from, when it is still the one that was put there. */
import { mkdir, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import { syncFolder } from '../../project/durable-files.ts';
import { type Placing, hashOf, leadsTo, markOf, moveInto } from './place-file.ts';
import type { FileMark, Move, Outcome } from '../../project/sorting/session-moves.ts';

/**
 * Undoes a move, copy or link.
 * @throws AppError SORT_PHOTO_CHANGED for what was changed since, SORT_ORIGINAL_GONE for a copy that would be the last,
 *   SORT_TARGET_EXISTS where another file has the old name; the file stays then
 */
export async function undoMove(placing: Placing, move: Move): Promise<Outcome> {
  const { from, to } = placing;
  const [old, present] = [await markOf(from), await markOf(to)];
  const undone: Outcome = { id: move.id, state: 'undone', placed: move.placed, mark: null, error: null };
  if (move.placed === 'moved') {
    await moveBack(placing, move, old, present);
    return undone;
  }
  // Somebody has removed it: there is nothing to take back.
  if (present === null) return undone;
  await requireOwn(placing, move, old, present);
  await unlink(to);
  syncFolder(dirname(to));
  return undone;
}

async function moveBack(
  { from, to, temporary, hash }: Placing,
  move: Move,
  old: FileMark | null,
  present: FileMark | null,
): Promise<void> {
  if (present === null) {
    if (old !== null) return;
    throw new AppError('SORT_PHOTO_GONE', { path: to });
  }
  if (old?.file === present.file) {
    // An undo that was cut short: both names are there, of one file.
    await rm(to);
    return;
  }
  if (!(await isUnchanged(to, move, present))) throw new AppError('SORT_PHOTO_CHANGED', { path: to });
  const content = hash === '' ? await hashOf(to) : hash;
  if (old !== null) {
    // To another drive an undo that was cut short leaves a copy.
    if (old.bytes !== present.bytes || (await hashOf(from)) !== content)
      throw new AppError('SORT_TARGET_EXISTS', { path: from });
    await rm(to);
    return;
  }
  await mkdir(dirname(from), { recursive: true });
  const beside = join(dirname(from), basename(temporary));
  await moveInto({ from: to, to: from, temporary: beside, hash: content });
  for (const folder of [dirname(from), dirname(to)]) syncFolder(folder);
}

/** @throws AppError SORT_PHOTO_CHANGED, SORT_ORIGINAL_GONE */
async function requireOwn(
  { from, to, hash }: Placing,
  move: Move,
  old: FileMark | null,
  present: FileMark,
): Promise<void> {
  if (move.placed === 'symbolic link') {
    if (present.kind === 'link' && (await leadsTo(to, from))) return;
    throw new AppError('SORT_PHOTO_CHANGED', { path: to });
  }
  if (move.placed === 'hard link') {
    if (old?.file === present.file) return;
    throw new AppError(old === null ? 'SORT_ORIGINAL_GONE' : 'SORT_PHOTO_CHANGED', { path: to });
  }
  if (!(await isUnchanged(to, move, present))) throw new AppError('SORT_PHOTO_CHANGED', { path: to });
  const same = old?.kind === 'file' && old.bytes === present.bytes;
  const content = hash === '' ? await hashOf(to) : hash;
  const untouched = same && old.modified === move.modified;
  if (!untouched && !(same && (await hashOf(from)) === content))
    throw new AppError('SORT_ORIGINAL_GONE', { path: to });
}

/** True for the file that was put there. One whose times were touched is looked at byte by byte. */
async function isUnchanged(path: string, move: Move, present: FileMark): Promise<boolean> {
  const { mark } = move;
  if (mark === null || present.kind !== 'file' || present.bytes !== mark.bytes) return false;
  if (present.file === mark.file && present.changed === mark.changed) return true;
  // Of sidecars no hash is kept: their time has to do.
  return move.hash === null ? present.modified === mark.modified : (await hashOf(path)) === move.hash;
}
