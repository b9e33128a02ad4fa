/** Networks written as Keras files, and computed by Keras. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadBackend } from '../../../../src-main/backends/ladder.ts';
import type { Tf } from '../../../../src-main/engine/base/backend.ts';
import { registerLayers } from '../../../../src-main/engine/layers/register-layers.ts';
import { buildTopology } from '../../../../src-main/engine/network/model-source.ts';
import { kerasNetwork } from '../../../../src-main/engine/keras/writing/keras-network.ts';
import { writeKerasH5, writeKerasZip } from '../../../../src-main/engine/keras/writing/write-keras.ts';
import {
  type DrawnNetwork,
  drawnBackbones,
  drawnEndings,
  drawnLayers,
  stack,
} from '../../../fixtures/models/drawn-networks.ts';
import { pythonWith, runPython, tensorflowPackages } from '../../../fixtures/python-environment.ts';

let tf: Tf;
const folder = mkdtempSync(join(tmpdir(), 'lenslet-keras-'));

beforeAll(async () => {
  ({ tf } = (await loadBackend()).backend);
  registerLayers(tf);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Prints the largest difference of each file, relative to the largest value of its output, as JSON. */
const script = `
import json, sys, keras, numpy, os
os.environ["TF_USE_LEGACY_KERAS"] = "1"
import tf_keras
found = {}
for case in json.load(open("cases.json")):
    pixels = numpy.fromfile(case["name"] + ".u8", numpy.uint8).reshape(case["shape"]).astype("float32")
    expected = numpy.fromfile(case["name"] + ".f32", numpy.float32)
    for loader, ending in ((keras, ".keras"), (keras, ".h5"), (tf_keras, ".h5")):
        if ending == ".keras" or case["old"]:
            model = loader.models.load_model(case["name"] + ending, compile=False)
            output = numpy.asarray(model(pixels, training=False))
            scale = max(1.0, float(numpy.max(numpy.abs(expected))))
            found[case["title"] + " in " + loader.__name__.split(".")[0] + ending] = float(numpy.max(numpy.abs(output.ravel() - expected))) / scale
print(json.dumps(found))
`;

/** Writes networks, lets Keras compute them, and gives the differences by name. */
async function differences(
  python: string,
  networks: Record<string, () => Promise<DrawnNetwork>>,
  old: (title: string) => boolean,
): Promise<Record<string, number>> {
  const cases: object[] = [];
  for (const [title, draw] of Object.entries(networks)) {
    const drawn = await draw();
    const { model, imageSize, channels, images, pixels, expected } = drawn;
    const name = title.replaceAll(/[^\w.-]/g, '_');
    const zip = await writeKerasZip(kerasNetwork(model, drawn, 3), new Date('2026-12-01'));
    writeFileSync(join(folder, `${name}.keras`), zip);
    if (old(title))
      writeFileSync(join(folder, `${name}.h5`), await writeKerasH5(kerasNetwork(model, drawn, 2)));
    writeFileSync(join(folder, `${name}.u8`), pixels);
    writeFileSync(join(folder, `${name}.f32`), expected);
    model.dispose();
    cases.push({ title, name, shape: [images, imageSize, imageSize, channels], old: old(title) });
  }
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases));
  return JSON.parse(runPython(python, ['-c', script], folder).trim().split('\n').at(-1)!) as Record<
    string,
    number
  >;
}

function far(found: Record<string, number>): string[] {
  return Object.entries(found).flatMap(([name, by]) => (by < 1e-4 ? [] : [`${name}: ${by}`]));
}

/** Activations that came with Keras 3. */
const sinceThree = /hardTanh|leakyRelu|hardSilu|hardSigmoid6/;

it('compute in Keras 3 and in Keras 2 what they compute here: every layer, every preparation, every ending', async ({
  skip,
}) => {
  const { python, missing } = pythonWith(...tensorflowPackages);
  if (python === null) return skip(missing);
  const layers = Object.entries(drawnLayers(tf)).filter(([name]) => name !== 'Activation hardSigmoid');
  const networks = {
    ...Object.fromEntries(layers),
    ...drawnEndings(tf),
    'efficientnet-lite0': drawnBackbones(tf)['efficientnet-lite0'],
  };
  const found = await differences(python, networks, (title) => !sinceThree.test(title));
  expect(far(found)).toEqual([]);
  expect(Object.keys(found).length).toBeGreaterThan(190);
});

it(
  'compute in Keras what each network of the registry computes here',
  { tags: ['long'] },
  async ({ skip }) => {
    const { python, missing } = pythonWith(...tensorflowPackages);
    if (python === null) return skip(missing);
    const found = await differences(python, drawnBackbones(tf), () => true);
    expect(far(found)).toEqual([]);
  },
);

it.each([
  [3, 'hardSigmoid'],
  [2, 'hardSigmoid6'],
] as const)('refuse what Keras %i computes otherwise, %s, naming the layer', async (version, activation) => {
  const topology = stack('Activation', { activation, name: 'odd_one' });
  const model = await buildTopology(tf, { format: 'test', topology }, 'odd');
  const options = {
    preprocessing: 'none',
    imageSize: 15,
    channels: 3,
    ending: { activation: 'softmax', outputs: 2 },
  } as const;
  expect(() => kerasNetwork(model, options, version)).toThrow(
    expect.objectContaining({
      code: 'EXPORT_LAYER_UNSUPPORTED',
      params: {
        format: `Keras ${version}`,
        layer: 'odd_one',
        type: `Activation with the activation ${activation}`,
      },
    }),
  );
});
