/** Models for phones and small computers: one `.tflite` file, loaded again by LiteRT itself. */
import type {
  ExportFormat,
  ExportTools,
  OutgoingModel,
  ReopenedExport,
} from '../../engine/exports/export-format.ts';
import { fuseActivations } from '../../engine/litert/fuse-activations.ts';
import { appendLabels, describeClassifier, metadataName } from '../../engine/litert/metadata.ts';
import { measureRanges } from '../../engine/litert/measure-ranges.ts';
import { forInt8, writeInt8 } from '../../engine/litert/write-int8.ts';
import {
  type LitertNetwork,
  litertFeatures,
  litertInput,
  litertOutput,
  writeLitert,
} from '../../engine/litert/write-litert.ts';
import { lowerNetwork } from '../../engine/lowering/lower-network.ts';
import type { LoweredNetwork } from '../../engine/lowering/operations.ts';
import { checkScript, requirements } from './check-script.ts';
import { exampleScript } from './example-script.ts';
import { type PixelType, litertUsage } from './litert/usage.ts';

const fileName = 'model.tflite';

/** The bytes of the file, with what phones want to know of it. */
function fileOf({ graph, inputs, outputs }: LitertNetwork, outgoing: OutgoingModel): Uint8Array {
  const { about, classes, imageSize, channels } = outgoing;
  const description = `${about.name}: ${classes.length} classes, ${imageSize}×${imageSize} pixels`;
  const metadata = describeClassifier({
    name: about.name,
    description,
    author: about.lenslet,
    licence: about.backbone?.licence ?? '',
    channels,
    input: litertInput,
    outputs: Object.keys(outputs),
  });
  const bytes = graph.write(description, inputs, outputs, { [metadataName]: metadata });
  return appendLabels(bytes, classes, new Date(about.createdAt));
}

/** The file is read from the folder, not from memory: what was written is what is proved. */
async function reopen(
  { storage, loadLiteRt }: ExportTools,
  { imageSize, channels }: OutgoingModel,
  { graph, inputs, layers }: LitertNetwork,
  type: PixelType,
): Promise<ReopenedExport> {
  const fed = (pixels: Uint8Array): Uint8Array | Float32Array =>
    type === 'uint8' ? pixels : Float32Array.from(pixels);
  const runtime = await loadLiteRt();
  const session = await runtime.open((await storage.read(fileName))!);
  const shape = [1, imageSize, imageSize, channels];
  return {
    checkedBy: runtime.label,
    async probabilities(pixels) {
      const [{ values }] = await session.run(litertInput, shape, fed(pixels), [litertOutput]);
      return Array.from(values);
    },
    async features(pixels) {
      const [{ values }] = await session.run(litertInput, shape, fed(pixels), [litertFeatures]);
      return values;
    },
    async layers(pixels) {
      const shown = Object.fromEntries(layers.map(({ name, tensorOf }) => [name, tensorOf()]));
      const whole = await runtime.open(graph.write('', inputs, shown));
      try {
        const found = await whole.run(litertInput, shape, fed(pixels), Object.keys(shown));
        return layers.map(({ name }, at) => ({ layer: name, values: found[at].values }));
      } finally {
        await whole.close();
      }
    },
    close: () => session.close(),
  };
}

const imports = `
try:
    from ai_edge_litert.interpreter import Interpreter
except ImportError:  # the same, as part of TensorFlow
    from tensorflow.lite import Interpreter
`;

const loadScript = `
interpreter = Interpreter(str(HERE / "${fileName}"))
kind = interpreter.get_input_details()[0]["dtype"]
run = interpreter.get_signature_runner()

def predict(pixels):
    answers = run(${litertInput}=pixels.astype(kind))
    features = answers["${litertFeatures}"][0] if "${litertFeatures}" in answers else None
    return answers["${litertOutput}"][0], features

return predict
`;

const predictScript = `
interpreter = Interpreter(str(here / "${fileName}"))
kind = interpreter.get_input_details()[0]["dtype"]
[scores] = interpreter.get_signature_runner()(${litertInput}=image.astype(kind))["${litertOutput}"]
`;

type Facts = Pick<ExportFormat, 'id' | 'label' | 'purpose' | 'tolerance'> &
  Pick<ExportFormat, 'distanceTolerance' | 'layerTolerance' | 'isMeasured'>;

function litertFormat(
  facts: Facts,
  pixels: PixelType,
  make: (network: LoweredNetwork, tools: ExportTools) => Promise<LitertNetwork> | LitertNetwork,
): ExportFormat {
  return {
    ...facts,
    async write(outgoing, tools) {
      const network = await make(lowerNetwork(outgoing.model, outgoing, 'LiteRT'), tools);
      await tools.storage.write(fileName, fileOf(network, outgoing));
      return () => reopen(tools, outgoing, network, pixels);
    },
    texts: (outgoing) => ({
      'check.py': checkScript({ imports, load: loadScript }),
      'requirements.txt': requirements('ai-edge-litert>=1.0', 'numpy'),
      'example.py': exampleScript(outgoing, { imports, predict: predictScript }),
    }),
    usage: (outgoing) => litertUsage(outgoing, fileName, pixels),
  };
}

/** Numbers as they are. */
export const litert = litertFormat(
  {
    id: 'litert',
    label: 'LiteRT (TFLite)',
    purpose:
      'For Android, iOS and Raspberry Pi: one .tflite file, run by LiteRT, MediaPipe and TensorFlow Lite.',
    tolerance: 1e-4,
  },
  'float32',
  (network) => writeLitert(fuseActivations(network), 'float32'),
);

/** Weights in half the space. */
export const litertFloat16 = litertFormat(
  {
    id: 'litert-float16',
    label: 'LiteRT, half the size',
    purpose:
      'For phones, half as large: weights with 16 bits, results that differ by about a hundredth at most.',
    // A hundredth is what a thousand photos differed by.
    tolerance: 2e-2,
  },
  'float32',
  (network) => writeLitert(fuseActivations(network), 'float16'),
);

/** Whole numbers, where that is exact enough. */
export const litertInt8 = litertFormat(
  {
    id: 'litert-int8',
    label: 'LiteRT, a quarter of the size',
    purpose:
      'For small processors, a quarter as large and quickest: computes with 8 bits, at a cost in accuracy that is measured on validation photos.',
    tolerance: 0.2,
    distanceTolerance: 0.05,
    layerTolerance: 0.3,
    isMeasured: true,
  },
  'uint8',
  async (network, { measured, loadLiteRt, report }) => {
    const { labels, pixels } = measured!;
    async function* photos(): AsyncGenerator<Uint8Array> {
      for (const index of labels.keys()) {
        await report('measuring the ranges of its values', index, labels.length);
        yield await pixels(index);
      }
    }
    const prepared = forInt8(network);
    return writeInt8(prepared, await measureRanges(await loadLiteRt(), prepared, photos()));
  },
);
