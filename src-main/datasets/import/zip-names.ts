/** The names in a zip archive: the format knows two encodings, and programs of Asia and old Windows write others. */
import { isUtf8 } from 'node:buffer';
import type { Entry } from 'yauzl';

const utf8Names = 0x800;
const unicodePath = 0x7075;

/** What of an entry says how it is called. */
export type NamedEntry = Pick<Entry, 'fileName' | 'fileNameRaw' | 'generalPurposeBitFlag' | 'extraFields'>;

/** Thrown for names that several encodings make other words of. @param message the encodings */
export class UncertainNames extends Error {}

/**
 * Reads the names of all entries of an archive, which are in one encoding: UTF-8 where the archive says so or all are
 * valid in it, the code page of Western Windows where that gives words, else Shift JIS. Folders are classes, so a guess
 * is not good enough for them; names of photos alone may come out wrong.
 * @throws UncertainNames
 */
export function namesOfEntries(entries: readonly NamedEntry[]): string[] {
  const unsaid = entries.filter((entry) => !saysItself(entry) && hasHighBytes(entry.fileNameRaw));
  const decode = unsaid.length === 0 ? null : decoderFor(unsaid.map(({ fileNameRaw }) => fileNameRaw));
  return entries.map((entry) => {
    if (decode === null || saysItself(entry)) return entry.fileName;
    return decode(entry.fileNameRaw).replaceAll('\\', '/');
  });
}

function saysItself({ generalPurposeBitFlag, extraFields }: NamedEntry): boolean {
  return (generalPurposeBitFlag & utf8Names) !== 0 || extraFields.some(({ id }) => id === unicodePath);
}

function hasHighBytes(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte > 127);
}

function decoderFor(names: readonly Buffer[]): (bytes: Buffer) => string {
  if (names.every((name) => isUtf8(name))) return (bytes) => bytes.toString('utf8');
  if (names.every((name) => isWestern(name))) return decodeCodePage;
  if (areJapanese(names)) return (bytes) => new TextDecoder('shift_jis').decode(bytes);
  const folders = names.map(folderOf).filter(hasHighBytes);
  if (folders.length === 0) return decodeCodePage;
  throw new UncertainNames('neither UTF-8, Shift JIS nor Western; perhaps GBK, Big5, EUC-KR or Windows-1251');
}

function folderOf(name: Buffer): Buffer {
  const plain = Buffer.from(name.map((byte) => (byte === 0x5c ? 0x2f : byte)));
  return name.subarray(0, Math.max(0, plain.lastIndexOf(0x2f)));
}

/** Code page 850, and 437 as far as letters go, from 0x80; what is no letter left out. */
const letters = [...'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø Ø  áíóúñÑ'];
const otherLetters: Readonly<Record<number, string>> = {
  0xb5: 'Á',
  0xb6: 'Â',
  0xb7: 'À',
  0xc6: 'ã',
  0xc7: 'Ã',
  0xd2: 'Ê',
  0xd4: 'È',
  0xe0: 'Ó',
  0xe1: 'ß',
  0xe2: 'Ô',
  0xe4: 'õ',
  0xe5: 'Õ',
};

function letterOf(byte: number): string | undefined {
  const letter = letters[byte - 0x80] ?? otherLetters[byte];
  return letter === ' ' ? undefined : letter;
}

function decodeCodePage(bytes: Buffer): string {
  return [...bytes]
    .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : (letterOf(byte) ?? '_')))
    .join('');
}

/** Letters with marks stand in words that also have plain ones, and large ones only at their beginning. */
function isWestern(bytes: Buffer): boolean {
  if ([...bytes].some((byte) => byte > 127 && letterOf(byte) === undefined)) return false;
  const words = decodeCodePage(bytes).match(/\p{L}+/gu) ?? [];
  return words.every(
    (word) => /^[a-z]*$/i.test(word) || (/[a-z]/i.test(word) && /^(\p{Lu}?\p{Ll}+|\p{Lu}+)$/u.test(word)),
  );
}

/**
 * True for valid Shift JIS whose signs are kana and kanji, mostly not beside Latin letters, with some whose first byte
 * stands for no common sign elsewhere in East Asia (0x82 to 0x97).
 */
function areJapanese(names: readonly Buffer[]): boolean {
  let signs = 0;
  let besideLatin = 0;
  for (const name of names) {
    const text = decodeJapanese(name);
    if (text === null) return false;
    signs += text.match(/\P{ASCII}/gu)?.length ?? 0;
    besideLatin += text.match(/(?<=[a-z])\P{ASCII}|\P{ASCII}(?=[a-z])/giu)?.length ?? 0;
  }
  return besideLatin < signs / 2 && names.some(hasJapaneseLead);
}

function decodeJapanese(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('shift_jis', { fatal: true }).decode(bytes);
    return /^[\p{ASCII}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}ー・\u3000-\u303f\uff01-\uff60]*$/u.test(
      text,
    )
      ? text
      : null;
  } catch {
    return null;
  }
}

function hasJapaneseLead(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] >= 0x82 && bytes[at] <= 0x97) return true;
    // A letter of two bytes; from 0xa0 to 0xdf stand letters of one.
    if (bytes[at] >= 0x81 && !(bytes[at] >= 0xa0 && bytes[at] < 0xe0)) at++;
  }
  return false;
}
