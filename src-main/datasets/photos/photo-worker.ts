/** Entry point of the photo threads. What a failure means is decided by the caller, who knows what else was running. */
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { AppError, type ErrorData } from '../../contract/shared/errors.ts';
import { asCorrupt } from './formats/decode-failure.ts';
import type { DecodePass } from './decode.ts';
import { TooMuchAtOnce } from './image-file.ts';
import type { PhotoClock } from './photo-clock.ts';
import { type Photo, type PhotoResults, type PhotoTask, doPhotoTask } from './photo-tasks.ts';

/** A photo and what is wanted of it. */
export interface PhotoRequest {
  readonly photo: Photo;
  readonly task: PhotoTask;
  readonly pass: DecodePass;
  readonly clock: PhotoClock;
}

/** What came of it, why nothing can, or what it needs to be asked again with. */
export type PhotoReply =
  | { readonly result: PhotoResults[keyof PhotoResults] }
  | { readonly refused: ErrorData }
  | { readonly again: 'alone' | 'with-room' };

/** Answers a request. */
export default async function work({ photo, task, pass, clock }: PhotoRequest): Promise<PhotoReply> {
  try {
    return handOver(await doPhotoTask(task, photo, pass, clock));
  } catch (error) {
    if (error instanceof TooMuchAtOnce) return { again: 'with-room' };
    if (error instanceof AppError) return { refused: error.toData() };
    return pass.forgiving ? { refused: asCorrupt(error).toData() } : { again: 'alone' };
  }
}

/** Tiles are handed over. What sharp made cannot be, and is copied: it belongs to libvips. */
function handOver(result: PhotoResults[keyof PhotoResults]): PhotoReply {
  const reply: PhotoReply = { result };
  const tiles = tilesIn(result).filter((pixels) => !Buffer.isBuffer(pixels));
  if (tiles.length === 0) return reply;
  // The pool takes this apart again before it sends it.
  const parcel: object = {
    [transferableSymbol]: tiles.map(({ buffer }) => buffer),
    [valueSymbol]: reply,
  };
  return move(parcel as Parameters<typeof move>[0]) as unknown as PhotoReply;
}

function tilesIn(result: PhotoResults[keyof PhotoResults]): Uint8Array[] {
  if (result instanceof Uint8Array) return [result];
  return 'tiles' in result ? result.tiles.map(({ pixels }) => pixels) : [];
}
