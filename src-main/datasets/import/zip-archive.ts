/**
 * Unpacks zip archives, entry by entry, never holding one in memory. Nothing is written outside the folder given, and
 * archives made to fill a disk are refused before they do.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, open, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as yauzl from 'yauzl';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import { ownPath } from '../../core/files/join-inside.ts';
import { maxFileMegabytes } from '../photos/image-file.ts';
import { detectContent, headBytes } from '../photos/formats/image-format.ts';
import { isIdxName } from './scan.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { isHiddenName } from '../label-files/scan-names.ts';
import { hasControlCharacters, uploadSegments } from './upload-path.ts';
import { UncertainNames, namesOfEntries } from './zip-names.ts';

/** Progress and cancel. */
export interface UnpackOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const mebibyte = 1024 * 1024;
const maxEntries = 2_000_000;
/** Photos hardly shrink in an archive; plain bitmaps become a tenth. What would grow more is no collection of photos. */
const maxGrowth = 100;
/** Small archives may grow as much as they like. */
const harmlessBytes = 512 * mebibyte;
const linkMode = 0o120000;

/** True for a file that begins as zip archives do. */
export async function isZipFile(path: string): Promise<boolean> {
  return (await readStart(path, 4)).toString('latin1') === 'PK\x03\x04';
}

/** The name of a kind of archive that is not unpacked; null for any other file. */
export async function otherArchive(path: string): Promise<string | null> {
  const head = await readStart(path, headBytes);
  if (head.length === 0) return null;
  if (head.toString('latin1', 257, 262) === 'ustar') return 'TAR archive';
  const content = detectContent(head);
  const found = content.kind === 'other' ? content.found : '';
  return / archive$/.test(found) && !isIdxName(path) ? found : null;
}

async function readStart(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return Buffer.alloc(0);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return Buffer.alloc(0);
  } finally {
    await file.close();
  }
}

/**
 * Unpacks the files of an archive into a folder; links, folders, what operating systems leave behind and names with
 * control characters are passed over.
 * @param folder must exist
 * @returns how many files were written
 * @throws AppError DATASET_ARCHIVE_INVALID, DATASET_ARCHIVE_NAMES, DISK_FULL, FILE_UNWRITABLE, CANCELLED
 */
export async function unpackZip(path: string, folder: string, options: UnpackOptions = {}): Promise<number> {
  const archive = await openArchive(path);
  try {
    const entries = await listEntries(archive, path, options.signal);
    await checkSize(path, folder, entries);
    let done = 0;
    for (const { entry, segments } of entries) {
      throwIfCancelled(options.signal);
      await writeEntry(archive, entry, ownPath(folder, ...segments), path, options.signal);
      options.onProgress?.(++done, entries.length);
    }
    return done;
  } finally {
    archive.close();
  }
}

interface WantedEntry {
  readonly entry: yauzl.Entry;
  readonly segments: string[];
}

function invalid(path: string, reason: string, cause?: unknown): AppError {
  return new AppError('DATASET_ARCHIVE_INVALID', { path, reason }, { cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function openArchive(path: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, archive) => {
      if (error) reject(invalid(path, error.message, error));
      else resolve(archive);
    });
  });
}

/** All files in the archive. A name that leads out of it makes the whole archive suspicious, and it is refused. */
async function listEntries(
  archive: yauzl.ZipFile,
  path: string,
  signal: AbortSignal | undefined,
): Promise<WantedEntry[]> {
  const entries = await readEntries(archive, path, signal);
  const names = namesIn(entries, path);
  return entries.flatMap((entry, at) => wantedEntry(entry, names[at], path) ?? []);
}

function namesIn(entries: readonly yauzl.Entry[], path: string): string[] {
  try {
    return namesOfEntries(entries);
  } catch (error) {
    if (!(error instanceof UncertainNames)) throw error;
    throw new AppError('DATASET_ARCHIVE_NAMES', { path, found: error.message }, { cause: error });
  }
}

function readEntries(
  archive: yauzl.ZipFile,
  path: string,
  signal: AbortSignal | undefined,
): Promise<yauzl.Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: yauzl.Entry[] = [];
    archive.on('error', (error: Error) => reject(invalid(path, error.message, error)));
    archive.on('end', () => resolve(entries));
    archive.on('entry', (entry: yauzl.Entry) => {
      try {
        throwIfCancelled(signal);
        entries.push(entry);
        if (entries.length > maxEntries) throw invalid(path, 'it has too many files');
        archive.readEntry();
      } catch (error) {
        reject(AppError.from(error));
      }
    });
    archive.readEntry();
  });
}

function wantedEntry(entry: yauzl.Entry, fileName: string, path: string): WantedEntry | null {
  const name = fileName.replace(/^(\.\/)+/, '');
  if (name === '' || name.endsWith('/')) return null;
  if (isPassedOver(name)) return null;
  const segments = safeSegments(name, path);
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === linkMode) return null;
  if (entry.isEncrypted()) throw invalid(path, 'it is protected by a password');
  if (entry.uncompressedSize > maxFileMegabytes * mebibyte) {
    throw invalid(path, `${fileName} is larger than ${maxFileMegabytes} MB`);
  }
  return { entry, segments };
}

/** Odd names of one file must not refuse all the others; those that lead out of the folder are for `safeSegments`. */
function isPassedOver(name: string): boolean {
  const segments = name.split('/');
  if (segments.some((segment) => segment === '.' || segment === '..')) return false;
  return hasControlCharacters(name) || segments.some(isHiddenName);
}

function safeSegments(name: string, path: string): string[] {
  try {
    return uploadSegments(name);
  } catch (error) {
    throw invalid(path, `it holds ${String(AppError.from(error).params.reason)}`, error);
  }
}

async function checkSize(path: string, folder: string, entries: readonly WantedEntry[]): Promise<void> {
  const total = entries.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
  const { size } = await stat(path);
  if (total > harmlessBytes && total > size * maxGrowth) {
    throw invalid(
      path,
      `${Math.round(total / mebibyte)} MB would come out of ${Math.ceil(size / mebibyte)} MB`,
    );
  }
  const { bavail, bsize } = await statfs(folder);
  if (total > bavail * bsize) throw new AppError('DISK_FULL', { path: folder });
}

async function writeEntry(
  archive: yauzl.ZipFile,
  entry: yauzl.Entry,
  target: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const input = await openEntry(archive, entry, path);
  // The pipeline reports the first failure; yauzl may go on to report more, to nobody.
  input.on('error', () => undefined);
  try {
    await mkdir(dirname(target), { recursive: true });
    // Two entries of one name: the first stays.
    await pipeline(input, createWriteStream(target, { flags: 'wx' }), { signal });
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    throwIfCancelled(signal);
    if (code === 'EEXIST') return;
    if (syscall !== undefined) throw fromWriteError(error, target);
    throw invalid(path, `${entry.fileName}: ${messageOf(error)}`, error);
  } finally {
    input.destroy();
  }
}

function openEntry(archive: yauzl.ZipFile, entry: yauzl.Entry, path: string): Promise<Readable> {
  return new Promise((resolve, reject) => {
    archive.openReadStream(entry, (error, stream) => {
      if (error) reject(invalid(path, `${entry.fileName}: ${error.message}`, error));
      else resolve(stream);
    });
  });
}
