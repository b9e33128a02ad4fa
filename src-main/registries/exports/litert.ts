/** Models for phones and small computers: one `.tflite` file, loaded again by LiteRT itself. */
import type {
  ExportFormat,
  ExportTools,
  OutgoingModel,
  ReopenedExport,
} from '../../engine/exports/export-format.ts';
import type { WeightType } from '../../engine/litert/float-site.ts';
import { appendLabels, describeClassifier, metadataName } from '../../engine/litert/metadata.ts';
import {
  type LitertNetwork,
  litertFeatures,
  litertInput,
  litertOutput,
  writeLitert,
} from '../../engine/litert/write-litert.ts';
import { lowerNetwork } from '../../engine/lowering/lower-network.ts';
import { checkScript, requirements } from './check-script.ts';
import { exampleScript } from './example-script.ts';
import { litertUsage } from './litert/usage.ts';

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
): Promise<ReopenedExport> {
  const runtime = await loadLiteRt();
  const session = await runtime.open((await storage.read(fileName))!);
  const shape = [1, imageSize, imageSize, channels];
  return {
    checkedBy: runtime.label,
    async probabilities(pixels) {
      const [{ values }] = await session.run(litertInput, shape, Float32Array.from(pixels), [litertOutput]);
      return Array.from(values);
    },
    async features(pixels) {
      const [{ values }] = await session.run(litertInput, shape, Float32Array.from(pixels), [litertFeatures]);
      return values;
    },
    async layers(pixels) {
      const shown = Object.fromEntries(layers.map(({ name, tensor }) => [name, tensor]));
      const whole = await runtime.open(graph.write('', inputs, shown));
      try {
        const found = await whole.run(litertInput, shape, Float32Array.from(pixels), Object.keys(shown));
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

function litertFormat(
  facts: Pick<ExportFormat, 'id' | 'label' | 'purpose' | 'tolerance'>,
  weights: WeightType,
): ExportFormat {
  return {
    ...facts,
    async write(outgoing, tools) {
      const network = writeLitert(lowerNetwork(outgoing.model, outgoing, 'LiteRT'), weights);
      await tools.storage.write(fileName, fileOf(network, outgoing));
      return () => reopen(tools, outgoing, network);
    },
    texts: (outgoing) => ({
      'check.py': checkScript({ imports, load: loadScript }),
      'requirements.txt': requirements('ai-edge-litert>=1.0', 'numpy'),
      'example.py': exampleScript(outgoing, { imports, predict: predictScript }),
    }),
    usage: (outgoing) => litertUsage(outgoing, fileName),
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
);

/** Weights in half the space. */
export const litertFloat16 = litertFormat(
  {
    id: 'litert-float16',
    label: 'LiteRT, half the size',
    purpose: 'For phones, half as large: weights with 16 bits, results that differ by less than a hundredth.',
    tolerance: 1e-2,
  },
  'float16',
);
