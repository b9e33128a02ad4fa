/** Why a picture could not be decoded, from what libvips says and from the structure of the file. */
import { crc32 } from 'node:zlib';
import { AppError } from '../../../contract/shared/errors.ts';
import type { ImageFormat } from './image-format.ts';

/**
 * What libjpeg and libtiff report when picture data is lost. Their other warnings (extra bytes between markers,
 * unknown tags, odd versions) are about files that every viewer shows whole.
 */
const damage =
  /premature end|bad huffman|instead of RST|not yet in table|corrupt lzw|decoding error|read error|incorrect data check|not enough data|error in tile|bogus "Strip|bogus "Tile/i;

/** What libvips and its libraries say of a kind of file that they do not read: to copy it again would not help. */
const isUnsupported =
  /not (been )?(implemented|configured|supported)|unsupported (?!image format)|unknown (photometric|compression)|no known route/i;

/** True when the message of a strict decoding only complains about something harmless. */
export function isHarmless(message: string): boolean {
  return !damage.test(message);
}

/**
 * The error to show for a picture that libvips refused.
 * @param message the message of sharp's error
 */
export function explainFailure(kind: ImageFormat, bytes: Uint8Array, message: string): AppError {
  if (/exceeds pixel limit|too large|exceeds limit/i.test(message)) {
    return new AppError('IMAGE_CORRUPT', { reason: 'its size is out of bounds' });
  }
  if (isUnsupported.test(message)) {
    const format = `${kind.toUpperCase()} (${readableReason(message)})`;
    return new AppError('IMAGE_FORMAT_UNSUPPORTED', { format });
  }
  const truncated = /premature end of JPEG|unexpected end of GIF|got \d+ bytes, expected/i.test(message);
  if (truncated || isCut(kind, bytes)) return new AppError('IMAGE_TRUNCATED');
  const checksum = kind === 'png' && hasBadChecksum(bytes);
  return new AppError('IMAGE_CORRUPT', {
    reason: checksum ? 'a checksum does not match' : readableReason(message),
  });
}

/** The error of a picture whose decoding ended in no foreseen way. @param error what was thrown */
export function asCorrupt(error: unknown): AppError {
  return new AppError('IMAGE_CORRUPT', { reason: error instanceof Error ? error.message : String(error) });
}

/** The last line that says something, without the names of the programs that passed it on. */
function readableReason(message: string): string {
  const lines = message
    .split('\n')
    .map((line) => line.replace(/^(input buffer has corrupt header|\w+): ?/i, '').trim())
    .filter((line) => line !== '' && !/^(source: )?bad seek|^(vipsjpeg|vipspng|error in tile)/i.test(line));
  const reason = lines.find((line) => damage.test(line)) ?? lines.at(-1) ?? '';
  if (reason === '' || /unknown error|libpng read error|unsupported image format/i.test(reason)) {
    return 'the decoder gave up in the middle';
  }
  return reason.replace(/^(corrupt jpeg data|invalid input: unspecified): ?/i, '').slice(0, 160);
}

/** True when the structure of the file points beyond its end. */
function isCut(format: ImageFormat, bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === 'webp') return bytes.length < 12 || view.getUint32(4, true) + 8 > bytes.length;
  if (format === 'png') return isCutPng(view);
  if (format === 'avif' || format === 'heic') return isCutBoxes(view);
  if (format === 'tiff') return isCutTiff(view);
  return bytes.length < 64;
}

function isCutPng(view: DataView): boolean {
  for (let at = 8; at + 8 <= view.byteLength;) {
    if (view.getUint32(at + 4) === 0x49454e44) return false;
    at += 12 + view.getUint32(at);
  }
  return true;
}

function hasBadChecksum(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) return false;
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) return true;
    at = end + 4;
  }
  return false;
}

function isCutBoxes(view: DataView): boolean {
  for (let at = 0; at + 8 <= view.byteLength;) {
    const size = view.getUint32(at);
    // 0 reaches to the end of the file; 1 announces 64 bits, which no photo needs.
    if (size < 8) return false;
    at += size;
    if (at > view.byteLength) return true;
  }
  return false;
}

/** A TIFF directory lies anywhere, often at the end: cut when it, or the strips it names, are beyond the end. */
function isCutTiff(view: DataView): boolean {
  if (view.byteLength < 16) return true;
  const little = view.getUint8(0) === 0x49;
  if (view.getUint16(2, little) !== 42) return false;
  const directory = view.getUint32(4, little);
  return (
    directory + 2 > view.byteLength ||
    directory + 2 + view.getUint16(directory, little) * 12 > view.byteLength
  );
}
