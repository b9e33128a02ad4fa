/** What Teachable Machine writes beside a model that it exports: `metadata.json`. */
import { z } from 'zod';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import { type Storage, readJson } from '../../core/files/storage.ts';

/** What a file beside the model says of it. */
export interface StatedFacts {
  /** Names of the outputs, in order. */
  readonly classes: readonly string[];
  readonly preprocessing: Preprocessing;
}

const metadataSchema = z.object({
  packageName: z.string().startsWith('@teachablemachine/'),
  labels: z.array(z.string()).min(1),
});

/**
 * Reads it. Its library scales pixels to −1 … 1 (`capture` in @teachablemachine/image).
 * @returns null where there is none
 */
export async function readTeachableMachine(storage: Storage): Promise<StatedFacts | null> {
  const content = await readJson(storage, 'metadata.json').catch(() => null);
  const metadata = metadataSchema.safeParse(content);
  return metadata.success ? { classes: metadata.data.labels, preprocessing: '-1-1' } : null;
}
