/** Brings photos to the services in the way the host allows: by place in Electron, by bytes in the browser. */
import type { FileSource } from './dropped-files.ts';
import { type UploadProgress, upload } from './uploads.ts';

/** Ids that `startImport` and `predict` take. */
export interface Sources {
  readonly picks: string[];
  readonly uploads: string[];
}

/**
 * Hands over what was dropped or picked.
 * @throws AppError as `upload` does
 */
export async function bring(
  source: FileSource,
  options: { signal: AbortSignal; report(progress: UploadProgress): void },
): Promise<Sources> {
  if (window.lenslet !== undefined)
    return { picks: await window.lenslet.registerDroppedPaths(source.tops), uploads: [] };
  return { picks: [], uploads: [await upload(source, options)] };
}
