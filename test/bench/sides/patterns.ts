/** Filter patterns of a MobileNetV2 layer, as the app makes them: one batch, its program prepared each time anew. */
import { setImmediate as afterMessages } from 'node:timers/promises';
import { findBackbone } from '../../../src-main/registries/backbones/index.ts';
import { createTensorflowCandidate } from '../../../src-main/backends/tensorflow.ts';
import { patternSettingsSchema } from '../../../src-main/contract/app/explain/patterns.ts';
import { buildTopology } from '../../../src-main/engine/network/model-source.ts';
import { filterPatterns } from '../../../src-main/engine/interpretation/patterns/filter-patterns.ts';
import { choosePatternLayer } from '../../../src-main/engine/interpretation/layer-choice.ts';
import { Network } from '../../../src-main/engine/network/network.ts';
import type { Work } from '../support/side.ts';
import type { Prepared } from './lenslet-side.ts';

const imageSize = 224;

/** The patterns of a layer's first filters; weights are random, which changes nothing in the time. */
export async function patterns({ layer: name, filters: count, size, steps }: Work): Promise<Prepared> {
  const backend = await createTensorflowCandidate().load();
  const { tf } = backend;
  const known = findBackbone('mobilenet-v2');
  const topology = known.network({ inputShape: [imageSize, imageSize, 3] });
  const model = await buildTopology(tf, { format: 'tfjs', topology }, known.id);
  tf.tidy(() =>
    model.setWeights(model.getWeights().map((weight) => tf.randomNormal(weight.shape, 0.01, 0.02))),
  );
  const network = new Network(model);
  const { preprocessing } = known;
  const subject = { backend, network, preprocessing, imageSize, channels: 3, classes: 0 } as const;
  const layer = choosePatternLayer(network, String(name));
  const filters = Array.from({ length: Number(count) }, (_, filter) => filter);
  const settings = patternSettingsSchema.parse({ size, steps });
  const once = async (): Promise<number> => {
    const begun = performance.now();
    await filterPatterns(subject, layer, filters, settings, { yieldToOthers: () => afterMessages() });
    return performance.now() - begun;
  };
  await once();
  return {
    facts: { version: backend.version },
    async run(times) {
      const values: number[] = [];
      for (let time = 0; time < times; time++) values.push(await once());
      return values;
    },
  };
}
