/** Lenslet's own folder of weights: copying files in, taking them out. */
import { cp, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { parseModelJson } from '../../engine/tfjs-file.ts';
import { candidates, titleOf } from './find-files.ts';
import { examineFile } from './recognise-file.ts';

function isModelJson(path: string): boolean {
  return basename(path).toLowerCase().endsWith('.json');
}

/** The files that make up a model: itself, and the weights beside a `model.json`. */
async function partsOf(path: string): Promise<string[]> {
  if (!isModelJson(path)) return [path];
  const { json } = parseModelJson(await readFile(path, 'utf8'), path);
  const shards = json.weightsManifest.flatMap(({ paths }) => paths);
  return [path, ...shards.map((shard) => join(dirname(path), shard))];
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function freeName(folder: string, wanted: string): Promise<string> {
  const ending = extname(wanted);
  const stem = wanted.slice(0, wanted.length - ending.length);
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${stem} ${number}${ending}`;
    if (!(await exists(join(folder, name)))) return name;
  }
}

/**
 * Copies the models of a file or folder into Lenslet's own folder. Each is there whole or not at all.
 * @param uploaded the folder's own name says nothing: folders are called after their networks
 * @returns how many; 0 when there is none
 * @throws AppError MODEL_NOT_FOUND, MODEL_FILE_INVALID, MODEL_SHARD_MISSING, MODEL_LAYER_UNSUPPORTED,
 *   MODEL_WEIGHTS_UNKNOWN, DISK_FULL, FILE_UNWRITABLE
 */
export async function addModels(ownFolder: string, source: string, uploaded = false): Promise<number> {
  if (!(await exists(source))) throw new AppError('MODEL_NOT_FOUND', { path: source });
  const found: string[] = [];
  for await (const path of candidates(source)) found.push(path);
  const titles = new Map<string, string>();
  for (const path of found) {
    const { problem, name } = await examineFile(path);
    if (problem !== null) throw problem;
    titles.set(
      path,
      uploaded && dirname(path) === source && isModelJson(path) ? fileName(name) : titleOf(path),
    );
  }
  for (const [path, title] of titles) await addModel(ownFolder, path, title);
  return found.length;
}

/** A network's name as that of a folder. */
function fileName(name: string): string {
  return name.replace(/[^\w.-]+/g, '-').replace(/^\.+/, '') || 'model';
}

async function addModel(ownFolder: string, path: string, title: string): Promise<void> {
  const parts = await partsOf(path);
  try {
    await mkdir(ownFolder, { recursive: true });
    // A hidden name: nobody takes a part for the whole.
    const temporary = await mkdtemp(join(ownFolder, '.adding-'));
    try {
      for (const part of parts) {
        const target = join(temporary, relative(dirname(path), part));
        await cp(part, target, { recursive: false });
      }
      const name = await freeName(ownFolder, title);
      const whole = isModelJson(path) ? temporary : join(temporary, basename(path));
      await rename(whole, join(ownFolder, name));
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (code === 'ENOSPC') throw new AppError('DISK_FULL', { path: ownFolder }, { cause: error });
    throw new AppError('FILE_UNWRITABLE', { path: ownFolder, reason: code }, { cause: error });
  }
}

/** True for what lies in Lenslet's own folder. */
export function isOwn(ownFolder: string, path: string): boolean {
  const inside = relative(ownFolder, path);
  return inside !== '' && !inside.startsWith('..') && !inside.includes(`..${sep}`);
}

/** Removes a model from Lenslet's own folder. @throws AppError BACKBONE_NOT_REMOVABLE */
export async function removeModel(ownFolder: string, path: string): Promise<void> {
  if (!isOwn(ownFolder, path)) throw new AppError('BACKBONE_NOT_REMOVABLE', { path });
  const folder = dirname(path);
  const parts = await partsOf(path).catch(() => [path]);
  for (const part of parts) await rm(part, { force: true });
  if (isModelJson(path) && isOwn(ownFolder, folder)) await rm(folder, { recursive: true, force: true });
}
