/** Photos that were looked at become training photos: copies in the project, with the classes that the user gave them. */
import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import { ownPath, realInside } from '../../core/files/join-inside.ts';
import { mapInOrder } from '../../core/threads/map-in-order.ts';
import type { Project } from '../../project/project.ts';
import { beginUpload, removeUpload, uploadRoot } from '../base/uploads.ts';
import type { Imports } from '../import/imports.ts';
import { copyInto } from './place-file.ts';
import type { SortSession } from '../../project/sorting/session-database.ts';
import { targetOfPhoto } from '../../project/sorting/session-moves.ts';
import { type SortedRow, findPhoto } from '../../project/sorting/session-photos.ts';

const parallelCopies = 4;

/**
 * Copies photos into the project and imports them. Those without a class of the user's are left out: what the network
 * said by itself teaches it nothing.
 * @returns how many are imported, in the background
 * @throws AppError INPUT_INVALID when none has a class, DATASET_IMPORT_RUNNING, CANCELLED, DISK_FULL
 */
export async function addToTraining(
  project: Project,
  imports: Imports,
  session: SortSession,
  ids: readonly number[],
  signal?: AbortSignal,
): Promise<number> {
  const photos = ids.flatMap((id) => {
    const row = findPhoto(session, id);
    return row === null || row.verdict === null || row.verdict === '' || row.hash === null ? [] : [row];
  });
  if (photos.length === 0)
    throw new AppError('INPUT_INVALID', { detail: 'none of these photos was given a class in the review' });
  const { id: upload } = beginUpload(project);
  try {
    const files = [];
    for await (const file of mapInOrder(photos, parallelCopies, (photo) =>
      copy(project, upload, session, photo),
    )) {
      throwIfCancelled(signal);
      files.push(file);
    }
    const label = files.length === 1 ? 'a photo from sorting' : `${files.length} photos from sorting`;
    imports.start({ sources: [{ kind: 'upload', root: uploadRoot(project, upload), files }], label });
    return files.length;
  } catch (error) {
    await removeUpload(project, upload);
    throw error;
  }
}

async function copy(project: Project, upload: string, session: SortSession, photo: SortedRow) {
  const { id, hash } = photo;
  const folder = ownPath(project.folder, 'uploads', upload, String(id));
  mkdirSync(folder, { recursive: true });
  const path = `${id}/${basename(photo.path)}`;
  const to = ownPath(project.folder, 'uploads', upload, path);
  await copyInto({ from: whereNow(session, photo), to, temporary: `${to}.part`, hash: hash ?? '' });
  const className = photo.verdict?.normalize('NFC') ?? null;
  return {
    kind: 'file' as const,
    absolutePath: to,
    path,
    innerPath: path,
    className,
    split: 'train' as const,
  };
}

/** Where a photo lies: in its class folder once it was moved there. */
export function whereNow(session: SortSession, { id, path }: Pick<SortedRow, 'id' | 'path'>): string {
  const { source, out, by } = session.about;
  const target = by === 'move' && out !== null ? targetOfPhoto(session, id) : null;
  return target === null || out === null ? realInside(source, path) : realInside(out, target);
}
