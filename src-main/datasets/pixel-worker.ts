/**
 * Entry point of a worker thread: decoders that run in JavaScript or WebAssembly (BMP, HEIC) and would hold up the
 * main thread for as long as they take.
 */
import { parentPort } from 'node:worker_threads';
import decodeHeic from 'heic-decode';
import { AppError, type AppErrorData } from '../contract/errors.ts';
import { type RgbPixels, decodeBmp } from './bmp.ts';

/** One picture to decode. */
export interface PixelRequest {
  readonly id: number;
  readonly format: 'bmp' | 'heic';
  readonly bytes: Uint8Array;
}

/** Its pixels, or why there are none. */
export type PixelReply =
  { readonly id: number; readonly pixels: RgbPixels } | { readonly id: number; readonly error: AppErrorData };

async function decode(request: PixelRequest): Promise<RgbPixels> {
  if (request.format === 'bmp') return decodeBmp(request.bytes);
  // The package knows fewer major brands than libheif beneath it does; the rest of the file decides.
  request.bytes.set([0x68, 0x65, 0x69, 0x63], 8);
  const { width, height, data } = await decodeHeic({ buffer: request.bytes });
  return { width, height, channels: 4, data: new Uint8Array(data.buffer) };
}

parentPort?.on('message', (request: PixelRequest) => {
  void decode(request)
    .then((pixels): PixelReply => ({ id: request.id, pixels }))
    .catch((thrown: unknown): PixelReply => {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      const error = thrown instanceof AppError ? thrown : new AppError('IMAGE_CORRUPT', { reason });
      return { id: request.id, error: error.toData() };
    })
    .then((reply) => {
      const moved = 'pixels' in reply ? [reply.pixels.data.buffer as ArrayBuffer] : [];
      parentPort?.postMessage(reply, moved);
    });
});
