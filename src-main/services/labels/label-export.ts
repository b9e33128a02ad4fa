/** The project's labels for other programs: folders, CSV or COCO. Whole or not at all, and never over what is there. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, open, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { csvRow, labelColumns } from '../../contract/shared/csv.ts';
import type { ImageFilter } from '../../contract/app/datasets.ts';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import type { LabelExport } from '../../contract/app/labels.ts';
import { joinInside, ownPath } from '../../core/files/join-inside.ts';
import { safeFileName } from '../../core/text/file-name.ts';
import { createLocator } from '../../datasets/tiles/image-location.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { listClasses } from '../../project/images/classes.ts';
import type { ImageRow } from '../../project/images/images.ts';
import { findManyImages } from '../../project/images/labelled-pages.ts';
import { listImageIds } from '../../project/images/photo-lists.ts';
import { makeFolders } from '../../core/files/make-folders.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from '../base/context.ts';
import { FreeNames, copyPhoto, idxPicture, photoFileName, problemOf } from './photo-files.ts';

/** What to write and where. */
export interface ExportRequest {
  readonly format: 'folders' | 'csv' | 'coco';
  readonly files: 'copy' | 'link';
  readonly filter: ImageFilter;
  /** A picked folder; `exports` of the project without it. */
  readonly pick?: string | undefined;
}

interface LabelledPhoto {
  readonly image: ImageRow;
  readonly className: string;
}

/**
 * Writes the labels of the photos that fit the filter and have a label.
 * @throws AppError DATASET_EMPTY, CANCELLED, DISK_FULL, FILE_UNWRITABLE, NOT_FOUND
 */
export async function exportLabels(
  context: ServiceContext,
  request: ExportRequest,
  signal?: AbortSignal,
): Promise<LabelExport> {
  const project = context.project();
  const parent =
    request.pick === undefined
      ? ownPath(project.folder, 'exports')
      : context.pickedPaths.resolve(request.pick);
  const photos = await labelledPhotos(project, request.filter);
  if (photos.length === 0) throw new AppError('DATASET_EMPTY');
  try {
    if (request.pick === undefined) await makeFolders(project.folder, parent);
    else await mkdir(parent, { recursive: true });
    if (request.format === 'folders')
      return await exportFolders(project, parent, photos, request.files, signal);
    const coco = request.format === 'coco';
    const content = coco ? cocoText(project, photos) : csvText(photos);
    const location = await writeNew(parent, coco ? 'labels.json' : 'labels.csv', content);
    return { location, images: photos.length, problems: [] };
  } catch (error) {
    throw fromWriteError(error, parent);
  }
}

async function labelledPhotos(project: Project, filter: ImageFilter): Promise<LabelledPhoto[]> {
  const names = new Map(listClasses(project.database).map(({ id, name }) => [id, name]));
  const images = await findManyImages(project.database, listImageIds(project.database, filter));
  return images.flatMap((image) => {
    const className = image.classId === null ? undefined : names.get(image.classId);
    return className === undefined ? [] : [{ image, className }];
  });
}

/** `name.csv`, or `name 2.csv`, … : the first that is free. Two exports at a time get two. */
function* numbered(parent: string, name: string): Generator<string, never> {
  const ending = extname(name);
  yield join(parent, name);
  for (let number = 2; ; number++) yield join(parent, `${basename(name, ending)} ${number}${ending}`);
}

async function writeNew(parent: string, name: string, content: string): Promise<string> {
  const temporary = join(parent, `.${name}.${randomUUID()}`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    for (const path of numbered(parent, name)) {
      // Unlike renaming, linking fails where something is already.
      const taken = await link(temporary, path).then(
        () => false,
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'EEXIST') return true;
          throw error;
        },
      );
      if (!taken) return path;
    }
  } finally {
    await rm(temporary, { force: true });
  }
  throw new AppError('FILE_UNWRITABLE', { path: parent, reason: 'no free name' });
}

/** Paths that two sources share are written whole, so that the table can be read back. */
function uniquePaths(photos: readonly LabelledPhoto[]): string[] {
  const counts = new Map<string, number>();
  for (const { image } of photos) counts.set(image.path, (counts.get(image.path) ?? 0) + 1);
  return photos.map(({ image }) =>
    counts.get(image.path) === 1 ? image.path : `${image.sourceRoot}/${image.path}`,
  );
}

function csvText(photos: readonly LabelledPhoto[]): string {
  const paths = uniquePaths(photos);
  const rows = photos.map(({ image, className }, at) =>
    csvRow([paths[at], className, image.split, image.comment, image.width, image.height, image.hash]),
  );
  return csvRow(labelColumns) + rows.join('');
}

function cocoText(project: Project, photos: readonly LabelledPhoto[]): string {
  const paths = uniquePaths(photos);
  const categories = listClasses(project.database).map(({ id, name }) => ({ id, name, supercategory: '' }));
  const images = photos.map(({ image: { id, width, height } }, at) => ({
    id,
    file_name: paths[at],
    width,
    height,
  }));
  const annotations = photos.map(({ image: { id, width, height, classId } }, at) => ({
    id: at + 1,
    image_id: id,
    category_id: classId,
    bbox: [0, 0, width, height],
    area: width * height,
    iscrowd: 0,
  }));
  const info = { description: project.name, date_created: new Date().toISOString() };
  return JSON.stringify({ info, licenses: [], images, annotations, categories });
}

async function exportFolders(
  project: Project,
  parent: string,
  photos: readonly LabelledPhoto[],
  how: 'copy' | 'link',
  signal: AbortSignal | undefined,
): Promise<LabelExport> {
  const temporary = join(parent, `.labels-${randomUUID()}`);
  const problems: LabelExport['problems'] = [];
  const locate = createLocator(project.folder);
  const names = new FreeNames();
  const classFolders = foldersOfClasses(photos);
  try {
    for (const { image, className } of photos) {
      throwIfCancelled(signal);
      const folder = [...(image.split === null ? [] : [image.split]), classFolders.get(className)!].join('/');
      try {
        const target = joinInside(temporary, names.take(folder, photoFileName(image)));
        await mkdir(dirname(target), { recursive: true });
        if (image.format === 'idx') await writeFile(target, await idxPicture(project, image), { flag: 'wx' });
        else if (how === 'copy') await copyPhoto(locate(image).path, target, image.hash);
        else await linkTo(locate(image).path, target);
      } catch (error) {
        problems.push(problemOf(image, error));
      }
    }
    for (const location of numbered(parent, safeFileName(`${project.name} labels`, 'labels'))) {
      if (existsSync(location)) continue;
      await rename(temporary, location);
      return { location, images: photos.length - problems.length, problems };
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  throw new AppError('FILE_UNWRITABLE', { path: parent, reason: 'no free name' });
}

/** A folder for each class, by its name: two classes never share one, however alike their names become as folders. */
function foldersOfClasses(photos: readonly LabelledPhoto[]): Map<string, string> {
  const names = new FreeNames();
  const classNames = new Set(photos.map(({ className }) => className));
  return new Map(Array.from(classNames, (name) => [name, names.take('', safeFileName(name, 'class'), '')]));
}

/** A link to a photo that is gone would only look like a photo. */
async function linkTo(path: string, target: string): Promise<void> {
  if (!(await stat(path)).isFile()) throw new AppError('IMAGE_UNREADABLE', { reason: 'it is not a file' });
  try {
    await symlink(path, target);
  } catch (error) {
    // Windows lets only administrators make symbolic links.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    await link(path, target);
  }
}
