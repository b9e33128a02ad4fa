/**
 * Filter patterns of a layer, 64 at 64 pixels in 40 steps, and how long they take.
 *
 *   node test/bench/filter-patterns.ts MODEL.json [LAYER…]
 *
 * Keras one by one, as in the lesson, on the same model: filter_patterns_keras.py beside this.
 */
import { basename, dirname, resolve } from 'node:path';
import { setImmediate as afterMessages } from 'node:timers/promises';
import { loadBackend } from '../../src-main/backends/ladder.ts';
import { patternSettingsSchema } from '../../src-main/contract/inside.ts';
import { ModelCache } from '../../src-main/engine/model-cache.ts';
import { folderStorage } from '../../src-main/project/folder-storage.ts';
import { filterPatterns } from '../../src-main/visualisations/filter-patterns.ts';
import { choosePatternLayer } from '../../src-main/visualisations/layer-choice.ts';
import { Network } from '../../src-main/visualisations/network.ts';

const [model, ...layers] = process.argv.slice(2);
if (model === undefined) {
  console.error('Give the path of a model.json, and layers.');
  process.exit(2);
}
const { backend } = await loadBackend();
const path = resolve(model);
const models = new ModelCache({
  backend,
  imagenetNames: [],
  locate: (file) => ({ storage: folderStorage(dirname(file)), name: basename(file) }),
});
const open = await models.open(path);
const network = new Network(open.model);
const { imageSize, channels, preprocessing } = open.description;
const subject = { backend, network, imageSize, channels, preprocessing, classes: open.classifier.classes };
const settings = patternSettingsSchema.parse({});
for (const name of layers.length > 0 ? layers : [null]) {
  const layer = choosePatternLayer(network, name);
  const filters = Array.from({ length: Math.min(64, layer.outputShape.at(-1)!) }, (_, i) => i);
  const start = performance.now();
  await filterPatterns(subject, layer, filters, settings, { yieldToOthers: () => afterMessages() });
  const seconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ layer: layer.name, filters: filters.length, seconds, engine: backend.id }));
}
process.exit(0);
