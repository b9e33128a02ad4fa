/**
 * Bytes by address: thumbnails and pictures out, uploaded files in. One fetch-style handler for every host; who may
 * call it (token, origin) is the host's to decide.
 */
import { AppError } from '../../contract/shared/errors.ts';
import { isAsImported } from '../../datasets/photos/as-imported.ts';
import { createLocator } from '../../datasets/tiles/image-location.ts';
import { ensureTiles } from '../../datasets/tiles/tile-store.ts';
import {
  decodePicture,
  decodeThumbnail,
  enlargePixels,
  thumbnailFromTile,
} from '../../datasets/photos/tiles.ts';
import { explainFailure } from '../../project/database/database-error.ts';
import { type ImageRow, findImage } from '../../project/images/images.ts';
import type { Project } from '../../project/project.ts';
import { isCapture } from '../import/captures.ts';
import type { ServiceContext } from '../base/context.ts';
import { imageCache } from '../project/image-caches.ts';
import { findSheet } from '../augmentation/picture-sheets.ts';
import { photoVersion, projectKey } from '../base/project-key.ts';
import { listUpload, receiveFile, refuseLarge } from '../base/uploads.ts';

/** Answers a request below `/media/` or `/upload/`. Never throws: failures are answers with `ErrorData` as JSON. */
export type MediaHandler = (request: Request) => Promise<Response>;

const idxThumbnailSide = 112;
const idxPictureSide = 448;

/** Pictures that another service makes: the segments behind its name, and the query. */
export type PictureSource = (path: readonly string[], query: URLSearchParams) => Promise<Response>;

/** Makes the media handler. @param sources further pictures below `/media/`, by name */
export function createMedia(
  context: ServiceContext,
  sources: Readonly<Record<string, PictureSource>> = {},
): MediaHandler {
  // Made after all others, so that nothing uses the cache any more when this is called.
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const [kind, what = '', ...rest] = pathname.split('/').filter((part) => part !== '');
    try {
      if (kind !== 'media' && kind !== 'upload')
        throw new AppError('NOT_FOUND', { what: 'address', id: pathname });
      if (kind === 'media' && request.method === 'GET' && Object.hasOwn(sources, what)) {
        return await sources[what](rest, searchParams);
      }
      const project = context.project();
      if (kind === 'upload') return await upload(project, request, what, searchParams.get('path'));
      return await serve(context, project, request, [what, ...rest]);
    } catch (thrown) {
      return failure(thrown, context);
    }
  };
}

async function upload(
  project: Project,
  request: Request,
  id: string,
  path: string | null,
): Promise<Response> {
  if (request.method !== 'PUT') return new Response(null, { status: 405, headers: { allow: 'PUT' } });
  if (path === null) throw new AppError('UPLOAD_INVALID', { reason: 'no path given' });
  refuseLarge(Number(request.headers.get('content-length') ?? 0));
  await receiveFile(project, id, path, request.body, { durable: isCapture(project, id) });
  return new Response(null, { status: 204 });
}

/**
 * Pictures of the open project, below `project/<key>`. Without that stand the addresses of earlier versions, whose ids
 * may mean other photos in the next project: their answers must not be cached.
 */
async function serve(
  context: ServiceContext,
  project: Project,
  request: Request,
  path: readonly string[],
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } });
  }
  if (path[0] !== 'project') return servePicture(project, path, false);
  if (path[1] !== projectKey(project)) throw new AppError('PROJECT_CHANGED');
  if (path[2] === 'pick') return pickedPicture(context.pickedPaths.resolve(path[3] ?? ''));
  return servePicture(project, path.slice(2), true);
}

async function servePicture(
  project: Project,
  [what = '', ...rest]: readonly string[],
  isNamed: boolean,
): Promise<Response> {
  if (what === 'upload') return uploadPreview(project, rest[0] ?? '', Number(rest[1]), isNamed);
  if (what === 'sheet') return sheet(project, rest.join('/'));
  const [id = '', version] = rest;
  const image = /^\d{1,15}$/.test(id) ? findImage(project.database, Number(id)) : null;
  const isComplete = isNamed ? rest.length === 2 : rest.length === 1;
  const isContent = !isNamed || (image !== null && version === photoVersion(image.hash));
  if ((what !== 'thumbnail' && what !== 'picture') || image === null || !isComplete || !isContent) {
    throw new AppError('NOT_FOUND', { what: 'picture', id: rest.join('/') });
  }
  const { bytes, isCurrent } = await (what === 'thumbnail'
    ? thumbnail(project, image)
    : wholePicture(project, image));
  return picture(bytes, { 'cache-control': isNamed && isCurrent ? forEver : 'no-store' });
}

/** The address names project and content: nothing else will ever be behind it. */
const forEver = 'private, max-age=31536000, immutable';

function picture(bytes: Uint8Array, headers: Record<string, string>): Response {
  const png = bytes[0] === 0x89;
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': png ? 'image/png' : 'image/jpeg',
      'content-length': String(bytes.length),
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  });
}

/** A picture, and whether it shows the content that was imported: the file may have been changed since. */
interface Drawn {
  readonly bytes: Uint8Array;
  readonly isCurrent: boolean;
}

async function thumbnail(project: Project, image: ImageRow): Promise<Drawn> {
  const cache = imageCache(project);
  if (image.format === 'idx') return fromTile(await idxPixels(project, image), idxThumbnailSide);
  const kept = await cache.thumbnail(image.hash);
  if (kept !== null) return { bytes: kept, isCurrent: true };
  const { path } = createLocator(project.folder)(image);
  try {
    const isCurrent = await isAsImported(path, image);
    const made = await decodeThumbnail(path);
    // Kept under the hash, so of this content only.
    if (isCurrent) await cache.addThumbnails([{ hash: image.hash, thumbnail: made }]);
    return { bytes: made, isCurrent };
  } catch (error) {
    const tile = await cache.anyTile(image.hash);
    if (tile === null) throw error;
    return { bytes: await thumbnailFromTile(tile.tile, tile.spec, image), isCurrent: true };
  }
}

async function wholePicture(project: Project, image: ImageRow): Promise<Drawn> {
  if (image.format === 'idx') return fromTile(await idxPixels(project, image), idxPictureSide);
  const { path } = createLocator(project.folder)(image);
  const isCurrent = await isAsImported(path, image);
  return { bytes: await decodePicture(path), isCurrent };
}

const fromTile = async (tile: Awaited<ReturnType<typeof idxPixels>>, side: number): Promise<Drawn> => ({
  bytes: await enlargePixels(tile, side),
  isCurrent: true,
});

/** The pixels of an idx image, from its tile; made anew when it is gone. */
async function idxPixels(project: Project, image: ImageRow) {
  const cache = imageCache(project);
  const spec = { size: Math.max(image.width, image.height), channels: 1 } as const;
  let tile = await cache.tile(spec, image.hash);
  if (tile === null) {
    await ensureTiles(cache, spec, [createLocator(project.folder)(image)]);
    tile = await cache.tile(spec, image.hash);
  }
  if (tile === null) throw new AppError('IMAGE_MISSING');
  return { width: spec.size, height: spec.size, channels: spec.channels, data: tile };
}

/** Augmented pictures on one sheet. */
function sheet(project: Project, id: string): Response {
  const png = findSheet(project, id);
  if (png === null) throw new AppError('NOT_FOUND', { what: 'sheet of pictures', id });
  return picture(png, { 'cache-control': 'no-store' });
}

/** The n-th file of an upload, so that a page can show what it is predicting. */
async function uploadPreview(
  project: Project,
  id: string,
  index: number,
  isNamed: boolean,
): Promise<Response> {
  const file = (await listUpload(project, id)).at(Number.isInteger(index) && index >= 0 ? index : Infinity);
  if (file === undefined) throw new AppError('NOT_FOUND', { what: 'uploaded file', id: `${id}/${index}` });
  const shown = await decodePicture(file.absolutePath);
  return picture(shown, { 'cache-control': isNamed ? 'private, max-age=300' : 'no-store' });
}

/** A photo from anywhere on the disk, which the user picked. It may be changed at any time. */
async function pickedPicture(path: string): Promise<Response> {
  return picture(await decodePicture(path), { 'cache-control': 'no-store' });
}

function failure(thrown: unknown, context: ServiceContext): Response {
  const error = explainFailure(thrown);
  if (error.kind === 'bug') context.log('media request failed', thrown);
  const statuses: Partial<Record<string, number>> = {
    NOT_FOUND: 404,
    IMAGE_MISSING: 404,
    IMAGE_FILE_TOO_LARGE: 413,
    DISK_FULL: 507,
    PROJECT_NOT_OPEN: 409,
    PROJECT_CHANGED: 409,
    PROJECT_GONE: 409,
  };
  const status = error.kind === 'bug' ? 500 : (statuses[error.code] ?? 400);
  return Response.json(error.toData(), {
    status,
    headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
  });
}
