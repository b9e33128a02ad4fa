/** What an import does to the marks of the uploads it reads, and to archives that it has unpacked. */
import { hasRowsOfSource } from '../../project/images/sources.ts';
import { basename } from 'node:path';
import type { ImportSource } from '../../datasets/import/import-run.ts';
import type { Project } from '../../project/project.ts';
import { clearBegun, markBegun } from './begun-uploads.ts';
import { isUploadId, removeUpload } from './uploads.ts';

function uploadIds(sources: readonly ImportSource[]): string[] {
  const ids = sources.flatMap(({ kind, root }) => (kind === 'upload' ? [basename(root)] : []));
  return ids.filter((id) => isUploadId(id));
}

/** Before the first row is written: from then on, however the import ends, none of its uploads may be cleared away. */
export function claimUploads(project: Project, sources: readonly ImportSource[]): void {
  for (const id of uploadIds(sources)) clearBegun(project, id);
}

/** After an import: uploads that it took nothing from are unfinished again. Those of captures never are. */
export function releaseUploads(
  project: Project,
  sources: readonly ImportSource[],
  log: (message: string, detail?: unknown) => void,
): void {
  try {
    for (const id of uploadIds(sources.filter(({ capture }) => capture !== true))) {
      if (!hasRowsOfSource(project.database, `uploads/${id}`)) markBegun(project, id);
    }
  } catch (error) {
    // The project is gone, or the disk full: without a mark they are kept.
    log('uploads stay unmarked', error);
  }
}

/** Removes uploaded archives whose photos were unpacked into uploads of their own and imported. */
export async function removeOpenedArchives(
  project: Project,
  requested: readonly ImportSource[],
  opened: readonly ImportSource[],
): Promise<void> {
  const read = new Set(opened.map(({ root }) => root));
  for (const id of uploadIds(requested.filter(({ root }) => !read.has(root))))
    await removeUpload(project, id);
}
