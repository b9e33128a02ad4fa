import type { OutgoingModel, ReopenedExport } from '../../engine/exports/export-format.ts';
import type { ExportFormat, ExportTools } from '../../engine/exports/export-format.ts';
import { showValues } from '../../engine/onnx/onnx-graph.ts';
import {
  type WrittenLayer,
  mapChannelsLast,
  onnxInput,
  onnxOutput,
  writeOnnx,
} from '../../engine/onnx/write-onnx.ts';
import { checkScript, requirements } from './check-script.ts';

const fileName = 'model.onnx';

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

const loadInPython = `
session = onnxruntime.InferenceSession(str(HERE / "${fileName}"), providers=["CPUExecutionProvider"])
return lambda pixels: session.run(["${onnxOutput}"], {"${onnxInput}": pixels})[0][0]
`;

const pythonExample = ({
  imageSize,
  channels,
}: OutgoingModel): string => `"""Predicts one photo: python example.py photo.jpg"""

import pathlib
import sys

import numpy
import onnxruntime
from PIL import Image, ImageOps

here = pathlib.Path(__file__).resolve().parent
labels = (here / "labels.txt").read_text("utf-8").rstrip("\\n").split("\\n")
photo = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("${channels === 3 ? 'RGB' : 'L'}")
pixels = numpy.asarray(photo.resize((${imageSize}, ${imageSize}), Image.Resampling.BILINEAR, reducing_gap=1.0))

session = onnxruntime.InferenceSession(str(here / "${fileName}"), providers=["CPUExecutionProvider"])
image = pixels.reshape(1, ${imageSize}, ${imageSize}, ${channels})
[[scores]] = session.run(["${onnxOutput}"], {"${onnxInput}": image})
for place in numpy.argsort(scores)[::-1][:3]:
    print(f"{labels[place]}: {scores[place]:.1%}")
`;

const nodeExample = ({
  imageSize,
  channels,
}: OutgoingModel): string => `// Predicts one photo: npm install, then node example.mjs photo.jpg
import { readFileSync } from 'node:fs';
import * as onnx from 'onnxruntime-node';
import sharp from 'sharp';

const beside = (name) => new URL(name, import.meta.url);
const labels = readFileSync(beside('labels.txt'), 'utf8').trimEnd().split('\\n');
const pixels = await sharp(process.argv[2])
  .rotate()
  .flatten()
  .toColourspace('${channels === 3 ? 'srgb' : 'b-w'}')
  .resize(${imageSize}, ${imageSize}, { fit: 'fill', kernel: 'linear' })
  .raw()
  .toBuffer();

const session = await onnx.InferenceSession.create(readFileSync(beside('${fileName}')));
const image = new onnx.Tensor('uint8', pixels, [1, ${imageSize}, ${imageSize}, ${channels}]);
const { ${onnxOutput}: scores } = await session.run({ ${onnxInput}: image });
Array.from(scores.data, (score, place) => ({ score, label: labels[place] }))
  .sort((a, b) => b.score - a.score)
  .slice(0, 3)
  .forEach(({ score, label }) => console.log(\`\${label}: \${(100 * score).toFixed(1)}%\`));
`;

/** One file that nearly every program and language can run. */
export const onnx: ExportFormat = {
  id: 'onnx',
  label: 'ONNX',
  purpose:
    'For programs in Python, Node, C++, C#, Java, Rust and others, on servers, PCs and phones: one file, run by ONNX Runtime.',
  tolerance: 1e-4,
  async write(outgoing, tools) {
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
  },
  texts: (outgoing) => ({
    'check.py': checkScript({ imports: 'import onnxruntime', load: loadInPython }),
    'requirements.txt': requirements('onnxruntime>=1.17', 'numpy'),
    'example.py': pythonExample(outgoing),
    'example.mjs': nodeExample(outgoing),
    'package.json': `${JSON.stringify(
      {
        name: 'lenslet-export',
        private: true,
        type: 'module',
        dependencies: { 'onnxruntime-node': '^1.20.0', sharp: '>=0.33' },
      },
      null,
      2,
    )}\n`,
    // Its install script fetches libraries for CUDA, which the example does not use.
    '.npmrc': 'ignore-scripts=true\n',
  }),
  usage: () => `## How to use it

\`${fileName}\` takes \`${onnxInput}\`, uint8, and gives \`${onnxOutput}\`, the probabilities. Its metadata holds the class names
too (\`labels\`, as JSON).

\`\`\`sh
pip install -r requirements.txt
python check.py                  # compares the golden photos
python check.py FOLDER --json    # predicts a folder of photos
python example.py photo.jpg

npm install
node example.mjs photo.jpg
\`\`\`
`,
};
