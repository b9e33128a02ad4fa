/**
 * The one folder for this process's temporary files: inside the system's temporary folder (TMPDIR is honoured), only
 * for this user, made when first needed, removed at exit. A killed process's folder is removed by the next start.
 *
 * Its name says whose it is (process numbers' space, process number, process mark), so that a folder exists at no time
 * without its owner, and no cleaner of old files can take the owner away from it.
 */
import { randomUUID } from 'node:crypto';
import { type Stats, lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isProcessAlive, ownProcessMark, processNumberSpace } from './process-mark.ts';

const namePattern = /^lenslet-private-([0-9a-f]{8})-([1-9]\d{0,9})-([0-9a-f]{8}|t\d{1,15})-[A-Za-z0-9]{6}$/;

/**
 * Whether the owner of another computer's or container's folder runs cannot be asked: it counts as gone after this many
 * milliseconds without a new file. Should it be there after all, it makes itself another one.
 */
const strangersAge = 7 * 24 * 60 * 60 * 1000;

interface MadeFolder {
  readonly path: string;
  readonly ino: number;
  readonly dev: number;
}

let made: MadeFolder | null = null;
let sweeping: Promise<void> | null = null;

/** A folder (never a link to one) of this user that nobody else may enter. */
function isPrivate(found: Stats): boolean {
  if (!found.isDirectory()) return false;
  // Windows has neither; its temporary folder belongs to one user.
  if (process.geteuid === undefined) return true;
  return found.uid === process.geteuid() && (found.mode & 0o077) === 0;
}

function isInPlace({ path, ino, dev }: MadeFolder): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && isPrivate(found) && found.ino === ino && found.dev === dev;
}

function removeMade(): void {
  if (made === null || !isInPlace(made)) return;
  try {
    rmSync(made.path, { recursive: true, force: true });
  } catch {
    // The next start removes it.
  }
}

/** The folder, made again when someone has cleaned it away. */
function privateFolder(): string {
  if (made !== null && isInPlace(made)) return made.path;
  if (made === null) process.on('exit', removeMade);
  const start = `lenslet-private-${processNumberSpace()}-${process.pid}-${ownProcessMark()}-`;
  const path = mkdtempSync(join(resolve(tmpdir()), start));
  const { ino, dev } = lstatSync(path);
  made = { path, ino, dev };
  void sweepTempFolders();
  return path;
}

/**
 * A path for a new temporary file or folder of this process, which nothing has yet.
 * @param name what it is for; a part of the file's name
 * @throws NodeJS.ErrnoException when the system's temporary folder cannot be written
 */
export function privateTempPath(name: string): string {
  return join(privateFolder(), `${name}-${randomUUID()}`);
}

/**
 * A path for the one Unix socket of this process. Its name is short, as systems allow about a hundred bytes for a whole
 * path.
 */
export function privateSocketPath(): string {
  return join(privateFolder(), 's');
}

/**
 * Removes the folders that killed processes of this user have left, once for each process. Never throws: what cannot be
 * removed stays.
 */
export function sweepTempFolders(): Promise<void> {
  return (sweeping ??= sweep(resolve(tmpdir())));
}

async function sweep(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const [, space, pid, mark] = namePattern.exec(name) ?? [];
    if (space === undefined) continue;
    const path = join(parent, name);
    try {
      const found = await lstat(path);
      if (!isPrivate(found)) continue;
      const isGone =
        space === processNumberSpace()
          ? !(await isProcessAlive(Number(pid), mark))
          : Date.now() - found.mtimeMs > strangersAge;
      // Links inside are removed, not followed.
      if (isGone) await rm(path, { recursive: true, force: true });
    } catch {
      // Another process is removing it, or something in it is in use.
    }
  }
}
