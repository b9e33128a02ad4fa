/** Single files in memory: pasted, filmed, or lying loose in a drop. */
import type { FileSource, FoundFile } from './dropped-files.ts';

const videoEndings = /\.(mp4|m4v|mov|webm|mkv|avi|ogv|mpe?g|wmv|3gp)$/i;

/** True for videos, by what the system says or by the name. */
export function isVideo({ type, name }: { readonly type: string; readonly name: string }): boolean {
  return type.startsWith('video/') || (type === '' && videoEndings.test(name));
}

/** Files as a source. Two of one name get a number each. */
export function sourceOfFiles(name: string, files: readonly File[]): FileSource {
  const taken = new Set<string>();
  const named = files.map((file) => {
    const path = freeName(file.name === '' ? 'picture' : file.name, taken);
    taken.add(path);
    return { path, open: async () => file };
  });
  async function* find(): AsyncGenerator<FoundFile> {
    yield* named;
  }
  return { name, find, tops: [...files] };
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  const [, stem, ending] = /^(.*?)(\.[a-z0-9]+)?$/i.exec(name) ?? ['', name, ''];
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${stem} ${number}${ending ?? ''}`;
  return free;
}

/**
 * Takes the videos that lie loose in a drop or a choice out of it.
 * @returns the videos, and what else there is; null when nothing is left
 */
export function withoutVideos(source: FileSource): { videos: File[]; rest: FileSource | null } {
  const videos = source.tops.filter(isVideo);
  if (videos.length === 0) return { videos, rest: source };
  const names = new Set(videos.map(({ name }) => name));
  const tops = source.tops.filter((file) => !videos.includes(file));
  if (tops.length === 0) return { videos, rest: null };
  async function* find(): AsyncGenerator<FoundFile> {
    for await (const found of source.find()) if (!names.has(found.path)) yield found;
  }
  const name = tops.length === 1 ? tops[0].name : `${tops.length} dropped items`;
  return { videos, rest: { name, find, tops } };
}
