/**
 * Carries a plan out, and takes it back. Each step is in the journal before it is taken and after; what was under way
 * when a process was killed is looked at on the disk, and brought to an end.
 */
import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import { joinInside, ownPath, realInside } from '../../core/files/join-inside.ts';
import { makeFolderTree } from '../../core/files/make-folders.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { mapInOrder } from '../../core/threads/map-in-order.ts';
import { syncFolder } from '../../project/durable-files.ts';
import { type Placing, copyInto, hashOf, leadsTo, linkInto, markOf, moveInto } from './place-file.ts';
import type { About, SortSession } from '../../project/sorting/session-database.ts';
import {
  type Move,
  type MoveState,
  type Outcome,
  countMoves,
  forgetFolders,
  madeFolders,
  movesIn,
  noteFolder,
  setState,
  writeOutcomes,
} from '../../project/sorting/session-moves.ts';
import { undoMove } from './undo-move.ts';

/** Files noted, moved and noted again together; as many are looked at after a kill. */
const filesAtOnce = 64;
/** Copies that wait for the disk at the same time. */
const parallelFiles = 8;

/** Where files are and go. */
export interface Places {
  readonly source: string;
  readonly out: string;
  readonly by: NonNullable<About['by']>;
  /** The id of the sorting: a part of the names of unfinished copies. */
  readonly id: string;
}

/** Progress and cancel. */
export interface MoveOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** The paths of a move. @throws AppError PATH_OUTSIDE, PATH_IS_LINK */
export function placingOf({ source, out, id }: Places, move: Move): Placing {
  const folder = dirname(move.target);
  return {
    from: realInside(source, move.source),
    to: ownPath(out, move.target),
    temporary: ownPath(out, folder, `.lenslet-${id}-${move.id}.part`),
    hash: move.hash ?? '',
  };
}

/** Carries out what is planned. What cannot be moved is noted with its error, and stays. @throws AppError CANCELLED, DISK_FULL */
export async function applyMoves(session: SortSession, places: Places, options: MoveOptions): Promise<void> {
  makeFolderTree(places.out);
  const counts = countMoves(session);
  const total = counts.planned + counts.doing + counts.done;
  await step(session, ['doing'], 'doing', (move) => finishMove(places, move), options, total, counts.done);
  const done = countMoves(session).done;
  const make = folderMaker(session, places.out);
  await step(session, ['planned'], 'doing', (move) => beginMove(places, move, make), options, total, done);
}

/** Puts back what is in place, the last first. What was changed since is kept, with the reason. @throws AppError CANCELLED, DISK_FULL */
export async function undoMoves(session: SortSession, places: Places, options: MoveOptions): Promise<void> {
  // A move that was under way is brought to its end first, so that there is one thing to take back.
  await step(session, ['doing'], 'doing', (move) => finishMove(places, move), {}, 0, 0);
  const counts = countMoves(session);
  const total = counts.done + counts.undoing + counts.undone + counts.kept;
  const back = (move: Move): Promise<Outcome> => undoMove(placingOf(places, move), move);
  await step(session, ['undoing'], 'undoing', back, options, total, counts.undone + counts.kept);
  const { undone, kept } = countMoves(session);
  await step(session, ['done'], 'undoing', back, { ...options, backwards: true }, total, undone + kept);
  setState(session, movesIn(session, ['planned'], { max: 1e9 }), 'undone');
  for (const folder of madeFolders(session)) removeEmpty(joinInside(places.out, folder));
  forgetFolders(session);
}

async function step(
  session: SortSession,
  from: readonly MoveState[],
  through: MoveState,
  work: (move: Move) => Promise<Outcome>,
  options: MoveOptions & { readonly backwards?: boolean },
  total: number,
  before: number,
): Promise<void> {
  let done = before;
  for (;;) {
    const moves = movesIn(session, from, { max: filesAtOnce, backwards: options.backwards === true });
    if (moves.length === 0) return;
    throwIfCancelled(options.signal);
    if (!from.includes(through)) setState(session, moves, through);
    const outcomes: Outcome[] = [];
    try {
      for await (const outcome of mapInOrder(moves, parallelFiles, (move) => safely(move, through, work)))
        outcomes.push(outcome);
    } finally {
      writeOutcomes(session, outcomes);
    }
    done += outcomes.length;
    options.onProgress?.(Math.min(done, total), total);
    const stopped = outcomes.find(({ error }) => error?.code === 'DISK_FULL');
    if (stopped?.error != null) throw stopped.error;
  }
}

/** A failure of one file is its own; only a full disk ends the work, and its file is tried again. */
async function safely(
  move: Move,
  through: MoveState,
  work: (move: Move) => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await work(move);
  } catch (thrown) {
    const found = thrown instanceof AppError ? thrown : fromWriteError(thrown, move.source);
    const undoing = through === 'undoing';
    const full = found.code === 'DISK_FULL';
    const state: MoveState = full ? (undoing ? 'done' : 'planned') : undoing ? 'kept' : 'failed';
    return { id: move.id, state, placed: move.placed, mark: move.mark, error: found };
  }
}

/** Moves one file that nothing has happened to yet. */
async function beginMove(places: Places, move: Move, make: (target: string) => void): Promise<Outcome> {
  const planned = placingOf(places, move);
  await requireUnchanged(planned.from, move);
  const hash = move.hash ?? (await hashOf(planned.from));
  const placing = { ...planned, hash };
  make(move.target);
  const placed = await place(places.by, placing);
  return settled(move, placing, placed);
}

async function place(by: Places['by'], placing: Placing): Promise<NonNullable<Outcome['placed']>> {
  if (by === 'link') return linkInto(placing);
  await (by === 'copy' ? copyInto(placing) : moveInto(placing));
  return by === 'copy' ? 'copied' : 'moved';
}

async function settled(
  { id }: Move,
  { from, to }: Placing,
  placed: NonNullable<Outcome['placed']>,
): Promise<Outcome> {
  syncFolder(dirname(to));
  if (placed === 'moved') syncFolder(dirname(from));
  return { id, state: 'done', placed, mark: await markOf(to), error: null };
}

/** Finds out how far a move was when it was cut short, and brings it to its end. */
async function finishMove(places: Places, move: Move): Promise<Outcome> {
  const placing = placingOf(places, move);
  const { from, to, temporary } = placing;
  await rm(temporary, { force: true });
  const [old, present] = [await markOf(from), await markOf(to)];
  if (present === null) return { id: move.id, state: 'planned', placed: null, mark: null, error: null };
  const taken = (): AppError => new AppError('SORT_TARGET_EXISTS', { path: to });
  if (places.by === 'link') {
    if (present.kind === 'link' && (await leadsTo(to, from))) return settled(move, placing, 'symbolic link');
    if (present.file === old?.file) return settled(move, placing, 'hard link');
    throw taken();
  }
  if (present.kind !== 'file' || present.bytes !== move.bytes) throw taken();
  if (move.hash !== null && (await hashOf(to)) !== move.hash) throw taken();
  if (places.by === 'copy') {
    if (move.hash === null && (old === null || (await hashOf(from)) !== (await hashOf(to)))) throw taken();
    return settled(move, placing, 'copied');
  }
  // Both names are there: of one file, or of a copy that has been compared.
  if (old !== null) {
    if (old.file !== present.file && (await hashOf(from)) !== (await hashOf(to))) throw taken();
    await rm(from);
  }
  return settled(move, placing, 'moved');
}

/** @throws AppError SORT_PHOTO_GONE, SORT_PHOTO_CHANGED */
async function requireUnchanged(path: string, { bytes, modified }: Move): Promise<void> {
  const found = await markOf(path);
  if (found === null) throw new AppError('SORT_PHOTO_GONE', { path });
  if (found.kind !== 'file' || found.bytes !== bytes || found.modified !== modified)
    throw new AppError('SORT_PHOTO_CHANGED', { path });
}

/** Makes the folder of a class when a first photo goes there, and notes it before, so that an undo can remove it. */
function folderMaker(session: SortSession, out: string): (target: string) => void {
  const known = new Set<string>();
  return (target) => {
    const folder = dirname(target);
    if (known.has(folder)) return;
    const path = ownPath(out, folder);
    // One that was there before is not ours to remove.
    if (!existsSync(path)) noteFolder(session, folder);
    try {
      mkdirSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fromWriteError(error, path);
    }
    known.add(folder);
  };
}

function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Something is in it.
  }
}
