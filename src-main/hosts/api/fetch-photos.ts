/** Photos that a request names by their web addresses, fetched into files of this process's own. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { temporaryPath } from '../../core/files/temporary-path.ts';
import type { FetchRules } from '../../services/import/web-pictures/ask-server.ts';
import { FetchBudget } from '../../services/import/web-pictures/fetch-budget.ts';
import { withPicture } from '../../services/import/web-pictures/fetch-picture.ts';

/** A photo of a request. */
export interface SentPhoto {
  /** As the sender calls it. */
  readonly name: string;
  readonly path: string;
}

const bodySchema = z.object({ urls: z.array(z.string().max(2048)).min(1) });

/**
 * The addresses of a JSON body.
 * @throws AppError API_REQUEST_INVALID
 */
export function addressesIn(body: Buffer): string[] {
  try {
    return bodySchema.parse(JSON.parse(body.toString('utf8'))).urls;
  } catch (error) {
    const reason = 'its JSON is not {"urls": ["https://…"]}';
    throw new AppError('API_REQUEST_INVALID', { reason }, { cause: error });
  }
}

/**
 * Fetches photos one after another; what was fetched is removed when one fails.
 * @throws AppError ADDRESS_…, IMAGE_FORMAT_UNSUPPORTED, DISK_FULL, CANCELLED
 */
export async function fetchPhotos(
  addresses: readonly string[],
  rules: FetchRules,
  signal: AbortSignal,
): Promise<SentPhoto[]> {
  const budget = new FetchBudget(rules.budget);
  const photos: SentPhoto[] = [];
  try {
    for (const address of addresses) {
      const path = temporaryPath('api-photo');
      photos.push({ name: address, path });
      await budget.within(signal, (ending) =>
        withPicture(
          address,
          rules,
          budget,
          ending,
          () => undefined,
          async ({ chunks }) => {
            await pipeline(chunks, createWriteStream(path, { flags: 'wx', mode: 0o600 })).catch(
              (error: unknown) => {
                throw error instanceof AppError ? error : fromWriteError(error, path);
              },
            );
          },
        ),
      );
    }
    return photos;
  } catch (error) {
    await Promise.all(photos.map(({ path }) => rm(path, { force: true })));
    throw error;
  } finally {
    budget.close();
  }
}
