/** What the names of files and folders say: which part of the dataset they hold, and what to pass over. */
import type { Split } from '../../contract/shared/vocabulary.ts';

const splitAliases: Readonly<Record<string, Split>> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  test: 'test',
  testing: 'test',
  eval: 'test',
};

/** The split a folder's name stands for, in any letter case, or null. */
export function splitOfName(name: string): Split | null {
  const key = name.normalize('NFC').trim().toLowerCase();
  return Object.hasOwn(splitAliases, key) ? splitAliases[key] : null;
}

const systemNames = new Set([
  'thumbs.db',
  'desktop.ini',
  '__macosx',
  '$recycle.bin',
  'system volume information',
]);

/** True for what operating systems and file managers leave behind: passed over without a word. */
export function isHiddenName(name: string): boolean {
  return name.startsWith('.') || systemNames.has(name.toLowerCase());
}

const documentEndings =
  /\.(txt|md|rst|csv|tsv|json|jsonl|xml|ya?ml|toml|ini|cfg|log|py|ipynb|js|ts|m|mat|npy|npz|h5|hdf5|pkl|pdf|docx?|xlsx?|pptx?|db|sqlite|sh|bat|url|lnk|html?|css|sha256|md5|aae|xmp|thm)$/i;
const imageEndings =
  /\.(jpe?g|jpe|jfif|png|apng|webp|gif|tiff?|avif|bmp|dib|hei[cf]s?|ppm|pgm|pbm|pnm|svg|psd|jxl|jp2)$/i;

/**
 * True for files that belong beside images and are none, such as `README.txt` or `labels.csv`, when their bytes are no
 * image either.
 * @param text whether the bytes are readable text
 */
export function isDocument(name: string, text: boolean): boolean {
  if (imageEndings.test(name)) return false;
  return text || documentEndings.test(name);
}

/** True for a name that ends as images do. */
export function hasImageEnding(name: string): boolean {
  return imageEndings.test(name);
}

/** Order by code point, as Keras orders folders and files: the same on every machine. */
export function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
