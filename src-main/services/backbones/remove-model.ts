/** Taking a model out of Lenslet's own folder: its own files and nothing else, whatever its description names. */
import { realpathSync } from 'node:fs';
import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import { isInside, joinInside, ownPath } from '../../core/files/join-inside.ts';
import { candidates } from './find-files.ts';
import { isModelJson, weightFiles } from './model-parts.ts';
import { companionFiles } from './published/notice.ts';

/** True for what really lies in Lenslet's own folder, not only by the way to it. */
export function isOwn(ownFolder: string, path: string): boolean {
  try {
    return isInside(realpathSync(ownFolder), realpathSync(dirname(path)));
  } catch {
    return false;
  }
}

/**
 * Removes a model from Lenslet's own folder: its file, the weights it names, and folders that are empty then. What
 * another model lies in or needs, and what is reached by a link, stays.
 * @throws AppError BACKBONE_NOT_REMOVABLE
 */
export async function removeModel(ownFolder: string, path: string): Promise<void> {
  if (!isOwn(ownFolder, path)) throw new AppError('BACKBONE_NOT_REMOVABLE', { path });
  const folder = dirname(path);
  const taken = await filesOfOthers(ownFolder, path);
  const weights = isModelJson(path) ? await weightsOf(path) : [];
  await rm(path, { force: true });
  for (const file of weights) {
    const part = unlinkedPart(folder, file);
    if (part === null || taken.has(part)) continue;
    // A folder under the name of a weight file was put there by somebody else.
    if ((await lstat(part).catch(() => null))?.isDirectory() === false) await rm(part, { force: true });
    await removeEmpty(dirname(part), ownFolder);
  }
  if (isModelJson(path)) await removeCompanions(folder, taken);
  await removeEmpty(folder, ownFolder);
}

/** Notice and licence go with the weights they are about. */
async function removeCompanions(folder: string, taken: ReadonlySet<string>): Promise<void> {
  for (const name of companionFiles) {
    const path = joinInside(folder, name);
    if (!taken.has(path) && (await lstat(path).catch(() => null))?.isFile() === true)
      await rm(path, { force: true });
  }
}

/** The weights a description names; where it is damaged, what weights are usually called. */
async function weightsOf(path: string): Promise<string[]> {
  try {
    return await weightFiles(path);
  } catch {
    const names = await readdir(dirname(path)).catch(() => []);
    return names.filter((name) => name.toLowerCase().endsWith('.bin'));
  }
}

/** A weight file in the model's folder; null where a link is on the way (at the end, the link itself may go). */
function unlinkedPart(folder: string, file: string): string | null {
  try {
    const part = joinInside(folder, file);
    const above = dirname(file);
    if (above !== '.') ownPath(folder, above);
    return part;
  } catch {
    return null;
  }
}

/** Files of the other models in the folder, at any depth. */
async function filesOfOthers(ownFolder: string, path: string): Promise<Set<string>> {
  const taken = new Set<string>();
  for await (const other of candidates(ownFolder)) {
    if (other === path) continue;
    taken.add(other);
    for (const file of await weightFiles(other).catch(() => [])) taken.add(joinInside(dirname(other), file));
  }
  return taken;
}

/** Removes a folder and those above it that are empty, up to Lenslet's own. */
async function removeEmpty(folder: string, ownFolder: string): Promise<void> {
  for (let at = folder; at !== ownFolder && isInside(ownFolder, at); at = dirname(at)) {
    if (basename(at) === '' || !(await removedEmpty(at))) return;
  }
}

async function removedEmpty(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    () => false,
  );
}
