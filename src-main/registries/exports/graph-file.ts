/** Graphs of TensorFlow, computed again by TensorFlow.js from what was written. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../../engine/base/backend.ts';
import type { OutgoingModel, ReopenedExport } from '../../engine/exports/export-format.ts';
import { type GraphLayer, graphFeatures, graphInput, graphOutput } from '../../engine/graph/write-graph.ts';

interface TfjsDescription {
  readonly modelTopology: tfjs.io.ModelJSON['modelTopology'];
  readonly weightsManifest: tfjs.io.WeightsManifestConfig;
  readonly signature: object;
}

/** Loads a graph model. @param description the text of `model.json` */
export async function loadGraph(tf: Tf, description: string, weights: Uint8Array): Promise<tfjs.GraphModel> {
  const { modelTopology, weightsManifest, signature } = JSON.parse(description) as TfjsDescription;
  // A copy: `slice` of what Node read would be none.
  const weightData = new Uint8Array(weights).buffer;
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  return tf.loadGraphModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData, signature }));
}

/** A graph model as a reopened export. */
export function reopenedGraph(
  tf: Tf,
  model: tfjs.GraphModel,
  { imageSize, channels }: OutgoingModel,
  layers: readonly GraphLayer[],
): ReopenedExport {
  const compute = (pixels: Uint8Array, nodes: readonly string[]): Float32Array[] =>
    tf.tidy(() => {
      const shape = [1, imageSize, imageSize, channels];
      const image = tf.tensor(Int32Array.from(pixels), shape, 'int32');
      const found = model.execute({ [graphInput]: image }, [...nodes]);
      return [found].flat().map((tensor) => tensor.dataSync<'float32'>());
    });
  return {
    checkedBy: `TensorFlow.js ${tf.version.tfjs}`,
    probabilities: async (pixels) => Array.from(compute(pixels, [graphOutput])[0]),
    features: async (pixels) => compute(pixels, [graphFeatures])[0],
    layers: async (pixels) => {
      if (layers.length === 0) return [];
      const values = compute(
        pixels,
        layers.map(({ node }) => node),
      );
      return layers.map(({ name }, at) => ({ layer: name, values: values[at] }));
    },
    close: async () => void model.dispose(),
  };
}
