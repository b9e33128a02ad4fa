/**
 * MNIST's idx files: big-endian header (magic 0x00000803 for images, 0x00000801 for labels, then the sizes), then
 * one byte a pixel or label. Read as a stream, packed with gzip or not.
 * @see https://yann.lecun.org/exdb/mnist/index.html
 */
import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import type { Split } from '../../contract/shared/vocabulary.ts';

/** A checked pair of idx files. */
export interface IdxDataset {
  readonly imagesPath: string;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** One label an image. */
  readonly labels: Uint8Array;
  /** As the file's name says: `train…`, `t10k…` or `test…`. */
  readonly split: Split | null;
}

const imagesMagic = 0x803;
const labelsMagic = 0x801;
const imagesHeaderBytes = 16;
const labelsHeaderBytes = 8;
/** As for photos: nothing in memory may depend on what a header claims. */
const maxPixels = 120_000_000;

/** The name an idx file has in paths: without `.gz`, so that packed and unpacked are the same. */
export function idxName(path: string): string {
  return path.replace(/\.gz$/i, '');
}

/** The labels' file names that belong to an images' file name, likeliest first. */
export function labelsNames(imagesName: string): string[] {
  const plain = idxName(imagesName)
    .replace(/images(?=[-._]?idx3)/i, 'labels')
    .replace(/image(?=[-._]?idx3)/i, 'label')
    .replace(/idx3/i, 'idx1');
  return imagesName.toLowerCase().endsWith('.gz') ? [`${plain}.gz`, plain] : [plain, `${plain}.gz`];
}

/** The split that an idx file's name stands for, or null. */
export function splitOfIdx(name: string): Split | null {
  if (/(^|[-_.])train/i.test(name)) return 'train';
  if (/(^|[-_.])(t10k|test)/i.test(name)) return 'test';
  return /(^|[-_.])val/i.test(name) ? 'validation' : null;
}

/**
 * Opens an idx file of images with its labels and reads both through once, so that nothing is imported from a file
 * that turns out broken in the middle.
 * @throws AppError DATASET_IDX_INVALID, CANCELLED
 */
export async function openIdx(imagesPath: string, signal?: AbortSignal): Promise<IdxDataset> {
  const header = await readImagesHeader(imagesPath, signal);
  const labels = await readLabels(imagesPath, signal);
  if (labels.length !== header.count) {
    throw invalid(imagesPath, `it has ${header.count} images, its labels file ${labels.length} labels`);
  }
  return { imagesPath, ...header, labels, split: splitOfIdx(basename(imagesPath)) };
}

async function readImagesHeader(
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ count: number; rows: number; columns: number }> {
  let bytes = 0;
  let head = Buffer.alloc(0);
  for await (const chunk of readUnpacked(path)) {
    throwIfCancelled(signal);
    if (head.length < imagesHeaderBytes) head = Buffer.concat([head, chunk]).subarray(0, 64);
    bytes += chunk.length;
  }
  if (head.length < imagesHeaderBytes) throw invalid(path, 'it is too short');
  if (head.readUInt32BE(0) !== imagesMagic)
    throw invalid(path, 'it does not begin with the mark of an images file');
  const [count, rows, columns] = [head.readUInt32BE(4), head.readUInt32BE(8), head.readUInt32BE(12)];
  if (rows * columns === 0 || rows * columns > maxPixels)
    throw invalid(path, `its images are ${rows}×${columns}`);
  const expected = imagesHeaderBytes + count * rows * columns;
  if (bytes < expected) throw invalid(path, `it ends early: ${bytes} of ${expected} bytes`);
  if (bytes > expected) throw invalid(path, `it is too long: ${bytes} bytes in place of ${expected}`);
  return { count, rows, columns };
}

async function readLabels(imagesPath: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const path = await findLabels(imagesPath);
  const chunks: Buffer[] = [];
  for await (const chunk of readUnpacked(path)) {
    throwIfCancelled(signal);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (bytes.length < labelsHeaderBytes || bytes.readUInt32BE(0) !== labelsMagic) {
    throw invalid(path, 'it does not begin with the mark of a labels file');
  }
  const labels = bytes.subarray(labelsHeaderBytes);
  if (labels.length !== bytes.readUInt32BE(4)) {
    throw invalid(path, `it has ${labels.length} labels in place of ${bytes.readUInt32BE(4)}`);
  }
  return labels;
}

async function findLabels(imagesPath: string): Promise<string> {
  const candidates = labelsNames(basename(imagesPath)).map((name) => join(dirname(imagesPath), name));
  for (const path of candidates) {
    if (
      await stat(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw invalid(imagesPath, `its labels file ${basename(candidates[0])} is missing`);
}

/** The hash of one image of an idx file: its identity, as `hashBytes` is that of a photo. */
export function hashPixels(pixels: Uint8Array): string {
  return hash('sha256', pixels, 'hex');
}

/** One image of an idx file. */
export interface IdxImage {
  readonly index: number;
  /** `rows · columns` grey values, 0 black. A view that is valid until the next image is asked for. */
  readonly pixels: Buffer;
}

/**
 * Streams the images of a checked file, in order.
 * @throws AppError DATASET_IDX_INVALID when the file changed meanwhile
 */
export async function* readIdxImages(
  dataset: Pick<IdxDataset, 'imagesPath' | 'count' | 'rows' | 'columns'>,
): AsyncGenerator<IdxImage, void> {
  const size = dataset.rows * dataset.columns;
  let skip = imagesHeaderBytes;
  let rest: Buffer = Buffer.alloc(0);
  let index = 0;
  for await (const chunk of readUnpacked(dataset.imagesPath)) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = Math.min(skip, rest.length);
    skip -= at;
    for (; at + size <= rest.length && index < dataset.count; at += size) {
      yield { index: index++, pixels: rest.subarray(at, at + size) };
    }
    rest = rest.subarray(at);
  }
  if (index < dataset.count) throw invalid(dataset.imagesPath, 'it ends early');
}

/** The bytes of a file, unpacked when it is gzip by its first bytes. */
async function* readUnpacked(path: string): AsyncGenerator<Buffer, void> {
  // A pipe would be waited for, a device may never end. What is missing is reported by the reading.
  const found = await stat(path).catch(() => null);
  if (found?.isFile() === false) throw invalid(path, 'it is not a file');
  const packed = await startsWithGzip(path);
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  const stream = packed ? file.pipe(createGunzip({ chunkSize: 256 * 1024 })) : file;
  if (packed) file.on('error', (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(path, reason === 'unexpected end of file' ? 'it ends early' : reason, error);
  } finally {
    file.destroy();
  }
}

async function startsWithGzip(path: string): Promise<boolean> {
  try {
    for await (const chunk of createReadStream(path, { start: 0, end: 1 })) {
      return (chunk as Buffer).length === 2 && (chunk as Buffer).readUInt16BE(0) === 0x1f8b;
    }
    return false;
  } catch (error) {
    throw invalid(path, (error as NodeJS.ErrnoException).code ?? String(error), error);
  }
}

function invalid(path: string, reason: string, cause?: unknown): AppError {
  return new AppError('DATASET_IDX_INVALID', { path, reason }, { cause });
}
