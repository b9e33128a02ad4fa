/** Files and folders that were dropped or picked, read lazily: 50,000 photos are 50,000 names, not bytes. */

/** A file to send: its path inside what was dropped, and a way to get at its bytes. */
export interface FoundFile {
  readonly path: string;
  open(): Promise<File>;
}

/** What was dropped or picked. `find` may be walked once. */
export interface FileSource {
  /** The folder's or file's name, for people. */
  readonly name: string;
  find(): AsyncIterable<FoundFile>;
  /** The top-level items as the browser gives them: Electron asks where they lie. */
  readonly tops: File[];
}

/** Files that systems leave in folders and that are not photos. */
const litter = /^(\.|__MACOSX$|Thumbs\.db$|desktop\.ini$)/i;

function readBatch(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

async function* walk(entry: FileSystemEntry, path: string): AsyncGenerator<FoundFile> {
  if (litter.test(entry.name)) return;
  if (entry.isFile) {
    yield { path, open: () => fileOf(entry as FileSystemFileEntry) };
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives at most 100 entries a call, and an empty list at the end.
  for (let batch = await readBatch(reader); batch.length > 0; batch = await readBatch(reader)) {
    for (const child of batch) yield* walk(child, path === '' ? child.name : `${path}/${child.name}`);
  }
}

async function* walkAll(entries: readonly FileSystemEntry[]): AsyncGenerator<FoundFile> {
  // One folder: paths begin inside it, as if its own path had been given. Several: each keeps its name.
  const single = entries.length === 1 && entries[0].isDirectory;
  for (const entry of entries) yield* walk(entry, single ? '' : entry.name);
}

/**
 * Reads a drop. Must be called inside the event handler: the browser empties the transfer afterwards.
 * @returns null when nothing that was dropped is a file
 */
export function readDrop(transfer: DataTransfer): FileSource | null {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const entries = items.map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return null;
  const name = entries.length === 1 ? entries[0].name : `${entries.length} dropped items`;
  return { name, find: () => walkAll(entries), tops: [...transfer.files] };
}

/**
 * Reads an `<input type="file">`, with or without `webkitdirectory`.
 * @returns null when nothing was chosen
 */
export function readPicked(files: FileList | null): FileSource | null {
  const list = [...(files ?? [])];
  if (list.length === 0) return null;
  const folder = list[0].webkitRelativePath.split('/')[0];
  const name = folder !== '' ? folder : list.length === 1 ? list[0].name : `${list.length} files`;
  async function* find(): AsyncGenerator<FoundFile> {
    for (const file of list) {
      const parts =
        file.webkitRelativePath === '' ? [file.name] : file.webkitRelativePath.split('/').slice(1);
      if (!parts.some((part) => litter.test(part))) yield { path: parts.join('/'), open: async () => file };
    }
  }
  return { name, find, tops: list };
}
