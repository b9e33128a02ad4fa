/** The text of a list: the encodings that spreadsheets and editors save, told from the bytes. */
import { AppError } from '../../contract/shared/errors.ts';

/** What a list says, and in which encoding that was read. */
export interface ListText {
  readonly text: string;
  /** Null for Unicode, where nothing had to be assumed. */
  readonly assumed: string | null;
}

/** Bytes that are looked at where a mark is missing. */
const lookedAt = 64 * 1024;

/**
 * Decodes a list: UTF-8, UTF-16 of both orders with or without a mark, and text of Western Europe in Windows-1252 or
 * Mac OS Roman.
 * @throws AppError DATASET_LIST_ENCODING for any other encoding: a guess would make other class names of it
 */
export function decodeList(bytes: Uint8Array, path: string): ListText {
  const refused = (found: string): AppError => new AppError('DATASET_LIST_ENCODING', { path, found });
  const marked = encodingOfMark(bytes) ?? encodingOfZeros(bytes);
  if (marked === 'UTF-32') throw refused('UTF-32');
  if (marked !== null) return { text: new TextDecoder(marked).decode(bytes), assumed: null };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), assumed: null };
  } catch {
    return decodeWestern(bytes, refused);
  }
}

function encodingOfMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | 'UTF-32' | null {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff))
    return 'UTF-32';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return null;
}

/** Delimiters, digits and line ends are a zero and a byte in UTF-16, on one side alone. */
function encodingOfZeros(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const head = bytes.subarray(0, lookedAt);
  const zeros = [0, 0];
  for (let at = 0; at < head.length; at++) if (head[at] === 0) zeros[at % 2]++;
  const [even, odd] = zeros.map((count) => count / Math.max(1, head.length / 2));
  if (odd > 0.2 && even < 0.05) return 'utf-16le';
  return even > 0.2 && odd < 0.05 ? 'utf-16be' : null;
}

/** Above ASCII: letters of Western European languages, and what typesetters add. */
const westernSigns = /^[äöüßÄÖÜàâáãåæçèéêëìíîïñòóôõøœùúûÿÀÂÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕØŒÙÚÛ‘’“”„«»–—…·°²³€\u00a0]$/u;
/** A large letter above ASCII inside of a small word, as of "KÑtzchen". */
const misplacedCapital = /\p{L}[ÄÖÜÀÂÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕØŒÙÚÛ]\p{Ll}|\p{Ll}[ÄÖÜÀÂÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕØŒÙÚÛ]/u;
/** A quotation mark or degree sign inside of a word, as of "K„tzchen", and words without one plain letter. */
const foreignWord =
  /\p{L}[“”„«»…°²³·]\p{L}|(?<!\S)”\p{L}|(?<=[,;\t|])”\p{L}|(?<!\p{L})[^\P{L}a-z]{3,}(?!\p{L})/iu;

/**
 * One byte a letter. Of the encodings in use for Western Europe the first is taken in which every sign above ASCII is
 * one that stands in such text; Cyrillic, Chinese, Japanese … bytes are other signs in it.
 */
function decodeWestern(bytes: Uint8Array, refused: (found: string) => AppError): ListText {
  for (const [encoding, assumed] of [
    ['windows-1252', 'Windows-1252'],
    ['macintosh', 'Mac OS Roman'],
  ]) {
    const text = new TextDecoder(encoding).decode(bytes);
    if (isWestern(text)) return { text, assumed };
  }
  throw refused('neither UTF-8 nor Windows-1252; perhaps Shift JIS, GBK, Windows-1250 or Windows-1251');
}

function isWestern(text: string): boolean {
  const above = new Set(text.match(/\P{ASCII}/gu));
  return (
    [...above].every((sign) => westernSigns.test(sign)) &&
    !misplacedCapital.test(text) &&
    !foreignWord.test(text)
  );
}
