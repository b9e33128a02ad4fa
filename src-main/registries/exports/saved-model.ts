import { fromBinary } from '@bufbuild/protobuf';
import type * as tfjs from '@tensorflow/tfjs';
import { SavedModelSchema } from '../../core/tensorflow/generated/tensorflow/core/protobuf/saved_model_pb.js';
import type { Tf } from '../../engine/base/backend.ts';
import type {
  ExportFormat,
  ExportTools,
  OutgoingModel,
  ReopenedExport,
} from '../../engine/exports/export-format.ts';
import { bytesInput, writeDecoding } from '../../engine/graph/decode-photos.ts';
import { DataType, GraphNodes } from '../../engine/graph/graph-nodes.ts';
import { type Signature, writeSavedModel } from '../../engine/graph/saved-model.ts';
import { writeTfjsModel } from '../../engine/graph/tfjs-model.ts';
import {
  type GraphLayer,
  graphFeatures,
  graphInput,
  graphOutput,
  writeGraph,
} from '../../engine/graph/write-graph.ts';
import { lowerNetwork } from '../../engine/lowering/lower-network.ts';
import { checkScript, requirements } from './check-script.ts';
import { loadGraph, reopenedGraph } from './graph-file.ts';

/** The name that TensorFlow gives the file; where it lies is what programs are told. */
const fileName = 'saved_model.pb';

/** What the signatures call what the last dense layer reads. */
const featuresName = 'features';

/** What tfjs has under Node alone: TensorFlow itself. */
interface NodeTf {
  readonly node?: {
    loadSavedModel(
      path: string,
      tags: readonly string[],
      signature: string,
    ): Promise<{ predict(inputs: tfjs.NamedTensorMap): tfjs.NamedTensorMap; dispose(): void }>;
  };
}

/** The network's part of the written graph, as the file has it, for TensorFlow.js. */
async function graphOf(tools: ExportTools, outgoing: OutgoingModel): Promise<tfjs.GraphModel> {
  const file = fromBinary(SavedModelSchema, (await tools.storage.read(fileName))!);
  const { node: nodes = [] } = file.metaGraphs[0].graphDef ?? {};
  const { imageSize, channels, classes } = outgoing;
  const graph = GraphNodes.read(nodes, graphInput);
  const about = { generatedBy: '', metadata: {}, weightsFile: '' };
  const shape = [imageSize, imageSize, channels];
  const { description, weights } = writeTfjsModel(graph, shape, classes.length, about);
  return loadGraph(tools.tf, description, weights);
}

async function reopen(
  tools: ExportTools,
  outgoing: OutgoingModel,
  layers: readonly GraphLayer[],
): Promise<ReopenedExport> {
  const { tf } = tools;
  const inBrowsers = reopenedGraph(tf, await graphOf(tools, outgoing), outgoing, layers);
  const { node } = tf as Tf & NodeTf;
  if (node === undefined) return inBrowsers;
  const { imageSize, channels } = outgoing;
  const { path } = tools.file(fileName);
  const folder = path.slice(0, -fileName.length - 1);
  const model = await node.loadSavedModel(folder, ['serve'], 'serving_default');
  return {
    ...inBrowsers,
    checkedBy: 'TensorFlow, and TensorFlow.js for its layers',
    probabilities: async (pixels) =>
      tf.tidy(() => {
        const shape = [1, imageSize, imageSize, channels];
        const image = tf.tensor(Int32Array.from(pixels), shape, 'int32');
        return Array.from(model.predict({ [graphInput]: image })[graphOutput].dataSync());
      }),
    close: async () => {
      model.dispose();
      await inBrowsers.close();
    },
  };
}

const loadScript = `
loaded = tensorflow.saved_model.load(str(HERE))
serve = loaded.signatures["serving_default"]

def predict(pixels):
    answers = serve(${graphInput}=tensorflow.constant(pixels))
    features = answers["${featuresName}"].numpy()[0] if "${featuresName}" in answers else None
    return answers["${graphOutput}"].numpy()[0], features

return predict
`;

/** One folder for TensorFlow and TensorFlow Serving. */
export const savedModel: ExportFormat = {
  id: 'saved-model',
  label: 'TensorFlow SavedModel',
  purpose:
    'For TensorFlow and TensorFlow Serving, in Python, C++, Java and Go: takes pixels, or the bytes of JPEG files.',
  tolerance: 1e-4,
  async write(outgoing, tools) {
    const network = lowerNetwork(outgoing.model, outgoing, 'TensorFlow');
    const graph = new GraphNodes();
    const decoding = writeDecoding(graph, network.imageShape);
    const shape = [-1, ...network.imageShape];
    const type = DataType.DT_UINT8;
    // Whoever feeds pixels has none decoded.
    const pixels = graph.add('PlaceholderWithDefault', graphInput, [decoding.pixels], {
      dtype: { type },
      shape: { shape },
    });
    const layers = writeGraph(graph, network, pixels, type);
    const output = { name: graphOutput, node: graphOutput, shape: [-1, outgoing.classes.length] };
    const features = { name: featuresName, node: graphFeatures, shape: [-1, -1] };
    const outputs = network.features === null ? [output] : [output, features];
    const files = { name: bytesInput, node: bytesInput, type: DataType.DT_STRING, shape: [-1] };
    const signatures: Record<string, Signature> = {
      serving_default: { input: { name: graphInput, node: graphInput, type, shape }, outputs },
      serving_files: { input: files, outputs },
    };
    await tools.storage.write(fileName, writeSavedModel(graph, [decoding.function], signatures));
    return () => reopen(tools, outgoing, layers);
  },
  texts: () => ({
    'check.py': checkScript({ imports: 'import tensorflow', load: loadScript }),
    'requirements.txt': requirements('tensorflow>=2.9', 'numpy'),
  }),
  usage: ({ about, imageSize }) => `## How to use it

This folder is a SavedModel. Its signature \`serving_default\` takes \`${graphInput}\`, uint8; \`serving_files\` takes
\`${bytesInput}\`, a list of JPEG, PNG, BMP or GIF files as bytes, which it decodes and squashes to ${imageSize}×${imageSize} itself. It
does not turn photos upright. Both give \`${graphOutput}\`, and \`${featuresName}\`: the numbers that they are computed from.

\`\`\`sh
pip install -r requirements.txt
python check.py                  # compares the golden photos
python check.py FOLDER --json    # predicts a folder of photos
\`\`\`

\`\`\`python
import tensorflow
model = tensorflow.saved_model.load(".")
photo = open("photo.jpg", "rb").read()
scores = model.signatures["serving_files"](${bytesInput}=tensorflow.constant([photo]))["${graphOutput}"]
\`\`\`

TensorFlow Serving wants it in a folder with a number:

\`\`\`sh
docker run -p 8501:8501 -v "$PWD:/models/lenslet/1" -e MODEL_NAME=lenslet tensorflow/serving
curl http://localhost:8501/v1/models/lenslet:predict \\
  -d '{"signature_name": "serving_files", "instances": [{"b64": "'$(base64 -w0 photo.jpg)'"}]}'
\`\`\`

It was made of the run ${about.run}.
`,
};
