/** What the names of files and folders say: what to pass over, and what is no image. */
/** Thumbnails, snapshots and deleted files of systems and of network storage (Synology, QNAP, NetApp …). */
const systemFolders = new Set([
  '__macosx',
  '$recycle.bin',
  'recycler',
  'recycled',
  'recycle bin',
  'network recycle bin',
  'system volume information',
  'found.000',
  'lost+found',
  'lost.dir',
  '@eadir',
  '@recycle',
  '@recently-snapshot',
  '@__thumb',
  '@tmp',
  '@sharebin',
  '@sharesnap',
  '#recycle',
  '#snapshot',
  '#recover',
  '~snapshot',
  'trashbox',
  'network trash folder',
  'temporary items',
  'thevolumesettingsfolder',
  'dfsrprivate',
  'ipod photo cache',
  '_gsdata_',
]);
const systemFiles =
  /^(thumbs\.db|ehthumbs.*\.db|desktop\.ini|picasa\.ini|zbthumbnail\.info|pspbrwse\.jbf|icon\r)$|^~\$|@syno(eastream|resource)$/i;

/** True for what operating systems and file managers leave behind. */
export function isHiddenName(name: string): boolean {
  return name.startsWith('.') || isSystemFolder(name) || systemFiles.test(name);
}

/** True for folders in plain sight that are not the user's: passing over them is said, for they may hold photos. */
export function isSystemFolder(name: string): boolean {
  const key = name.toLowerCase();
  return systemFolders.has(key) || /^network recycle bin \d+$|\.lrdata$/.test(key);
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

const rawEndings =
  /\.(3fr|arw|cr2|cr3|crw|dcr|dng|erf|fff|gpr|iiq|k25|kdc|mef|mos|mrw|nef|nrw|orf|pef|raf|raw|rw2|rwl|sr2|srf|srw|x3f)$/i;

/** Camera raw files beside which the same picture lies as another file; cameras write both under one name. */
export function rawTwins(names: readonly string[]): Set<string> {
  const stem = (name: string): string => name.slice(0, name.lastIndexOf('.')).toLowerCase();
  const developed = new Set(names.filter(hasImageEnding).map(stem));
  return new Set(names.filter((name) => rawEndings.test(name) && developed.has(stem(name))));
}

/** True for a name that ends as images do. */
export function hasImageEnding(name: string): boolean {
  return imageEndings.test(name);
}

/** Order by code point, as Keras orders folders and files: the same on every machine. */
export function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
