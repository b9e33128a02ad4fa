/** One picture from the web, into an upload: recognised by its content, and never larger than allowed. */
import type { IncomingMessage } from 'node:http';
import { AppError } from '../../../contract/shared/errors.ts';
import { safeFileName } from '../../../core/text/file-name.ts';
import { type ImageFormat, detectContent, headBytes } from '../../../datasets/photos/formats/image-format.ts';
import type { Project } from '../../../project/project.ts';
import { receiveFile } from '../../base/uploads.ts';
import { type FetchRules, askServer, explain, tooSlow } from './ask-server.ts';
import type { FetchBudget } from './fetch-budget.ts';

const endings: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  tiff: 'tif',
  avif: 'avif',
  heic: 'heic',
  bmp: 'bmp',
};
const mebibyte = 1024 * 1024;

/** Where a picture goes. */
export interface PictureTarget {
  readonly project: Project;
  readonly upload: string;
  /** Begins its file name, so that two pictures of one name do not meet. */
  readonly number: number;
}

/** A picture that has begun to come. */
export interface ComingPicture {
  readonly url: URL;
  readonly format: ImageFormat;
  readonly chunks: AsyncGenerator<Uint8Array, void>;
}

/**
 * Fetches one picture into an upload.
 * @param onProgress bytes so far, and of how many where the server states it
 * @throws AppError ADDRESS_…, IMAGE_FORMAT_UNSUPPORTED, DISK_FULL, FILE_UNWRITABLE, CANCELLED
 */
export async function fetchPicture(
  address: string,
  target: PictureTarget,
  rules: FetchRules,
  budget: FetchBudget,
  signal: AbortSignal,
  onProgress: (bytes: number, total: number | null) => void,
): Promise<void> {
  await withPicture(address, rules, budget, signal, onProgress, async ({ url, format, chunks }) => {
    const name = `${String(target.number).padStart(3, '0')} ${nameOf(url)}.${endings[format]}`;
    await receiveFile(target.project, target.upload, name, chunks, { durable: true });
  });
}

/**
 * Fetches one picture; whoever takes it writes it somewhere.
 * @throws AppError ADDRESS_…, IMAGE_FORMAT_UNSUPPORTED, CANCELLED, and whatever `take` throws
 */
export async function withPicture(
  address: string,
  rules: FetchRules,
  budget: FetchBudget,
  signal: AbortSignal,
  onProgress: (bytes: number, total: number | null) => void,
  take: (picture: ComingPicture) => Promise<void>,
): Promise<void> {
  const { answer, url } = await askServer(address, rules, signal);
  try {
    const length = Number(answer.headers['content-length'] ?? Number.NaN);
    const total = Number.isFinite(length) ? length : null;
    refuseLarge(total ?? 0, rules);
    const chunks = counted(answer, url.host, rules, budget, signal, (bytes) => onProgress(bytes, total));
    const { head, rest } = await readHead(chunks);
    const format = requirePicture(head, answer.headers['content-type'] ?? '');
    await take({ url, format, chunks: joined(head, rest) });
  } finally {
    answer.destroy();
  }
}

/** The last part of the address, without its ending. */
function nameOf(url: URL): string {
  let last = url.pathname.split('/').at(-1) ?? '';
  try {
    last = decodeURIComponent(last);
  } catch {
    // Not every address is well written; as it stands it is a name as well.
  }
  return safeFileName(last.replace(/\.[a-z0-9]{1,5}$/i, ''), safeFileName(url.hostname, 'picture'));
}

function refuseLarge(bytes: number, { maxBytes }: FetchRules): void {
  if (bytes <= maxBytes) return;
  const [megabytes, limit] = [Math.ceil(bytes / mebibyte), Math.round(maxBytes / mebibyte)];
  throw new AppError('ADDRESS_TOO_LARGE', { megabytes, limit });
}

async function* counted(
  answer: IncomingMessage,
  host: string,
  rules: FetchRules,
  budget: FetchBudget,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  let bytes = 0;
  answer.setTimeout(rules.patience, () => answer.destroy(tooSlow(host, rules)));
  try {
    for await (const chunk of answer as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      refuseLarge(bytes, rules);
      budget.take(chunk.length);
      onBytes(bytes);
      yield chunk;
    }
  } catch (error) {
    throw explain(error, host, signal);
  }
}

/** The beginning by which a file is recognised, and what follows it. */
async function readHead(chunks: AsyncGenerator<Uint8Array, void>) {
  const read: Uint8Array[] = [];
  let length = 0;
  while (length < headBytes) {
    const next = await chunks.next();
    if (next.done) break;
    read.push(next.value);
    length += next.value.length;
  }
  return { head: Buffer.concat(read), rest: chunks };
}

async function* joined(
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<Uint8Array, void> {
  yield head;
  yield* rest;
}

/** The header is only read for text, which is hard to recognise by its content. */
function requirePicture(head: Buffer, type: string): ImageFormat {
  if (head.length === 0) throw new AppError('ADDRESS_NOT_A_PICTURE', { found: 'nothing' });
  const content = detectContent(head.subarray(0, headBytes));
  if (content.kind === 'image') return content.format;
  if (content.kind === 'unsupported')
    throw new AppError('IMAGE_FORMAT_UNSUPPORTED', { format: content.name });
  const page = content.found === 'an HTML page' || (content.text && /\bhtml\b/i.test(type));
  throw page
    ? new AppError('ADDRESS_WEB_PAGE')
    : new AppError('ADDRESS_NOT_A_PICTURE', { found: content.found });
}
