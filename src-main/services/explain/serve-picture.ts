/** Pictures of results by address: `/media/explain/<id>/…?format=svg&intensity=0.6`. */
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import type { DrawOptions, DrawnFile } from './drawing.ts';

/** The options of `explainPicture` as they come in an address. */
const optionsSchema = z.object({
  format: z.enum(['png', 'svg']).default('png'),
  colours: z.enum(['viridis', 'jet', 'grey', 'inferno']).optional(),
  intensity: z.coerce.number().min(0).max(1).optional(),
  of: z.enum(['overlay', 'map', 'photo']).optional(),
  side: z.coerce.number().int().min(16).max(8192).optional(),
  save: z.string().max(200).optional(),
});

/** Draws a picture of a result. @see createExplainService */
export type DrawPicture = (
  id: string,
  path: readonly string[],
  format: 'png' | 'svg',
  options: DrawOptions,
) => Promise<DrawnFile>;

/** A file name without what file systems and headers do not like. */
function safeName(name: string): string {
  return name.replace(/[^\p{L}\p{N} ._()-]/gu, '_');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AppError('NOT_FOUND', { what: 'picture', id: segment });
  }
}

/**
 * Answers a request for a picture.
 * @param path the segments behind `media/explain`
 * @throws AppError NOT_FOUND, INPUT_INVALID, IMAGE_…
 */
export async function servePicture(
  drawPicture: DrawPicture,
  path: readonly string[],
  query: URLSearchParams,
): Promise<Response> {
  const parsed = optionsSchema.safeParse(Object.fromEntries(query));
  if (!parsed.success) throw new AppError('INPUT_INVALID', { detail: z.prettifyError(parsed.error) });
  const { format, save, ...options } = parsed.data;
  const [id = '', ...rest] = path.map(decoded);
  const { bytes, type } = await drawPicture(id, rest, format, options);
  const headers: Record<string, string> = {
    'content-type': type,
    'content-length': String(bytes.length),
    'x-content-type-options': 'nosniff',
    // A result never changes under its id.
    'cache-control': 'private, max-age=3600',
  };
  if (type === 'image/svg+xml') headers['content-security-policy'] = "default-src 'none'; img-src data:";
  if (save !== undefined) {
    headers['content-disposition'] = `attachment; filename*=UTF-8''${encodeURIComponent(safeName(save))}`;
  }
  return new Response(new Uint8Array(bytes), { headers });
}
