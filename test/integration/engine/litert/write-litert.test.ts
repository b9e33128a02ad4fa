/** Networks lowered and written as LiteRT files, and computed by LiteRT: its WebAssembly here, its interpreter in Python. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBackend } from '../../../../src-main/backends/ladder.ts';
import { loadLiteRt } from '../../../../src-main/backends/litert.ts';
import type { Tf } from '../../../../src-main/engine/base/backend.ts';
import type { ModelRuntime } from '../../../../src-main/engine/base/model-runtime.ts';
import { registerLayers } from '../../../../src-main/engine/layers/register-layers.ts';
import { fuseActivations } from '../../../../src-main/engine/litert/fuse-activations.ts';
import { litertInput, litertOutput, writeLitert } from '../../../../src-main/engine/litert/write-litert.ts';
import { lowerNetwork } from '../../../../src-main/engine/lowering/lower-network.ts';
import {
  type DrawnNetwork,
  drawnBackbones,
  drawnEndings,
  drawnLayers,
} from '../../../fixtures/models/drawn-networks.ts';
import { farNetworks } from '../../../fixtures/models/far-networks.ts';
import { pythonWith, runPython, tensorflowPackages } from '../../../fixtures/python-environment.ts';

let tf: Tf;
let litert: ModelRuntime;
const folder = mkdtempSync(join(tmpdir(), 'lenslet-litert-'));
/** Files that were written, for Python. */
const written: string[] = [];

beforeAll(async () => {
  ({ tf } = (await loadBackend()).backend);
  registerLayers(tf);
  litert = await loadLiteRt();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function compute(drawn: DrawnNetwork, name: string): Promise<Float32Array> {
  const { model, imageSize, channels, images, pixels, expected } = drawn;
  const network = fuseActivations(lowerNetwork(model, drawn, 'LiteRT'));
  model.dispose();
  const { graph, inputs, outputs } = writeLitert(network, 'float32');
  const bytes = graph.write(name, inputs, outputs);
  const floats = Float32Array.from(pixels);
  const file = join(folder, `${name.replaceAll(/[^\w-]/g, '_')}`);
  writeFileSync(`${file}.tflite`, bytes);
  writeFileSync(`${file}.pixels`, floats);
  writeFileSync(`${file}.expected`, expected);
  written.push(file);
  const session = await litert.open(bytes);
  const each = floats.length / images;
  const found: number[] = [];
  for (let image = 0; image < images; image++) {
    const shape = [1, imageSize, imageSize, channels];
    const [{ values }] = await session.run(
      litertInput,
      shape,
      floats.slice(image * each, (image + 1) * each),
      [litertOutput],
    );
    found.push(...values);
  }
  await session.close();
  return Float32Array.from(found);
}

const far = (networks: Record<string, () => Promise<DrawnNetwork>>) => farNetworks(networks, compute);

describe('networks written as LiteRT files compute what they compute here', () => {
  it('for every kind of layer', async () => {
    const all = Object.entries(drawnLayers(tf));
    const layers = Object.fromEntries(all.filter(([name]) => name !== 'Softmax along the rows'));
    expect(Object.keys(layers).length).toBeGreaterThan(35);
    expect(await far(layers)).toEqual([]);
  });

  it('for every preparation of pixels and every ending', async () => {
    expect(await far(drawnEndings(tf))).toEqual([]);
  });

  it('for the default network', async () => {
    const { 'efficientnet-lite0': draw } = drawnBackbones(tf);
    expect(await far({ draw })).toEqual([]);
  });

  it('for every network of the registry', { tags: ['long'] }, async () => {
    expect(await far(drawnBackbones(tf))).toEqual([]);
  });

  it('in the interpreter for Python too', ({ skip }) => {
    const { python, missing } = pythonWith(...tensorflowPackages);
    if (python === null) return skip(missing);
    const script = `
import sys, numpy as np
from ai_edge_litert.interpreter import Interpreter
for file in sys.stdin.read().split("\\n"):
    model = Interpreter(file + ".tflite")
    model.allocate_tensors()
    run = model.get_signature_runner("serving_default")
    shape = model.get_input_details()[0]["shape"]
    pixels = np.fromfile(file + ".pixels", np.float32).reshape(-1, *shape)
    expected = np.fromfile(file + ".expected", np.float32)
    found = np.concatenate([run(${litertInput}=image)["${litertOutput}"].ravel() for image in pixels])
    by = np.abs(found - expected).max() / max(1, np.abs(expected).max())
    if not by < 1e-5: print(file, by)
print("done")
`;
    expect(runPython(python, ['-c', script], folder, written.join('\n')).trim()).toBe('done');
  });
});
