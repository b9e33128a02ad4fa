/** The images that words of the command line mean. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { matchesGlob } from 'node:path/posix';
import { AppError } from '../../../../contract/shared/errors.ts';
import type { Session } from '../../session.ts';

/** Images read at a time. */
const page = 500;

/** The paths of a list: one a line; empty lines and those that begin with # are passed over. */
function readList(file: string): Set<string> {
  const lines = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim());
  return new Set(lines.filter((line) => line !== '' && !line.startsWith('#')));
}

/** Whether a path fits: named in the list; or by the pattern, a bare file name wherever it lies. */
function fits(word: string): (path: string) => boolean {
  if (existsSync(word) && statSync(word).isFile()) {
    const listed = readList(word);
    return (path) => listed.has(path) || listed.has(path.split('/').at(-1)!);
  }
  const pattern = word.includes('/') ? word : `**/${word}`;
  return (path) => matchesGlob(path, pattern);
}

/**
 * The images of the open project whose path inside their source, as `check` prints it, fits a pattern (`cats/*.jpg`), or
 * is named in a file with one path a line.
 * @throws AppError NOT_FOUND when none does
 */
export async function imagesOf({ client }: Session, word: string): Promise<number[]> {
  const isMeant = fits(word);
  const ids = await client.datasets.listImages({});
  const found: number[] = [];
  for (let start = 0; start < ids.length; start += page) {
    const images = await client.datasets.getImages({ ids: ids.slice(start, start + page) });
    for (const { id, path } of images) if (isMeant(path.replaceAll('\\', '/'))) found.push(id);
  }
  if (found.length === 0) throw new AppError('NOT_FOUND', { what: 'image', id: word });
  return found;
}
