/** What Teachable Machine writes beside a model that it exports: `metadata.json`, for Keras `labels.txt`. */
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

/** Largest list of labels that is read, in bytes. */
const maxLabels = 1 << 20;

/** Labels of Keras exports: `0 Cats`, `1 Dogs`, …, a line each. Null for lists of another form. */
function numberedLabels(text: string): string[] | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const labels = lines.map((line, place) =>
    line.startsWith(`${place} `) ? line.slice(`${place} `.length).trim() : '',
  );
  return labels.length > 0 && labels.every((label) => label !== '') ? labels : null;
}

async function readLabels(storage: Storage): Promise<string[] | null> {
  const bytes = await storage.read('labels.txt').catch(() => null);
  if (bytes === null || bytes.byteLength > maxLabels) return null;
  return numberedLabels(new TextDecoder().decode(bytes));
}

/**
 * Reads it. Its library scales pixels to −1 … 1 (`capture` in @teachablemachine/image), as does the code that it gives
 * for Keras (`image / 127.5 - 1`).
 * @returns null where there is none
 */
export async function readTeachableMachine(storage: Storage): Promise<StatedFacts | null> {
  const content = await readJson(storage, 'metadata.json').catch(() => null);
  const metadata = metadataSchema.safeParse(content);
  const classes = metadata.success ? metadata.data.labels : await readLabels(storage);
  return classes && { classes, preprocessing: '-1-1' };
}
