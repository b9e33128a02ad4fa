/**
 * Bytes by address: thumbnails and pictures out, uploaded files in. One fetch-style handler for every host; who may
 * call it (token, origin) is the host's to decide.
 */
import { AppError } from '../contract/errors.ts';
import { createLocator } from '../datasets/image-location.ts';
import { hashPixels } from '../datasets/idx.ts';
import { ensureTiles } from '../datasets/tile-store.ts';
import { decodePicture, decodeThumbnail, enlargePixels, thumbnailFromTile } from '../datasets/tiles.ts';
import { type ImageRow, findImage } from '../project/images.ts';
import type { Project } from '../project/project.ts';
import { isCapture } from './captures.ts';
import type { ServiceContext } from './context.ts';
import { closeImageCache, imageCache } from './image-caches.ts';
import { findSheet } from './picture-sheets.ts';
import { listUpload, receiveFile, refuseLarge, removeStrayUploads } from './uploads.ts';

/** Answers a request below `/media/` or `/upload/`. Never throws: failures are answers with `AppErrorData` as JSON. */
export type MediaHandler = (request: Request) => Promise<Response>;

const idxThumbnailSide = 112;
const idxPictureSide = 448;

/** Pictures that a service of its own makes: the segments behind its name, and the query. */
export type PictureSource = (path: readonly string[], query: URLSearchParams) => Promise<Response>;

/** Makes the media handler. @param sources further pictures below `/media/`, by name */
export function createMedia(
  context: ServiceContext,
  sources: Readonly<Record<string, PictureSource>> = {},
): MediaHandler {
  context.afterProjectOpens((project) => removeStrayUploads(project, (id) => isCapture(project, id)));
  // Made after all others, so that nothing uses the cache any more when this is called.
  context.beforeProjectCloses(async () => closeImageCache(context.project()));
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
      return await serve(project, request, what, rest);
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
  await receiveFile(project, id, path, request.body);
  return new Response(null, { status: 204 });
}

async function serve(project: Project, request: Request, what: string, rest: string[]): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } });
  }
  if (what === 'upload') return uploadPreview(project, rest[0] ?? '', Number(rest[1]));
  if (what === 'sheet') return sheet(project, rest.join('/'));
  const image = /^\d{1,15}$/.test(rest[0] ?? '') ? findImage(project.database, Number(rest[0])) : null;
  if ((what !== 'thumbnail' && what !== 'picture') || image === null || rest.length !== 1) {
    throw new AppError('NOT_FOUND', { what: 'picture', id: rest.join('/') });
  }
  const tag = `"${what}-${image.hash.slice(0, 32)}"`;
  if (request.headers.get('if-none-match') === tag)
    return new Response(null, { status: 304, headers: caching(tag) });
  return picture(
    await (what === 'thumbnail' ? thumbnail(project, image) : wholePicture(project, image)),
    caching(tag),
  );
}

/** Ids are a project's own: another project has other pictures under them, so the browser has to ask each time. */
function caching(tag: string): Record<string, string> {
  return { etag: tag, 'cache-control': 'private, no-cache' };
}

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

async function thumbnail(project: Project, image: ImageRow): Promise<Uint8Array> {
  const cache = imageCache(project);
  if (image.format === 'idx') return enlargePixels(await idxPixels(project, image), idxThumbnailSide);
  const kept = await cache.thumbnail(image.hash);
  if (kept !== null) return kept;
  try {
    const made = await decodeThumbnail(createLocator(project.folder)(image).path);
    await cache.addThumbnails([{ hash: image.hash, thumbnail: made }]);
    return made;
  } catch (error) {
    const tile = await cache.anyTile(image.hash);
    if (tile === null) throw error;
    return thumbnailFromTile(tile.tile, tile.spec, image);
  }
}

async function wholePicture(project: Project, image: ImageRow): Promise<Uint8Array> {
  if (image.format === 'idx') return enlargePixels(await idxPixels(project, image), idxPictureSide);
  return decodePicture(createLocator(project.folder)(image).path);
}

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
async function uploadPreview(project: Project, id: string, index: number): Promise<Response> {
  const file = (await listUpload(project, id)).at(Number.isInteger(index) && index >= 0 ? index : Infinity);
  if (file === undefined) throw new AppError('NOT_FOUND', { what: 'uploaded file', id: `${id}/${index}` });
  const shown = await decodePicture(file.absolutePath);
  return picture(shown, {
    'cache-control': 'private, max-age=300',
    etag: `"${hashPixels(shown)}"`,
  });
}

function failure(thrown: unknown, context: ServiceContext): Response {
  const error = AppError.from(thrown);
  if (error.kind === 'bug') context.log('media request failed', thrown);
  const statuses: Partial<Record<string, number>> = {
    NOT_FOUND: 404,
    IMAGE_MISSING: 404,
    IMAGE_FILE_TOO_LARGE: 413,
    DISK_FULL: 507,
    PROJECT_NOT_OPEN: 409,
  };
  const status = error.kind === 'bug' ? 500 : (statuses[error.code] ?? 400);
  return Response.json(error.toData(), {
    status,
    headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
  });
}
