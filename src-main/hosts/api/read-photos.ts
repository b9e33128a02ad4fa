/** The photos of a request, put into files of this process's own. */
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { AppError } from '../../contract/shared/errors.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { temporaryPath } from '../../core/files/temporary-path.ts';
import type { FetchRules } from '../../services/import/web-pictures/ask-server.ts';
import { type SentPhoto, addressesIn, fetchPhotos } from './fetch-photos.ts';

/** How much one request may hold. */
export interface RequestLimits {
  readonly bytes: number;
  readonly photos: number;
}

const tooLarge = ({ bytes, photos }: RequestLimits): AppError =>
  new AppError('API_TOO_LARGE', { megabytes: Math.round(bytes / 1e6), photos });

/** The body of a request, as long as it is no longer than allowed. */
async function bodyOf(request: IncomingMessage, limits: RequestLimits): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limits.bytes) throw tooLarge(limits);
  const parts: Buffer[] = [];
  let length = 0;
  try {
    // The request lives on after the loop is left, so that it can be answered.
    const arriving = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const part of arriving) {
      length += part.length;
      if (length > limits.bytes) throw tooLarge(limits);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('API_REQUEST_INVALID', { reason: 'it broke off' }, { cause: error });
  }
  return Buffer.concat(parts);
}

async function filesOf(
  body: Buffer,
  type: string,
  limits: RequestLimits,
): Promise<{ name: string; bytes: Uint8Array }[]> {
  if (/^image\//i.test(type) || /^application\/octet-stream/i.test(type))
    return body.length === 0 ? [] : [{ name: 'image', bytes: body }];
  if (!/^multipart\/form-data/i.test(type)) throw new AppError('API_TYPE_WRONG', { type });
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  } catch (error) {
    throw new AppError('API_REQUEST_INVALID', { reason: 'its form is cut off or damaged' }, { cause: error });
  }
  const files = form.getAll('image').filter((one) => typeof one !== 'string');
  if (files.length > limits.photos) throw tooLarge(limits);
  return Promise.all(
    files.map(async (file) => ({
      name: file.name || 'image',
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  );
}

/**
 * Reads the photos of a request; whoever calls it removes their files.
 * @param urls how photos are fetched that are named by address; null where that is not allowed
 * @throws AppError API_NO_PHOTO, API_TYPE_WRONG, API_TOO_LARGE, API_REQUEST_INVALID, API_URL_REFUSED, ADDRESS_…,
 *   DISK_FULL
 */
export async function readPhotos(
  request: IncomingMessage,
  limits: RequestLimits,
  urls: FetchRules | null,
  signal: AbortSignal,
): Promise<SentPhoto[]> {
  const type = request.headers['content-type'] ?? '';
  if (/^application\/json/i.test(type)) {
    if (urls === null) throw new AppError('API_URL_REFUSED');
    const addresses = addressesIn(await bodyOf(request, limits));
    if (addresses.length > limits.photos) throw tooLarge(limits);
    return fetchPhotos(addresses, urls, signal);
  }
  if (!/^(image\/|application\/octet-stream|multipart\/form-data)/i.test(type))
    throw new AppError('API_TYPE_WRONG', { type: type || 'none' });
  const files = await filesOf(await bodyOf(request, limits), type, limits);
  if (files.length === 0) throw new AppError('API_NO_PHOTO');
  return Promise.all(
    files.map(async ({ name, bytes }) => {
      const path = temporaryPath('api-photo');
      await writeFile(path, bytes).catch((error: unknown) => {
        throw fromWriteError(error, path);
      });
      return { name, path };
    }),
  );
}
