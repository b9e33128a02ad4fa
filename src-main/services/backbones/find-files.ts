/** Looks for backbones in folders: model files, recognised by content. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { backbonePlaces } from './places.ts';
import type { RecognisedFile } from './recognised-file.ts';
import { RecognitionMemory } from './recognition-memory.ts';

/** A model file on this machine. */
export interface FoundFile extends RecognisedFile {
  readonly path: string;
  /** The name of the file, or of its folder where the file is called as all are. */
  readonly title: string;
}

/** Model files have one of these endings. */
const endings = /(\.h5|\.hdf5|\.keras|^model\.json)$/i;
const deepest = 3;

const memories = new Map<string, RecognitionMemory>();

function memoryOf(settingsFolder: string): RecognitionMemory {
  const memory = memories.get(settingsFolder) ?? new RecognitionMemory(settingsFolder);
  memories.set(settingsFolder, memory);
  return memory;
}

/** All model files in some folders and below (or the files themselves), each once, in the order of their paths. */
export async function findModelFiles(
  settingsFolder: string,
  places: readonly string[],
): Promise<FoundFile[]> {
  const memory = memoryOf(settingsFolder);
  const found = new Map<string, FoundFile>();
  for (const place of places) {
    for await (const path of candidates(place, 0)) {
      if (found.has(path)) continue;
      const recognised = await memory.recognise(path);
      if (recognised !== null) found.set(path, { ...recognised, path, title: titleOf(path) });
    }
  }
  await memory.save();
  return [...found.values()];
}

/** The model files of all places where backbones are looked for. */
export function allFiles(settingsFolder: string): Promise<FoundFile[]> {
  return findModelFiles(settingsFolder, backbonePlaces(settingsFolder));
}

/** Files in a folder that may be models by their names, or the file itself, at any depth that makes sense. */
export async function* candidates(path: string, depth = 0): AsyncGenerator<string> {
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

/** What a model file is called: by its folder where it is called as all are. */
export function titleOf(path: string): string {
  const name = basename(path);
  return name.toLowerCase() === 'model.json' ? basename(dirname(path)) : name;
}
