/** The files that make up a model. */
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { joinInside } from '../../core/files/join-inside.ts';
import { parseModelJson } from '../../engine/models/tfjs-file.ts';

/** True for a description that has its weights in files beside it. */
export function isModelJson(path: string): boolean {
  return basename(path).toLowerCase().endsWith('.json');
}

/**
 * The weight files that a model names, relative to its folder, each once; none for models in one file.
 * @throws AppError MODEL_FILE_INVALID for a description that is damaged or names files outside its folder
 */
export async function weightFiles(path: string): Promise<string[]> {
  if (!isModelJson(path)) return [];
  const { json } = parseModelJson(await readFile(path, 'utf8'), path);
  const files = json.weightsManifest.flatMap(({ paths }) => paths);
  const own = basename(path);
  const folder = dirname(path);
  const byPlace = new Map(files.map((file) => [joinInside(folder, file), file]));
  byPlace.delete(joinInside(folder, own));
  return [...byPlace.values()];
}
