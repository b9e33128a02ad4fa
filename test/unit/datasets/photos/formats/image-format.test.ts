import { describe, expect, test } from 'vitest';
import { detectContent } from '../../../../../src-main/datasets/photos/formats/image-format.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const box = (brands: string): Uint8Array =>
  bytes(`\0\0\0${String.fromCharCode(8 + brands.length)}ftyp${brands}`);

describe('detectContent', () => {
  test.each([
    ['jpeg', bytes('\xff\xd8\xff\xe0\0\x10JFIF')],
    ['png', bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')],
    ['gif', bytes('GIF89a\x01\0')],
    ['webp', bytes('RIFF\x10\0\0\0WEBPVP8 ')],
    ['tiff', bytes('II*\0\x08\0\0\0')],
    ['tiff', bytes('MM\0*\0\0\0\x08')],
    ['avif', box('avif\0\0\0\0mif1avif')],
    ['avif', box('mif1\0\0\0\0mif1avif')],
    ['heic', box('heic\0\0\0\0mif1heic')],
    ['heic', box('mif1\0\0\0\0mif1heic')],
    ['bmp', bytes('BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0')],
  ])('%s by its first bytes', (format, head) => {
    expect(detectContent(head)).toEqual({ kind: 'image', format });
  });

  test.each([
    ['SVG', '<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="http://www.w3.org/2000/svg">'],
    ['Netpbm (PBM, PGM, PPM)', 'P6\n10 10\n255\n'],
    ['Photoshop (PSD)', '8BPS\0\x01'],
    ['JPEG XL', '\xff\x0a\x01'],
    ['MP4 or QuickTime video', '\0\0\0\x18ftypisom\0\0\0\0'],
    ['AVI video', 'RIFF\0\0\0\0AVI LIST'],
  ])('%s is a picture that is not read', (name, head) => {
    expect(detectContent(bytes(head))).toEqual({ kind: 'unsupported', name });
  });

  test.each([
    ['an HTML page', '  <!DOCTYPE html><html><body>404</body>', true],
    ['text', 'BM is the beginning of a word here\n', true],
    ['text', 'just some words', true],
    ['ZIP archive', 'PK\x03\x04\x14\0', false],
    ['nothing but zero bytes', '\0\0\0\0\0\0', false],
    ['unrecognised data', '\x01\x02\x9f\xff\xfe', false],
  ])('%s is no picture', (found, head, text) => {
    expect(detectContent(bytes(head))).toEqual({ kind: 'other', found, text });
  });

  test('text cut in the middle of a character is still text', () => {
    const head = new TextEncoder().encode('кот').subarray(0, 5);
    expect(detectContent(head)).toEqual({ kind: 'other', found: 'text', text: true });
  });
});
