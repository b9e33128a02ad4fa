/** The size of a plain JPEG, without a decoder: asking libvips for it costs a tenth of decoding a small photo. */

/** What the header of a JPEG says. */
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly progressive: boolean;
}

const sequential = new Set([0xc0, 0xc1]);
const progressive = 0xc2;
/** Segments that may stand before the frame: tables, application data, comments. */
const skipped = /^(c4|cc|d[bd]|e[0-9a-f]|fe)$/;
const exif = 0xe1;

/**
 * Reads the frame of a JPEG (ITU-T T.81, B.2.2).
 * @returns null for one with EXIF data, which may turn the picture, or with anything that is out of the ordinary
 */
export function readJpegFrame(bytes: Uint8Array): JpegFrame | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1];
    const length = view.getUint16(at + 2);
    if (sequential.has(marker) || marker === progressive) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      if (bytes[at + 4] !== 8 || height === 0 || width === 0) return null;
      return { width, height, progressive: marker === progressive };
    }
    // "Exif" or an XMP packet: the one who reads all of it decides.
    if (!skipped.test(marker.toString(16)) || marker === exif || length < 2) return null;
    at += 2 + length;
  }
  return null;
}
