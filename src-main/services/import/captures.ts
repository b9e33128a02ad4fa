/**
 * Photos that exist nowhere else: from the camera, from a video, from the clipboard, from the web. Each set is an upload
 * with a note beside it, which holds its class and whether it was imported; a set whose page went away is
 * imported when the project is next opened.
 */
import { flushLog } from '../../project/database/changes-on-disk.ts';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import { ownPath } from '../../core/files/join-inside.ts';
import { uploadIdSchema } from '../../core/text/ids.ts';
import type { ImportSource } from '../../datasets/import/import-run.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { syncFolder } from '../../project/durable-files.ts';
import type { Project } from '../../project/project.ts';
import { clearBegun } from '../base/begun-uploads.ts';
import type { ServiceContext } from '../base/context.ts';
import type { Imports } from './imports.ts';
import { isImported, listUpload, removeUpload, uploadFolder, uploadRoot } from '../base/uploads.ts';

const noteEnding = '.capture.json';
const noteSchema = z.object({
  name: z.string(),
  label: z.string().nullable(),
  /** True from then on: the note stays, since a project that is restored from before needs the class again. */
  imported: z.boolean().default(false),
});

/** What is known of a set. */
export type CaptureNote = Omit<z.infer<typeof noteSchema>, 'imported'>;
type StoredNote = z.infer<typeof noteSchema>;

/** @throws AppError PATH_OUTSIDE, PATH_IS_LINK */
function notePath(project: Project, upload: string): string {
  return ownPath(project.folder, 'uploads', `${upload}${noteEnding}`);
}

/** True for an upload of photos that exist nowhere else. */
export function isCapture(project: Project, upload: string): boolean {
  try {
    return existsSync(notePath(project, upload));
  } catch {
    // A note that cannot be read, as it is a link, is one all the same: its photos are nowhere else.
    return true;
  }
}

/** A note behind a link stays. */
function removeNote(project: Project, upload: string): void {
  try {
    rmSync(notePath(project, upload), { force: true });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

/** Makes a capture of an upload. When it returns, the note is on the disk. @throws AppError DISK_FULL, FILE_UNWRITABLE */
export function noteCapture(project: Project, upload: string, note: CaptureNote): void {
  writeNote(project, upload, { ...note, imported: false });
  // It is kept until it is imported, however long that takes.
  clearBegun(project, upload);
}

function writeNote(project: Project, upload: string, note: StoredNote): void {
  const path = notePath(project, upload);
  const temporary = `${path}.tmp`;
  try {
    rmSync(temporary, { force: true });
    writeFileSync(temporary, JSON.stringify(note), { flag: 'wx', flush: true });
    renameSync(temporary, path);
    syncFolder(project.uploadsFolder);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw fromWriteError(error, path);
  }
}

/** The note of a capture; null for other uploads. A damaged one is as good as one without class. */
function readNote(project: Project, upload: string): StoredNote | null {
  if (!isCapture(project, upload)) return null;
  try {
    return noteSchema.parse(JSON.parse(readFileSync(notePath(project, upload), 'utf8')));
  } catch {
    return { name: 'captured photos', label: null, imported: false };
  }
}

/** Removes an upload and its note. One that photos of the project lie in stays. @throws AppError NOT_FOUND */
export async function discardCapture(project: Project, upload: string): Promise<void> {
  uploadFolder(project, upload);
  if (isImported(project, upload)) return;
  removeNote(project, upload);
  await removeUpload(project, upload);
}

/** An upload as what an import reads: a capture with its class, whatever its folders are called. */
export async function uploadSource(project: Project, upload: string): Promise<ImportSource> {
  const root = uploadRoot(project, upload);
  const note = readNote(project, upload);
  if (note === null) return { kind: 'upload', root };
  const className = note.label?.normalize('NFC') ?? null;
  const files = (await listUpload(project, upload)).map(({ path, absolutePath }) => {
    return { kind: 'file' as const, absolutePath, path, innerPath: path, className, split: null };
  });
  return { kind: 'upload', root, files, capture: true };
}

function markImported(project: Project, uploads: readonly string[]): void {
  const notes = uploads.flatMap((upload) => {
    const note = readNote(project, upload);
    return note === null ? [] : [{ upload, note }];
  });
  if (notes.length === 0) return;
  // The rows first: a note that says "imported" must not outlive them in a power cut.
  flushLog(project.database);
  for (const { upload, note } of notes) writeNote(project, upload, { ...note, imported: true });
}

/** Follows imports of captures, and imports those that were left behind. */
export function createCaptures(context: ServiceContext, imports: Imports) {
  /** The captures in an import. */
  const importing = new Map<string, { project: Project; uploads: readonly string[] }>();

  context.events.on((event) => {
    if (event.type !== 'import' || event.import.status === 'running') return;
    const { id, status, error } = event.import;
    const found = importing.get(id);
    importing.delete(id);
    // One that failed or was cancelled is tried again at the next opening: its photos are nowhere else.
    if (found === undefined || (status !== 'done' && error?.code !== 'DATASET_NO_IMAGES')) return;
    try {
      markImported(found.project, found.uploads);
    } catch (thrown) {
      // They are imported once more at the next opening, which finds them known.
      context.log('captures stay to be imported', thrown);
    }
  });

  const follow = (importId: string, project: Project, uploads: readonly string[]): void => {
    importing.set(importId, { project, uploads });
  };

  async function importLeftBehind(project: Project): Promise<void> {
    // Only notes of ours: not a link, and not a file of somebody's that ends alike.
    const uploads = readdirSync(ownPath(project.folder, 'uploads'), { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(noteEnding))
      .map(({ name }) => name.slice(0, -noteEnding.length))
      .filter((upload) => uploadIdSchema.safeParse(upload).success)
      .filter((upload) => readNote(project, upload)?.imported === false);
    const filled: string[] = [];
    for (const upload of uploads) {
      const files = await listUpload(project, upload).catch(() => []);
      if (files.length > 0) filled.push(upload);
      else await discardCapture(project, upload).catch(() => undefined);
    }
    if (filled.length === 0) return;
    const sources = await Promise.all(filled.map((upload) => uploadSource(project, upload)));
    if (context.openedProject() !== project) return;
    const label = 'photos left from before';
    follow(imports.start({ sources, label, captured: true }).importId, project, filled);
  }

  // The command line does only what its arguments name.
  if (context.info.host !== 'cli') {
    context.afterProjectOpens((project) => {
      if (!existsSync(project.uploadsFolder)) return;
      importLeftBehind(project).catch((error: unknown) => context.log('captures left behind', error));
    });
  }

  return { follow };
}

/** The captures' service. */
export type Captures = ReturnType<typeof createCaptures>;
