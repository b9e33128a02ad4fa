/** Reads a tile pack by position, for the engine. */
import { type FileHandle, open } from 'node:fs/promises';
import type { TilePack } from '../../contract/engine/engine.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { OpenTileReader } from '../../core/files/records.ts';

/** Packs up to this size are read whole at once: thousands of tiny reads would cost more than they save. */
const readWholeBelow = 64 * 2 ** 20;

/**
 * Opens a tile pack for reading.
 * @param often the same records will be read again and again, as in training: a small pack is then kept in memory
 * @throws AppError FILE_UNREADABLE; its `read` too, when a record lies beyond the end of the file
 */
export async function openTilePack(pack: TilePack, often: boolean): Promise<OpenTileReader> {
  const { path, size, channels } = pack;
  const recordBytes = size * size * channels;
  const file = await open(path, 'r').catch((error: unknown) => {
    throw unreadable(path, error instanceof Error ? error.message : String(error));
  });
  const { size: fileBytes } = await file.stat();
  const whole = often && fileBytes <= readWholeBelow ? await readWhole(file, fileBytes) : null;
  return {
    size,
    channels,
    shape: [size, size, channels],
    type: 'uint8',
    async read(slots, into) {
      await Promise.all(
        slots.map(async (slot, place) => {
          const position = slot * recordBytes;
          if (position + recordBytes > fileBytes) throw unreadable(path, `record ${slot} is missing`);
          const target = into.subarray(place * recordBytes, (place + 1) * recordBytes);
          if (whole !== null) target.set(whole.subarray(position, position + recordBytes));
          else await readFully(file, target, position, path);
        }),
      );
    },
    close: () => file.close(),
  };
}

async function readWhole(file: FileHandle, bytes: number): Promise<Uint8Array> {
  const whole = new Uint8Array(bytes);
  await readFully(file, whole, 0, '');
  return whole;
}

async function readFully(
  file: FileHandle,
  target: Uint8Array,
  position: number,
  path: string,
): Promise<void> {
  let done = 0;
  while (done < target.byteLength) {
    const { bytesRead } = await file.read(target, done, target.byteLength - done, position + done);
    if (bytesRead === 0) throw unreadable(path, 'it ends too early');
    done += bytesRead;
  }
}

function unreadable(path: string, reason: string): AppError {
  return new AppError('FILE_UNREADABLE', { path, reason });
}
