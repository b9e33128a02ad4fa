/**
 * Filter patterns, kept on disk. They are found again by the contents of the layers they depend on, so that the same
 * backbone under another head, or the same model elsewhere, has them already; a changed weight has others.
 */
import { z } from 'zod';
import type { EnginePatterns } from '../../contract/engine/explain.ts';
import type { PatternSettings } from '../../contract/app/explain/patterns.ts';
import { filterPatterns } from './patterns/filter-patterns.ts';
import type { NetworkLayer } from '../network/network.ts';
import type { Subject, Work } from './subject.ts';
import { bytesOf, hashOfParts } from '../base/content-hash.ts';
import { type Storage, readJson, writeJson } from '../../core/files/storage.ts';

/** Changes whenever the way patterns are made does. */
const version = 1;

const recordSchema = z.object({
  bytes: z.number().int(),
  silent: z.array(z.number().int()),
  activations: z.array(z.number()),
});

/** Settings of layers that change nothing in what they compute. */
const superfluous = /^name$|^trainable$|initializer$|regularizer$|constraint$/i;

/** Everything that decides what the patterns look like. */
async function keyOf(
  subject: Subject,
  layer: NetworkLayer,
  filters: readonly number[],
  settings: PatternSettings,
): Promise<string> {
  const { network, preprocessing, channels } = subject;
  const layers = network.upTo(layer);
  const weights = layers.flatMap((one) => one.layer.getWeights());
  const about = layers.map((one) => {
    const config = Object.entries(one.layer.getConfig()).filter(([key]) => !superfluous.test(key));
    return [one.type, one.name, config, one.inputs.map(({ name }) => name)];
  });
  const text = JSON.stringify({ version, about, preprocessing, channels, filters, settings, to: layer.name });
  const numbers = weights.map((weight) => {
    const values = weight.dataSync();
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  });
  return (await hashOfParts([bytesOf(text), ...numbers])).slice(0, 40);
}

/**
 * The patterns of a layer's filters, made unless they are there.
 * @param storage where they are kept
 * @throws AppError as `filterPatterns`
 */
export async function keptPatterns(
  subject: Subject,
  layer: NetworkLayer,
  filters: readonly number[],
  settings: PatternSettings,
  storage: Storage,
  work: Work,
): Promise<Pick<EnginePatterns, 'silent' | 'activations' | 'file' | 'cached'>> {
  const key = await keyOf(subject, layer, filters, settings);
  const [file, record] = [`${key}.pixels`, `${key}.json`];
  const known = recordSchema.safeParse(await readJson(storage, record).catch(() => null));
  if (known.success && (await storage.read(file))?.byteLength === known.data.bytes) {
    const { silent, activations } = known.data;
    return { silent, activations, file, cached: true };
  }
  const { pictures, silent, activations } = await filterPatterns(subject, layer, filters, settings, work);
  await storage.write(file, pictures);
  await writeJson(storage, record, { bytes: pictures.length, silent, activations });
  return { silent, activations, file, cached: false };
}
