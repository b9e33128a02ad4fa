/** The only ways from a path that was read somewhere to a place on the disk. */
import { type Stats, lstatSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import { rulesOf, whyOutside } from '../text/untrusted-path.ts';

/**
 * Joins a folder and a path from a file, a database or the wire. Links are not looked at: for files of the user's that
 * are only read. What Lenslet keeps itself takes `ownPath`.
 * @param untrusted with forward slashes
 * @throws AppError PATH_OUTSIDE for everything that leads or may lead out of the folder
 */
export function joinInside(
  root: string,
  untrusted: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const reason = whyOutside(untrusted, rulesOf(platform));
  if (reason !== null) throw outside(untrusted, root, reason);
  return join(root, untrusted);
}

/**
 * As `joinInside`, for what may hold links: those that lead out of the folder, or to nowhere, are refused. The folder
 * itself may be reached by links.
 * @throws AppError PATH_OUTSIDE
 */
export function realInside(root: string, untrusted: string): string {
  const path = joinInside(root, untrusted);
  for (const link of linksOnTheWay(root, untrusted)) {
    if (!leadsInside(root, link)) throw outside(untrusted, root, 'a link out of it');
  }
  return path;
}

/**
 * A place in a folder where only Lenslet writes: no link on the way to it is followed, wherever it leads. The folder
 * itself may be reached by links. What is not there yet is fine.
 * @param names names and relative paths, joined
 * @throws AppError PATH_OUTSIDE, PATH_IS_LINK
 */
export function ownPath(root: string, ...names: readonly string[]): string {
  const inner = names.join('/');
  const path = joinInside(root, inner);
  const [link] = linksOnTheWay(root, inner);
  if (link !== undefined) throw new AppError('PATH_IS_LINK', { path: link });
  return path;
}

/** True for a path below a folder (or the folder itself), both as they are written. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function* linksOnTheWay(root: string, inner: string): Generator<string> {
  let at = root;
  for (const name of inner.split('/')) {
    at = join(at, name);
    const found = lookAt(at);
    // Nothing there yet: nothing on the rest of the way either.
    if (found === null) return;
    if (found.isSymbolicLink()) yield at;
  }
}

/** What cannot be looked at cannot be opened either: who tries says why. */
function lookAt(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

/** A link to nowhere leads outside too: who writes through it makes a file there. */
function leadsInside(root: string, link: string): boolean {
  try {
    return isInside(realpathSync(root), realpathSync(link));
  } catch {
    return false;
  }
}

function outside(path: string, folder: string, reason: string): AppError {
  return new AppError('PATH_OUTSIDE', { path, folder, reason });
}
