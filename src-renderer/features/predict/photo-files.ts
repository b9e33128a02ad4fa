/** Finds the bytes of a predicted photo again, in what was dropped or picked. */
import type { FileSource, FoundFile } from '../../client/index.ts';

/** A source that notes its files as they are sent. */
export interface NotedSource extends FileSource {
  /** The file of a prediction; null where there is none, as for a photo inside an archive. */
  fileOf(image: string): Promise<File | null>;
}

/** Notes names, not bytes. */
export function noteFiles(source: FileSource): NotedSource {
  const files = new Map<string, FoundFile>();
  let walked = false;
  async function* find(): AsyncGenerator<FoundFile> {
    walked = true;
    for await (const file of source.find()) {
      files.set(file.path, file);
      yield file;
    }
  }
  async function fileOf(image: string): Promise<File | null> {
    // On the desktop paths were handed over, and nothing was walked.
    if (!walked) for await (const { path } of find()) void path;
    const found = files.get(image) ?? onlyNamed(files, image);
    return found === null ? null : found.open().catch(() => null);
  }
  return { ...source, find, fileOf };
}

/** The one file that a path from elsewhere ends with; null when it is none, or several. */
function onlyNamed(files: ReadonlyMap<string, FoundFile>, image: string): FoundFile | null {
  const path = image.replaceAll('\\', '/');
  const fits = [...files.values()].filter(
    (file) => path.endsWith(`/${file.path}`) || file.path.endsWith(`/${path}`),
  );
  return fits.length === 1 ? fits[0] : null;
}
