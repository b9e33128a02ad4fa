import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { beforeAll, expect, it } from 'vitest';
import { loadLiteRt } from '../../../../src-main/backends/litert.ts';
import { loadOnnxRuntime } from '../../../../src-main/backends/onnxruntime.ts';
import { createRandom } from '../../../../src-main/core/random/random.ts';
import type { Tf } from '../../../../src-main/engine/base/backend.ts';
import { neighbourDistance, normaliseRows } from '../../../../src-main/core/statistics/confidence/nearest.ts';
import type {
  ExportTools,
  OutgoingModel,
  ReopenedExport,
} from '../../../../src-main/engine/exports/export-format.ts';
import type { Calibrated } from '../../../../src-main/engine/inference/open-calibration.ts';
import { checkGolden, runAnswers } from '../../../../src-main/engine/exports/golden-check.ts';
import { registerLayers } from '../../../../src-main/engine/layers/register-layers.ts';
import { ModelProtoSchema } from '../../../../src-main/engine/onnx/generated/onnx_pb.js';
import { buildTransfer } from '../../../../src-main/engine/transfer/transfer.ts';
import { onnx } from '../../../../src-main/registries/exports/onnx.ts';
import { memoryStorage, plainBackend, smallBackbone } from '../../../fixtures/engine-parts.ts';

const size = 16;
let tf: Tf;
let outgoing: OutgoingModel;

beforeAll(async () => {
  ({ tf } = await plainBackend());
  registerLayers(tf);
  const head = { classes: 3, pooling: 'average', headUnits: 0, dropout: 0.2, seed: 1 } as const;
  outgoing = {
    model: buildTransfer(tf, smallBackbone(tf, size).model, head),
    ending: { activation: 'softmax', outputs: 3 },
    imageSize: size,
    channels: 3,
    preprocessing: '-1-1',
    classes: ['a', 'b', 'c'],
    calibrated: null,
    about: {
      lenslet: 'Lenslet 0.0.0',
      run: 'run-1',
      name: 'Test',
      recipe: 'linear-probe',
      createdAt: '2026-12-01T00:00:00Z',
      dataHash: '0',
      accuracy: null,
      backbone: null,
    },
  };
});

function toolsIn(files: Map<string, Uint8Array>): ExportTools {
  return {
    tf,
    storage: memoryStorage(files),
    file: () => {
      throw new Error('not needed');
    },
    loadOnnxRuntime,
    loadLiteRt,
    measured: null,
    report: async () => undefined,
  };
}

/** Changes the numbers of a weight in a written file. */
function spoil(files: Map<string, Uint8Array>, weight: string, change: (value: number) => number): void {
  const model = fromBinary(ModelProtoSchema, files.get('root/model.onnx')!);
  const tensor = model.graph!.initializer.find(({ name }) => name === weight)!;
  const values = new Float32Array(tensor.rawData.slice().buffer).map(change);
  tensor.rawData = new Uint8Array(values.buffer);
  files.set('root/model.onnx', toBinary(ModelProtoSchema, model));
}

async function prove(spoilt?: readonly [weight: string, change: (value: number) => number]) {
  const files = new Map<string, Uint8Array>();
  const random = createRandom(5);
  const photos = [1, 2].map(() => Uint8Array.from({ length: size * size * 3 }, () => random.integer(256)));
  const expected = runAnswers(tf, outgoing, photos);
  const reopen = await onnx.write(outgoing, toolsIn(files));
  if (spoilt !== undefined) spoil(files, ...spoilt);
  const reopened = await reopen();
  try {
    return await checkGolden(tf, outgoing, onnx, reopened, photos, expected, () => undefined);
  } finally {
    await reopened.close();
  }
}

it('finds that a whole export agrees, and says by how much', async () => {
  const { checkedBy, largestDifference } = await prove();
  expect(checkedBy).toMatch(/^ONNX Runtime 1\./);
  expect(largestDifference).toBeLessThan(1e-6);
});

it.each(['conv_2', 'dense'])(
  'rejects an export with other weights in %s, and names the layer',
  async (layer) => {
    const wrong = prove([`${layer}/kernel`, (value) => value * 1.5]);
    await expect(wrong).rejects.toMatchObject({
      code: 'EXPORT_DISAGREES',
      params: { where: `the first layer that computes something else is ${layer}` },
    });
  },
);

it('rejects an export that is not as far from the training photos as the run', async () => {
  const length = 8;
  const values = normaliseRows(
    Float32Array.from({ length: 6 * length }, (_, at) => (at % 7) + 1),
    length,
  );
  const refusal = { keep: 0.95, classes: [], kept: 1, wrongRefused: null };
  const calibration = { refusal } as unknown as Calibrated['calibration'];
  const calibrated = { calibration, reference: { values, length, neighbour: 5 } };
  const photo = new Uint8Array(size * size * 3).fill(90);
  const reopened = (features: Float32Array): ReopenedExport => ({
    checkedBy: 'a test',
    probabilities: async () => [1, 0, 0],
    features: async () => features,
    layers: async () => [],
    close: async () => undefined,
  });
  const far = Float32Array.from({ length }, (_, at) => (at === 0 ? 1 : 0));
  const distance = neighbourDistance(calibrated.reference, far);
  const judgement = { unknown: false, distance, set: null } as const;
  const check = (features: Float32Array) =>
    checkGolden(
      tf,
      { ...outgoing, calibrated },
      onnx,
      reopened(features),
      [photo],
      [{ probabilities: [1, 0, 0], judgement }],
      () => undefined,
    );
  expect((await check(far)).largestDifference).toBe(0);
  await expect(check(values.slice(0, length))).rejects.toMatchObject({
    code: 'EXPORT_DISAGREES',
    params: { where: 'photos are not as far from the training photos as in the run' },
  });
});

it('rejects an export whose weights are not numbers', async () => {
  await expect(prove(['dense/kernel', () => Number.NaN])).rejects.toMatchObject({ code: 'EXPORT_DISAGREES' });
});
