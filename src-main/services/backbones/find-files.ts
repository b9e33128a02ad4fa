/** Looks for backbones in folders: model files, told apart by content. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type RecognisedFile, recogniseFile } from './recognise-file.ts';

/** A model file on this machine. */
export interface FoundFile extends RecognisedFile {
  readonly path: string;
  /** The name of the file, or of its folder where the file is called as all are. */
  readonly title: string;
}

/** Model files have one of these endings. */
const endings = /(\.h5|\.hdf5|\.keras|^model\.json)$/i;
const deepest = 3;

/** Answers of before, by path, as long as the file stays the same. */
const remembered = new Map<string, { readonly version: string; readonly answer: RecognisedFile | null }>();

/** What a file holds, or null; remembered while it does not change. */
export async function recogniseOnce(path: string): Promise<RecognisedFile | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  const version = `${found.size}/${found.mtimeMs}`;
  const known = remembered.get(path);
  if (known?.version === version) return known.answer;
  const answer = await recogniseFile(path);
  remembered.set(path, { version, answer });
  return answer;
}

/** All model files in a folder and below, or the file itself, in the order of their paths. */
export async function findModelFiles(path: string): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  for await (const file of candidates(path, 0)) {
    const recognised = await recogniseOnce(file);
    if (recognised !== null) files.push({ ...recognised, path: file, title: titleOf(file) });
  }
  return files;
}

async function* candidates(path: string, depth: number): AsyncGenerator<string> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) {
    if (endings.test(basename(path))) yield path;
    return;
  }
  if (!found?.isDirectory() || depth > deepest) return;
  const names = await readdir(path).catch(() => []);
  for (const name of names.sort()) {
    if (!name.startsWith('.')) yield* candidates(join(path, name), depth + 1);
  }
}

function titleOf(path: string): string {
  const name = basename(path);
  return name.toLowerCase() === 'model.json' ? basename(dirname(path)) : name;
}
