import type { ExportFormat, OutgoingModel } from '../../engine/exports/export-format.ts';
import { onnxFeatures, onnxInput, onnxOutput } from '../../engine/onnx/write-onnx.ts';
import { checkScript, requirements } from './check-script.ts';
import { exampleScript } from './example-script.ts';
import { nodePackage } from './node-package.ts';
import { fileName, writeOnnxFile } from './onnx-file.ts';

const loadInPython = `
session = onnxruntime.InferenceSession(str(HERE / "${fileName}"), providers=["CPUExecutionProvider"])

def predict(pixels):
    [scores], *features = session.run(None, {"${onnxInput}": pixels})
    return scores, features[0][0] if features else None

return predict
`;

const pythonExample = (outgoing: OutgoingModel): string =>
  exampleScript(outgoing, {
    imports: 'import onnxruntime',
    predict: `
session = onnxruntime.InferenceSession(str(here / "${fileName}"), providers=["CPUExecutionProvider"])
[[scores]] = session.run(["${onnxOutput}"], {"${onnxInput}": image})
`,
  });

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
  write: writeOnnxFile,
  texts: (outgoing) => ({
    'check.py': checkScript({ imports: 'import onnxruntime', load: loadInPython }),
    'requirements.txt': requirements('onnxruntime>=1.17', 'numpy'),
    'example.py': pythonExample(outgoing),
    'example.mjs': nodeExample(outgoing),
    ...nodePackage,
  }),
  usage: () => `## How to use it

\`${fileName}\` takes \`${onnxInput}\`, uint8, and gives \`${onnxOutput}\`, the probabilities, and \`${onnxFeatures}\`, the
numbers that they are computed from. Its metadata holds the class names
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
