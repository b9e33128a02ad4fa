/** Takes the photos of a run out: those it was trained, validated and tested on, with the classes they had then. */
import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import type { ExportProgress } from '../../contract/app/exports.ts';
import type { LabelExport } from '../../contract/app/labels.ts';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import { writeFileAtomically } from '../../core/files/folder-storage.ts';
import { joinInside } from '../../core/files/join-inside.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { safeFileName } from '../../core/text/file-name.ts';
import { createLocator } from '../../datasets/tiles/image-location.ts';
import type { ImageRow } from '../../project/images/images.ts';
import { findManyImages } from '../../project/images/labelled-pages.ts';
import type { Project } from '../../project/project.ts';
import type { RunRecord } from '../../project/runs/runs.ts';
import type {
  DatasetFormat,
  DatasetPhoto,
  OutgoingDataset,
} from '../../registries/exports/datasets/dataset-format.ts';
import type { ServiceContext } from '../base/context.ts';
import { FreeNames, copyPhoto, idxPicture, photoFileName, problemOf } from '../labels/photo-files.ts';
import { type RunImage, readDataset } from '../runs/run-files.ts';
import { exportRecord } from './export-folder.ts';
import type { Proof } from './export-model.ts';
import { readTar, tarEnd, webDatasetEntries } from './tar-file.ts';

/** Photos that were written, and those that could not be. */
export interface DatasetProof extends Proof {
  readonly problems: LabelExport['problems'];
}

/** A photo of the run as the project has it now. */
interface Found {
  readonly image: RunImage;
  readonly row: ImageRow;
}

/**
 * Writes the photos of a run into a folder, and reads all of them again: each must be the file that was imported.
 * @throws AppError EXPORT_NO_PHOTOS, EXPORT_DISAGREES, TRAINING_RECORD_LOST, DISK_FULL, CANCELLED
 */
export async function exportDataset(
  context: ServiceContext,
  project: Project,
  run: RunRecord,
  format: DatasetFormat,
  folder: string,
  emit: (event: ExportProgress) => void,
  signal: AbortSignal,
): Promise<DatasetProof> {
  const { classes, images } = await readDataset(project, run.id);
  const rows = new Map(
    (
      await findManyImages(
        project.database,
        images.map(([id]) => id),
      )
    ).map((row) => [row.id, row]),
  );
  const problems: LabelExport['problems'] = [];
  const photos: DatasetPhoto[] = [];
  const written = new Writer(project, format, folder, classes);
  for (const [index, image] of images.entries()) {
    throwIfCancelled(signal);
    emit({ type: 'progress', phase: 'copying photos', done: index, total: images.length });
    const row = rows.get(image[0]);
    try {
      if (row?.hash !== image[1]) throw new AppError('IMAGE_MISSING');
      photos.push(await written.add({ image, row }));
    } catch (error) {
      problems.push(problemOf({ path: image[2] }, error));
    }
  }
  if (photos.length === 0) throw new AppError('EXPORT_NO_PHOTOS');
  await written.end();
  await written.prove(photos, (done) =>
    emit({ type: 'progress', phase: 'reading them again', done, total: photos.length }),
  );
  const dataset = { name: run.name, classes, photos };
  for (const [name, text] of Object.entries({
    ...format.texts(dataset),
    'README.md': readme(format, dataset),
  }))
    await writeFileAtomically(joinInside(folder, name), text);
  const about = {
    lenslet: `Lenslet ${context.info.version}`,
    run: run.id,
    name: run.name,
    dataHash: run.dataHash,
  };
  const proof = {
    checkedBy: 'SHA-256 of every photo',
    largestDifference: 0,
    images: photos.length,
    accuracy: null,
    problems,
  };
  const record = { lensletExport: 1, format: format.id, ...proof, about };
  await writeFileAtomically(join(folder, exportRecord), `${JSON.stringify(record, null, 2)}\n`);
  return proof;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Writes photos as files, or into archives. */
class Writer {
  readonly #project: Project;
  readonly #format: DatasetFormat;
  readonly #folder: string;
  readonly #classes: readonly string[];
  readonly #classFolders: readonly string[];
  readonly #locate: ReturnType<typeof createLocator>;
  readonly #names = new FreeNames();
  /** How many photos are in the archives of each split. */
  readonly #archived = new Map<string, number>();
  /** What the bytes of each file of an archive, or each file, must be. */
  readonly #hashes = new Map<string, string>();

  constructor(project: Project, format: DatasetFormat, folder: string, classes: readonly string[]) {
    this.#project = project;
    this.#format = format;
    this.#folder = folder;
    this.#classes = classes;
    this.#locate = createLocator(project.folder);
    const names = new FreeNames();
    this.#classFolders = classes.map((name) => names.take('', safeFileName(name, 'class'), ''));
  }

  async add(found: Found): Promise<DatasetPhoto> {
    const { image, row } = found;
    const [, , , label, split] = image;
    const folder = this.#format.folder(split, this.#classFolders[label]);
    const path =
      this.#format.perArchive === undefined
        ? await this.#addFile(row, this.#names.take(folder, photoFileName(row)))
        : await this.#addToArchive(found, folder, this.#format.perArchive);
    return { path, label, split, width: row.width, height: row.height, hash: this.#hashes.get(path)! };
  }

  async #addFile(row: ImageRow, path: string): Promise<string> {
    const target = joinInside(this.#folder, path);
    await mkdir(dirname(target), { recursive: true });
    await this.#copy(row, target);
    this.#hashes.set(path, row.format === 'idx' ? sha256(await readFile(target)) : row.hash);
    return path;
  }

  /** A photo as a file; a picture of an idx file becomes PNG. */
  async #copy(row: ImageRow, target: string): Promise<void> {
    if (row.format === 'idx') await writeFile(target, await idxPicture(this.#project, row), { flag: 'wx' });
    else await copyPhoto(this.#locate(row).path, target, row.hash);
  }

  async #addToArchive({ image, row }: Found, split: string, perArchive: number): Promise<string> {
    const bytes =
      row.format === 'idx' ? await idxPicture(this.#project, row) : await readFile(this.#locate(row).path);
    if (row.format !== 'idx' && sha256(bytes) !== row.hash)
      throw new AppError('IMAGE_UNREADABLE', { reason: 'it has changed since it was imported' });
    const place = this.#archived.get(split) ?? 0;
    this.#archived.set(split, place + 1);
    const key = String(place).padStart(8, '0');
    const archive = archiveName(split, Math.floor(place / perArchive));
    const [, hash, path, label] = image;
    const about = { class: this.#classes[label], path, sha256: hash };
    const ending = extname(photoFileName(row)).toLowerCase() || '.jpg';
    const entries = webDatasetEntries({ key, ending, bytes, label, about });
    try {
      await appendFile(joinInside(this.#folder, archive), entries);
    } catch (error) {
      throw fromWriteError(error, archive);
    }
    const name = `${archive}/${key}${ending}`;
    this.#hashes.set(name, sha256(bytes));
    return name;
  }

  /** Ends the archives. */
  async end(): Promise<void> {
    for (const archive of this.#archives()) await appendFile(joinInside(this.#folder, archive), tarEnd);
  }

  #archives(): string[] {
    const { perArchive } = this.#format;
    if (perArchive === undefined) return [];
    return Array.from(this.#archived, ([split, photos]) =>
      Array.from({ length: Math.ceil(photos / perArchive) }, (_, number) => archiveName(split, number)),
    ).flat();
  }

  /** Reads everything again. @throws AppError EXPORT_DISAGREES */
  async prove(photos: readonly DatasetPhoto[], onProgress: (done: number) => void): Promise<void> {
    let done = 0;
    const compare = (path: string, bytes: Uint8Array): void => {
      if (this.#hashes.get(path) !== sha256(bytes))
        throw new AppError('EXPORT_DISAGREES', { difference: 'all', tolerance: 0, where: path });
      onProgress(++done);
    };
    for (const archive of this.#archives()) {
      for await (const { name, content } of readTar(joinInside(this.#folder, archive)))
        if (!/\.(cls|json)$/.test(name)) compare(`${archive}/${name}`, content);
    }
    if (this.#format.perArchive === undefined)
      for (const { path } of photos) compare(path, await readFile(joinInside(this.#folder, path)));
    if (done !== photos.length)
      throw new AppError('EXPORT_DISAGREES', {
        difference: photos.length - done,
        tolerance: 0,
        where: 'photos are missing',
      });
  }
}

function archiveName(split: string, number: number): string {
  return `${split}-${String(number).padStart(6, '0')}.tar`;
}

function readme(
  { label, usage, frontMatter = '' }: DatasetFormat,
  { name, classes, photos }: OutgoingDataset,
): string {
  return `${frontMatter}# Photos of ${name}

${photos.length} photos of ${classes.length} classes (\`labels.txt\`), written by Lenslet in the format ${label}. They are
those that the run was trained, validated and tested on, with the classes they had then; each is the file that was
imported, byte by byte.

${usage}
`;
}
