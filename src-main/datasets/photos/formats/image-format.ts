/** What a file is, told from its first bytes: names and extensions lie too often to be asked. */

/** Formats that Lenslet reads. */
export const imageFormats = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'heic', 'bmp'] as const;
export type ImageFormat = (typeof imageFormats)[number];

/** How many bytes of the beginning `detectContent` wants to see. */
export const headBytes = 4096;

/** What the bytes of a file are. */
export type FileContent =
  | { readonly kind: 'image'; readonly format: ImageFormat }
  /** A picture (or video) of a format Lenslet does not read. */
  | { readonly kind: 'unsupported'; readonly name: string }
  /** No picture at all. `text`: something for people to read. */
  | { readonly kind: 'other'; readonly found: string; readonly text: boolean };

const image = (format: ImageFormat): FileContent => ({ kind: 'image', format });
const unsupported = (name: string): FileContent => ({ kind: 'unsupported', name });
const other = (found: string, text = false): FileContent => ({ kind: 'other', found, text });

/** First bytes as text (one character a byte), and what they say. */
const signatures: readonly (readonly [string, FileContent])[] = [
  ['\xff\xd8\xff', image('jpeg')],
  ['\x89PNG\r\n\x1a\n', image('png')],
  ['GIF87a', image('gif')],
  ['GIF89a', image('gif')],
  ['II*\0', image('tiff')],
  ['MM\0*', image('tiff')],
  ['II+\0', image('tiff')],
  ['MM\0+', image('tiff')],
  ['8BPS', unsupported('Photoshop (PSD)')],
  ['\xff\x0a', unsupported('JPEG XL')],
  ['\0\0\0\x0cJXL ', unsupported('JPEG XL')],
  ['\0\0\0\x0cjP  ', unsupported('JPEG 2000')],
  ['\xff\x4f\xff\x51', unsupported('JPEG 2000')],
  ['\0\0\x01\0', unsupported('icon (ICO)')],
  ['qoif', unsupported('QOI')],
  ['v/1\x01', unsupported('OpenEXR')],
  ['#?RADIANCE', unsupported('Radiance HDR')],
  ['DDS ', unsupported('DirectDraw (DDS)')],
  ['gimp xcf', unsupported('GIMP (XCF)')],
  ['FUJIFILMCCD-RAW', unsupported('camera raw')],
  ['IIRO', unsupported('camera raw')],
  ['IIRS', unsupported('camera raw')],
  ['MMOR', unsupported('camera raw')],
  ['II\x1a\0\0\0HEAPCCDR', unsupported('camera raw')],
  ['FOVb', unsupported('camera raw')],
  ['\0MRM', unsupported('camera raw')],
  ['IIU\0', unsupported('camera raw')],
  ['\x1aE\xdf\xa3', unsupported('Matroska or WebM video')],
  ['%PDF-', other('PDF document')],
  ['PK\x03\x04', other('ZIP archive')],
  ['PK\x05\x06', other('ZIP archive')],
  ['\x1f\x8b', other('gzip archive')],
  ['Rar!', other('RAR archive')],
  ['7z\xbc\xaf', other('7z archive')],
  ['SQLite format 3', other('SQLite database')],
  ['\0\x05\x16\x07', other('macOS resource fork')],
];

/**
 * Tells what a file is.
 * @param head the first bytes of the file, `headBytes` of them or all there are (at least one)
 */
export function detectContent(head: Uint8Array): FileContent {
  const start = latin1(head, 0, 32);
  const known = signatures.find(([signature]) => start.startsWith(signature));
  if (known) return known[1];
  return detectContainer(head, start) ?? detectBitmap(head, start) ?? detectNetpbm(start) ?? detectText(head);
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/** RIFF (WebP, AVI) and ISO base media files (AVIF, HEIC, MP4). */
function detectContainer(head: Uint8Array, start: string): FileContent | null {
  if (start.startsWith('RIFF')) {
    const type = start.slice(8, 12);
    if (type === 'WEBP') return image('webp');
    return type === 'AVI ' ? unsupported('AVI video') : other('RIFF data');
  }
  if (start.slice(4, 8) !== 'ftyp') return null;
  const boxEnd = Math.min(new DataView(head.buffer, head.byteOffset).getUint32(0), head.length, 256);
  const brands = [start.slice(8, 12)];
  for (let at = 16; at + 4 <= boxEnd; at += 4) brands.push(latin1(head, at, at + 4));
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return image('avif');
  if (brands.some((brand) => /^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand))) return image('heic');
  if (brands[0] === 'crx ') return unsupported('camera raw');
  return unsupported('MP4 or QuickTime video');
}

/** `BM` alone also begins ordinary text, so the header that follows must fit as well. */
function detectBitmap(head: Uint8Array, start: string): FileContent | null {
  if (!start.startsWith('BM') || head.length < 18) return null;
  const headerSize = new DataView(head.buffer, head.byteOffset).getUint32(14, true);
  return headerSize === 12 || (headerSize >= 16 && headerSize <= 124) ? image('bmp') : null;
}

function detectNetpbm(start: string): FileContent | null {
  return /^(P[1-7]|P[Ff])[\s#]/.test(start) ? unsupported('Netpbm (PBM, PGM, PPM)') : null;
}

function detectText(head: Uint8Array): FileContent {
  if (head.every((byte) => byte === 0)) return other('nothing but zero bytes');
  let text: string;
  try {
    // A character cut by the end of the head is no reason to doubt the rest, hence `stream`.
    text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
  } catch {
    return other('unrecognised data');
  }
  // eslint-disable-next-line no-control-regex -- control characters are what tells binary data from text
  if (/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)) return other('unrecognised data');
  const beginning = text.trimStart().slice(0, 2000).toLowerCase();
  if (/^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!doctype svg[\s\S]*?>\s*)?<svg[\s>]/.test(beginning)) {
    return unsupported('SVG');
  }
  if (/^(<!doctype html|<html|<head|<body|<script)/.test(beginning)) return other('an HTML page', true);
  return other('text', true);
}
