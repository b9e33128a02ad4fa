/** Models as Keras saves them, read again by Lenslet's own reader. */
import type * as tfjs from '@tensorflow/tfjs';
import type {
  ExportFormat,
  ExportTools,
  OutgoingModel,
  ReopenedExport,
} from '../../engine/exports/export-format.ts';
import type { KerasVersion } from '../../engine/keras/writing/described-layer.ts';
import { type KerasNetwork, kerasNetwork } from '../../engine/keras/writing/keras-network.ts';
import { writeKerasH5, writeKerasZip } from '../../engine/keras/writing/write-keras.ts';
import { loadModel } from '../../engine/models/model-file.ts';
import { Network } from '../../engine/network/network.ts';
import { featureLayerOf } from '../../engine/step/classifier.ts';
import { checkScript, requirements } from './check-script.ts';

async function reopen(
  tools: ExportTools,
  { model: exported, imageSize, channels }: OutgoingModel,
  { names }: KerasNetwork,
  fileName: string,
): Promise<ReopenedExport> {
  const { tf } = tools;
  const { model } = await loadModel(tf, tools.file(fileName));
  const network = new Network(model);
  const read = featureLayerOf(new Network(exported));
  const features = Array.from(names).find(([{ name }]) => name === read?.name)?.[1];
  const imageOf = (pixels: Uint8Array): tfjs.Tensor =>
    tf.tensor(Float32Array.from(pixels), [1, imageSize, imageSize, channels]);
  return {
    checkedBy: 'Lenslet’s reader of Keras files',
    probabilities: async (pixels) =>
      tf.tidy(() => Array.from((model.predict(imageOf(pixels)) as tfjs.Tensor).dataSync())),
    features: async (pixels) =>
      tf.tidy(() => network.walk(imageOf(pixels)).value(network.find(features!)).dataSync<'float32'>()),
    layers: async (pixels) =>
      tf.tidy(() => {
        const walk = network.walk(imageOf(pixels));
        return Array.from(names, ([{ name }, written]) => ({
          layer: name,
          values: walk.value(network.find(written)).dataSync<'float32'>(),
        }));
      }),
    close: async () => void model.dispose(),
  };
}

function kerasFormat(
  facts: Pick<ExportFormat, 'id' | 'label' | 'purpose'> & {
    readonly version: KerasVersion;
    readonly needs: readonly string[];
  },
  fileName: string,
  bytesOf: (network: KerasNetwork, outgoing: OutgoingModel) => Promise<Uint8Array>,
): ExportFormat {
  const { needs, version, ...rest } = facts;
  return {
    ...rest,
    tolerance: 1e-4,
    async write(outgoing, tools) {
      const network = kerasNetwork(outgoing.model, outgoing, version);
      await tools.storage.write(fileName, await bytesOf(network, outgoing));
      return () => reopen(tools, outgoing, network, fileName);
    },
    texts: () => ({
      'check.py': checkScript({ imports: 'import keras', load: loadScript(fileName) }),
      'requirements.txt': requirements(...needs, 'numpy'),
    }),
    usage: () => `## How to use it

\`${fileName}\` is a whole Keras model: it takes pixels from 0 to 255 as float32 and gives the probabilities. Its layers have the
names that they have in Lenslet, and it can be trained further.

\`\`\`sh
pip install -r requirements.txt
python check.py                  # compares the golden photos
python check.py FOLDER --json    # predicts a folder of photos
\`\`\`

\`\`\`python
import keras
model = keras.models.load_model("${fileName}", compile=False)
probabilities = model.predict(pixels.astype("float32"))
\`\`\`
`,
  };
}

const loadScript = (fileName: string): string => `
keras_model = keras.models.load_model(str(HERE / "${fileName}"), compile=False)
# The last dense layer decides: what it reads are the features of a photo.
[*_, head] = [layer for layer in keras_model.layers if type(layer).__name__ == "Dense"]
both = keras.Model(keras_model.inputs, [keras_model.outputs[0], head.input])

def predict(pixels):
    scores, features = both.predict(pixels.astype("float32"), verbose=0)
    return scores[0], features[0]

return predict
`;

/** The format of Keras 3. */
export const keras = kerasFormat(
  {
    id: 'keras',
    label: 'Keras',
    purpose:
      'For going on in Python: a .keras file that Keras 3 loads with TensorFlow, JAX or PyTorch beneath it.',
    version: 3,
    needs: ['keras>=3', 'tensorflow>=2.16'],
  },
  'model.keras',
  (network, { about }) => writeKerasZip(network, new Date(about.createdAt)),
);

/** The format of Keras 2, which all versions since read. */
export const kerasH5 = kerasFormat(
  {
    id: 'keras-h5',
    label: 'Keras HDF5',
    purpose: 'For older programs in Python and for converters: an .h5 file that Keras 2 and Keras 3 load.',
    version: 2,
    needs: ['tensorflow>=2.6'],
  },
  'model.h5',
  writeKerasH5,
);
