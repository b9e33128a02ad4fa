/** Everything about one photo. */
import sharp from 'sharp';
import { AppError } from '../../contract/shared/errors.ts';
import type { PhotoDetails } from '../../contract/app/labels.ts';
import { listExif } from '../../datasets/photos/exif.ts';
import { createLocator } from '../../datasets/tiles/image-location.ts';
import { lookAtFile } from '../../datasets/photos/tiles.ts';
import { listFindings } from '../../project/runs/findings.ts';
import { findImage, type ImageRow } from '../../project/images/images.ts';
import { groupOfImage } from '../../project/images/near-duplicates.ts';
import type { Project } from '../../project/project.ts';
import { signalStore } from '../features/signal-stores.ts';

/** Findings shown beside one photo. */
const maxFindings = 50;

/** Reads a photo's details. @throws AppError NOT_FOUND */
export async function readPhotoDetails(project: Project, id: number): Promise<PhotoDetails> {
  const image = findImage(project.database, id);
  if (image === null) throw new AppError('NOT_FOUND', { what: 'photo', id });
  const { findings } = listFindings(project.database, {
    image: id,
    dismissed: false,
    offset: 0,
    limit: maxFindings,
  });
  const signals = signalStore(project).read(image.hash);
  return {
    id,
    exif: await readExif(project, image),
    signals:
      signals === null
        ? null
        : {
            sharpness: signals.sharpness,
            brightness: signals.brightness,
            contrast: signals.contrast,
            saturation: signals.saturation,
          },
    findings: findings.map(({ id: finding, check, message }) => ({ id: finding, check, message })),
    group: groupOfImage(project.database, id),
  };
}

/** Of the file as it is now; nothing when it is gone. */
async function readExif(project: Project, image: ImageRow): Promise<PhotoDetails['exif']> {
  if (image.format === 'idx' || image.format === 'bmp') return [];
  try {
    const { path } = createLocator(project.folder)(image);
    // Only a file, and an image: sharp would wait for a pipe.
    await lookAtFile(path);
    return listExif((await sharp(path, { limitInputPixels: false, failOn: 'none' }).metadata()).exif);
  } catch {
    return [];
  }
}
