/** A model as an ONNX file, for the formats that are made of one. */
import type {
  ExportFormat,
  ExportTools,
  OutgoingModel,
  ReopenedExport,
} from '../../engine/exports/export-format.ts';
import { showValues } from '../../engine/onnx/onnx-graph.ts';
import {
  type WrittenLayer,
  mapChannelsLast,
  onnxFeatures,
  onnxInput,
  onnxOutput,
  writeOnnx,
} from '../../engine/onnx/write-onnx.ts';

/** What it is called in an export. */
export const fileName = 'model.onnx';

/** The file is read from the folder, not from memory: what was written is what is proved. */
async function reopen(
  { storage, loadOnnxRuntime }: ExportTools,
  { imageSize, channels }: OutgoingModel,
  layers: readonly WrittenLayer[],
): Promise<ReopenedExport> {
  const bytes = (await storage.read(fileName))!;
  const runtime = await loadOnnxRuntime();
  const session = await runtime.open(bytes);
  const shape = [1, imageSize, imageSize, channels];
  return {
    checkedBy: runtime.label,
    async probabilities(pixels) {
      const [{ values }] = await session.run(onnxInput, shape, pixels, [onnxOutput]);
      return Array.from(values);
    },
    async features(pixels) {
      const [{ values }] = await session.run(onnxInput, shape, pixels, [onnxFeatures]);
      return values;
    },
    async layers(pixels) {
      const names = layers.map(({ value }) => value);
      const whole = await runtime.open(showValues(bytes, names));
      try {
        const found = await whole.run(onnxInput, shape, pixels, names);
        return layers.map(({ name, isMap }, index) => {
          const { values, shape: sides } = found[index];
          return { layer: name, values: isMap ? mapChannelsLast(values, sides) : values };
        });
      } finally {
        await whole.close();
      }
    },
    close: () => session.close(),
  };
}

/** Writes it, with the class names in its metadata. @throws AppError EXPORT_LAYER_UNSUPPORTED */
export const writeOnnxFile: ExportFormat['write'] = async (outgoing, tools) => {
  const { preprocessing, imageSize, channels, ending, classes, about } = outgoing;
  const { bytes, layers } = writeOnnx(outgoing.model, {
    preprocessing,
    imageSize,
    channels,
    ending,
    about: {
      producer: ['Lenslet', about.lenslet.replace(/^Lenslet /, '')],
      description: `${about.name}: ${classes.length} classes, ${imageSize}×${imageSize} pixels`,
      metadata: { labels: JSON.stringify(classes), lenslet: JSON.stringify(about) },
    },
  });
  await tools.storage.write(fileName, bytes);
  return () => reopen(tools, outgoing, layers);
};
